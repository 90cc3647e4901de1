"""Projectors run inside the transaction that records: a search document, a counter. Each registers by name for one kind."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wuji.kit.db.session import Projector, Projectors


@dataclass(frozen=True)
class Projection:
    """A projector as a feature declares it. It is told of every record of its kind, and rolls the change back by raising.

    What definer functions record by themselves (sessions, accounts, grants) no projector hears of.
    """

    name: str
    kind: str
    project: Projector


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
