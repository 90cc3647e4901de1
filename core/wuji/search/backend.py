"""What an index must do, whichever keeps it; testing.search_backend holds every one of them to it.

Tokens are made by `text` alone, so every backend finds the same documents. Ids that come out are candidates: rows are
read under row security before anybody sees them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy import text

from wuji.kit.db.session import ScopedSession

MOST_COUNTED = 10_000  # hits of which facets are exact
Sort = Literal["relevance", "newest"]
TOKENS = text("select wuji.search_tokens()")
_SEAL = object()


class SearchScope:
    """What one search may find: that of the session whose door was opened. Nothing else makes one, so nothing widens it."""

    __slots__ = ("session",)

    def __init__(self, session: ScopedSession, *, seal: object) -> None:
        if seal is not _SEAL:
            raise PermissionError("a scope comes from open_scope only")
        self.session = session

    def read_tokens(self) -> frozenset[int]:
        """Audience tokens and "lies below the acting tenant", as the database proves them; empty without a scope."""
        return frozenset(self.session.execute(TOKENS).scalar_one() or ())


def open_scope(session: ScopedSession) -> SearchScope:
    return SearchScope(session, seal=_SEAL)


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """A document as an index takes it. `keys` are what completes to it, with their weight."""

    id: str
    version: int
    tenant_id: int
    audience: tuple[int, ...]
    tokens: frozenset[str]
    title: str  # folded
    facets: tuple[str, ...]  # name=value
    published_at: datetime | None
    keys: Mapping[str, int]


@dataclass(frozen=True)
class Dropped:
    """A document that must be found no more. Without a version: as of now."""

    id: str
    version: int | None = None


@dataclass(frozen=True)
class Hit:
    """A candidate. (closeness, at, id, kind) orders hits, highest first: how its title stands to the phrase, microseconds."""

    kind: str
    id: str
    closeness: int
    at: int

    @property
    def place(self) -> tuple[int, int, str, str]:
        return self.closeness, self.at, self.id, self.kind


Place = tuple[int, int, str, str]


@dataclass(frozen=True, kw_only=True)
class Query:
    """What is looked for: every token of at least `need` of `sets`. Filters narrow; each facet counts as if it did not."""

    sets: tuple[frozenset[str], ...]
    kinds: tuple[str, ...]
    phrase: str
    need: int = 1
    below: int | None = None
    kind: str | None = None
    level: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    facets: tuple[str, ...] = ()
    years: tuple[datetime, datetime] | None = None  # when this year began, and the last one
    sort: Sort = "relevance"


@dataclass(frozen=True)
class Count:
    """How many hits have a value."""

    facet: str
    value: str
    count: int


@dataclass(frozen=True)
class Found:
    """Hits in order of `place`, highest first; how many there are in all, exactly; facets over at most MOST_COUNTED."""

    hits: Sequence[Hit] = ()
    total: int = 0
    counts: Sequence[Count] = field(default=())


class SearchBackend(Protocol):
    """Whoever writes holds first, then reads the rows, then writes: so nothing that was committed is ever overwritten."""

    def hold(self, session: ScopedSession, kind: str, ids: Sequence[str]) -> Sequence[str]:
        """Keeps other writers away until the transaction ends; returns those that this one may write."""

    def put(self, session: ScopedSession, kind: str, documents: Sequence[Indexed]) -> Sequence[str]:
        """A version older than the present one changes nothing; the same replaces. Returns what was written."""

    def drop(self, session: ScopedSession, kind: str, dropped: Sequence[Dropped]) -> Sequence[str]:
        """A later `put` of a version that is older does not bring it back."""

    def search(
        self, scope: SearchScope, query: Query, size: int, after: Place | None = None, down_to: Place | None = None
    ) -> Found:
        """Hits behind `after`, and none behind `down_to`."""

    def suggest(self, scope: SearchScope, typed: str, kinds: Sequence[str], size: int) -> Sequence[tuple[str, str]]:
        """(kind, id) of what begins so, best first."""

    def suggest_places(self, scope: SearchScope, typed: str, size: int) -> Sequence[int]:
        """Ids of tenants of the whole directory that begin so, best first."""

    def digests(self, session: ScopedSession, kind: str, ids: Sequence[str] | None = None) -> Iterator[tuple[str, str]]:
        """(id, digest of what is held) of documents of the session's range; all of them without ids."""

    def digest(self, document: Indexed, above: Sequence[int]) -> str:
        """What `digests` says of a document that is as it should be. `above`: its tenant and all its ancestors."""
