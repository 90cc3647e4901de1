"""The index in PostgreSQL: arrays of packed tokens, behind definer functions (functions/*.sql)."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from wuji.kit.db.session import ScopedSession
from wuji.search.backend import Count, Dropped, Found, Hit, Indexed, Place, Query, SearchScope
from wuji.search.text import pack

HOLD = text("select wuji.search_hold(:kind, :ids)")
PUT = text("""select wuji.search_put(:kind, :ids, :versions, :tenants, :audiences, :words, :titles, :facets,
  cast(:published as timestamptz[]), cast(:key_of as int[]), cast(:keys as text[]), cast(:weights as int[]))""")
DROP = text("select wuji.search_drop(:kind, :ids, cast(:versions as int[]))")
IDS = text("""select part, name, value, n, at from wuji.search_ids(cast(:sets as text[]), :need, :phrase, cast(:kinds as text[]),
  cast(:below as int), cast(:kind as text), cast(:level as int), cast(:since as timestamptz), cast(:until as timestamptz),
  cast(:facets as text[]), cast(:years as timestamptz[]), :newest, cast(:after as text[]), cast(:down_to as text[]), :size)""")
SUGGEST = text("select kind, id from wuji.search_suggest(:typed, :kinds, :size)")
PLACES = text("select wuji.search_places(:typed, :size)")
DIGESTS = text("select id, digest from wuji.search_digests(:kind, cast(:ids as text[]), :after, :most)")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CHUNK = 5000


class PostgresBackend:
    """Documents are written in the transaction of their rows: the two cannot come apart."""

    def hold(self, session: ScopedSession, kind: str, ids: Sequence[str]) -> Sequence[str]:
        return session.execute(HOLD, {"kind": kind, "ids": list(ids)}).scalars().all() if ids else ()

    def put(self, session: ScopedSession, kind: str, documents: Sequence[Indexed]) -> Sequence[str]:
        if not documents:
            return ()
        pairs = [(n, key, weight) for n, one in enumerate(documents, 1) for key, weight in one.keys.items()]
        columns: dict[str, Any] = {
            "kind": kind,
            "ids": [one.id for one in documents],
            "versions": [one.version for one in documents],
            "tenants": [one.tenant_id for one in documents],
            "audiences": [_array(one.audience) for one in documents],
            "words": [_array(_codes(one.tokens)) for one in documents],
            "titles": [one.title for one in documents],
            "facets": [_texts(one.facets) for one in documents],
            "published": [one.published_at for one in documents],
            "key_of": [n for n, _, _ in pairs],
            "keys": [key for _, key, _ in pairs],
            "weights": [weight for _, _, weight in pairs],
        }
        return session.execute(PUT, columns).scalars().all()

    def drop(self, session: ScopedSession, kind: str, dropped: Sequence[Dropped]) -> Sequence[str]:
        if not dropped:
            return ()
        values = {"kind": kind, "ids": [one.id for one in dropped], "versions": [one.version for one in dropped]}
        return session.execute(DROP, values).scalars().all()

    def search(
        self, scope: SearchScope, query: Query, size: int, after: Place | None = None, down_to: Place | None = None
    ) -> Found:
        values = {
            "sets": [_array(_codes(one)) for one in query.sets],
            "need": query.need,
            "phrase": query.phrase,
            "kinds": list(query.kinds),
            "below": query.below,
            "kind": query.kind,
            "level": query.level,
            "since": query.since,
            "until": query.until,
            "facets": list(query.facets),
            "years": list(query.years or ()),
            "newest": query.sort == "newest",
            "after": after and list(map(str, after)),
            "down_to": down_to and list(map(str, down_to)),
            "size": size,
        }
        hits: list[Hit] = []
        counts: list[Count] = []
        total = 0
        for part, name, value, n, at in scope.session.execute(IDS, values):
            if part == "hit":
                hits.append(Hit(name, value, n, at))
            elif part == "total":
                total = n
            else:
                counts.append(Count(name, value, n))
        return Found(hits, total, counts)

    def suggest(self, scope: SearchScope, typed: str, kinds: Sequence[str], size: int) -> Sequence[tuple[str, str]]:
        values = {"typed": typed, "kinds": list(kinds), "size": size}
        return [(row.kind, row.id) for row in scope.session.execute(SUGGEST, values)]

    def suggest_places(self, scope: SearchScope, typed: str, size: int) -> Sequence[int]:
        return scope.session.execute(PLACES, {"typed": typed, "size": size}).scalars().all()

    def digests(self, session: ScopedSession, kind: str, ids: Sequence[str] | None = None) -> Iterator[tuple[str, str]]:
        values = {"kind": kind, "ids": None if ids is None else list(ids), "after": "", "most": CHUNK}
        while True:
            rows = session.execute(DIGESTS, values).all()
            yield from ((row.id, row.digest) for row in rows)
            if len(rows) < CHUNK:
                return
            values["after"] = rows[-1].id

    def digest(self, document: Indexed, above: Sequence[int]) -> str:
        """As wuji.search_digests has it."""
        access = sorted({*document.audience, *(tenant * 8 + 4 for tenant in above)})
        parts = [
            str(document.version),
            str(document.tenant_id),
            ",".join(map(str, _codes(document.tokens))),
            ",".join(map(str, access)),
            document.title,
            ",".join(document.facets),
            *([str((document.published_at - EPOCH) // timedelta(microseconds=1))] if document.published_at else []),
            *([",".join(f"{k}={w}" for k, w in sorted(document.keys.items()))] if document.keys else []),
        ]
        return hashlib.md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()


def _codes(tokens: frozenset[str]) -> list[int]:
    return sorted({pack(token) for token in tokens})


def _array(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _texts(values: Sequence[str]) -> str:
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"
