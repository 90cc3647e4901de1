"""Projectors run inside the transaction that records: a search document, a counter. Each registers by name for one kind."""

from collections.abc import Collection, Iterable

from wuji.kit.db.session import Projector, Projectors
from wuji.plugin.records import Projection


def register_projections(projections: Iterable[Projection], kinds: Collection[str]) -> Projectors:
    """By kind, in the order of declaration. Raises ValueError for a kind that nothing records, or a name taken twice."""
    registered: dict[str, list[Projector]] = {}
    names: set[str] = set()
    for projection in projections:
        if projection.name in names:
            raise ValueError(f"projector {projection.name} is registered twice")
        if projection.kind not in kinds:
            raise ValueError(f"projector {projection.name}: nothing of kind {projection.kind} is ever recorded")
        names.add(projection.name)
        registered.setdefault(projection.kind, []).append(projection.project)
    return registered
