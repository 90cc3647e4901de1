"""What can be found in this program, and the index that keeps it: one per deployment, among its parts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Active
from wuji.plugin.records import SearchKind
from wuji.search.backend import SearchBackend
from wuji.search.text import normalise


@dataclass(frozen=True)
class Search:
    """Kinds by name, and the backend."""

    kinds: Mapping[str, SearchKind]
    backend: SearchBackend

    def active(self, session: ScopedSession, active: Active) -> dict[str, SearchKind]:
        """Kinds of the core, and of plugins that are active where the session acts."""
        found = {plugin for plugin in map(plugin_of, self.kinds) if plugin and active(session, plugin)}
        return {name: kind for name, kind in self.kinds.items() if plugin_of(name) in {"", *found}}

    @cached_property
    def synonyms(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Kind to folded word to the others that mean the same."""
        return {name: dict(_synonyms(kind)) for name, kind in self.kinds.items()}


def plugin_of(kind: str) -> str:
    """The plugin whose kind it is; of the core's own kinds an empty text."""
    return kind.partition(".")[0] if "." in kind else ""


def _synonyms(kind: SearchKind) -> Iterator[tuple[str, tuple[str, ...]]]:
    for group in kind.synonyms:
        folded = [normalise(word) for word in group]
        yield from ((word, tuple(other for other in folded if other != word)) for word in folded)


def register_kinds(kinds: Iterable[SearchKind], backend: SearchBackend) -> Search:
    """Raises ValueError for a name that two kinds have, or a facet whose name cannot be written down."""
    registered: dict[str, SearchKind] = {}
    for kind in kinds:
        if kind.name in registered:
            raise ValueError(f"two kinds that can be found are called {kind.name}")
        wrong = [facet.name for facet in kind.facets if not facet.name.isidentifier() or facet.name in RESERVED]
        if wrong:
            raise ValueError(f"{kind.name}: no facet can be called {wrong[0]}")
        registered[kind.name] = kind
    return Search(registered, backend)


RESERVED = frozenset({"kind", "level", "place", "time"})
