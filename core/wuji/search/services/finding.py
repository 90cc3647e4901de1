"""One page of a search: asked of the index, read under row security, weighed, marked."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any

from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Fault, invalid
from wuji.plugin.records import SearchKind
from wuji.search.backend import MOST_COUNTED, Found, Hit, Query, SearchBackend, SearchScope, Sort, open_scope
from wuji.search.cursor import Cursor, read_cursor, write_cursor
from wuji.search.documents import facet_name
from wuji.search.ranking import Scored, mark_body, mark_title, weigh
from wuji.search.registry import Search
from wuji.search.services.facets import say_facets
from wuji.search.services.naming import Voice, name_document
from wuji.search.services.places import find_below, read_places
from wuji.search.services.reading import read_documents
from wuji.search.wording import Wording, read_wording, relax
from wuji.tenancy.settings import read_zone

WINDOW = 100  # candidates that are weighed against each other
WINDOWS = 3  # that one page may use up before it is answered short
ENOUGH = 20  # hits with which a long question needs no answers in part


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A search as it came in; `facets` are name:value."""

    q: str
    place: str | None = None
    kind: str | None = None
    level: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    facets: tuple[str, ...] = ()
    sort: Sort = "relevance"
    cursor: str | None = None
    limit: int = 20


def search(deployment: Deployment, session: ScopedSession, asked: Asked, locale: str) -> Mapping[str, Any]:
    """A page at the acting tenant. Raises 422 for a place, kind, facet or cursor that is none."""
    made, voice = deployment.part(Search), Voice(deployment.texts, locale)
    kinds = made.active(session, deployment.active)
    question = "\x1f".join(map(str, (session.actor.tenant_id, *astuple(replace(asked, cursor=None, limit=0)))))
    cursor = read_cursor(deployment.seal, question, asked.cursor) if asked.cursor else None
    wording = read_wording(asked.q, (made.synonyms[name] for name in kinds))
    now = deployment.clock()
    query = _query(session, asked, kinds, now)
    reader = Reader(made.backend, open_scope(session), kinds, query, asked.limit)
    page = reader.read(wording, cursor or Cursor(int(now.timestamp())))
    places = read_places(session, (one.document.tenant_id for one in page.shown))
    items = [
        {**name_document(voice, session, kinds[one.kind], one.document, places), **_answer(one, page.wording)}
        for one in page.shown
        if one.document.tenant_id in places  # its tenant may close at this moment
    ]
    return {
        "items": items,
        "facets": say_facets(voice, session, kinds, page.counts, query.years),
        "next": write_cursor(deployment.seal, question, page.next) if page.next else None,
        "total": {"value": min(page.total, MOST_COUNTED), "capped": page.total > MOST_COUNTED},
        "relaxed": page.wording.need > 1,
        "expanded": [{"word": word, "also": list(also)} for word, also in wording.said],
    }


def _query(session: ScopedSession, asked: Asked, kinds: Mapping[str, SearchKind], now: datetime) -> Query:
    if asked.kind is not None and asked.kind not in kinds:
        raise invalid(Fault("?kind", "search.invalid.kind"))
    declared = {facet_name(kind, facet.name) for kind in kinds.values() for facet in kind.facets}
    for facet in asked.facets:
        if facet.partition(":")[0] not in declared:
            raise invalid(Fault("?facet", "search.invalid.facet"))
    local = now.astimezone(read_zone(session))
    year = local.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    return Query(
        sets=(),
        kinds=tuple(sorted(kinds)),
        phrase="",
        below=find_below(session, asked.place),
        kind=asked.kind,
        level=asked.level,
        since=asked.since,
        until=asked.until,
        facets=tuple(facet.replace(":", "=", 1) for facet in asked.facets),
        years=(year, year.replace(year=year.year - 1)),
        sort=asked.sort,
    )


@dataclass(frozen=True)
class Page:
    """What is shown, and where the next page begins."""

    shown: Sequence[Scored]
    next: Cursor | None
    found: Found
    wording: Wording

    @property
    def total(self) -> int:
        return self.found.total

    @property
    def counts(self) -> Sequence[Any]:
        return self.found.counts


@dataclass(frozen=True)
class Reader:
    """Reads windows of hits until a page is full."""

    backend: SearchBackend
    scope: SearchScope
    kinds: Mapping[str, SearchKind]
    query: Query
    limit: int

    def read(self, wording: Wording, cursor: Cursor) -> Page:
        first = cursor.after is None and cursor.last is None
        wording, found = self._choose(wording, cursor, first=first)
        shown: list[Scored] = []
        at: Cursor | None = cursor
        window = found
        for turn in range(WINDOWS):
            if at is None or len(shown) >= self.limit:
                break
            if turn:
                window = self._ask(wording, at)
            ordered = self._ordered(wording, window.hits, at)
            rest = [one for one in ordered if at.last is None or one.place < at.last]
            taken = rest[: self.limit - len(shown)]
            shown += taken
            at = self._behind(at, window.hits, taken, left=len(rest) > len(taken), relaxed=wording.need > 1)
        return Page(shown, at, found, wording)

    def _choose(self, wording: Wording, cursor: Cursor, *, first: bool) -> tuple[Wording, Found]:
        """A long question that finds next to nothing is asked again in part; the pages behind stay with what the first chose."""
        partly = relax(wording) if cursor.relaxed or first else None
        if cursor.relaxed and partly:
            return partly, self._ask(partly, cursor)
        found = self._ask(wording, cursor)
        if partly and found.total < ENOUGH:
            more = self._ask(partly, cursor)
            if more.total > found.total:
                return partly, more
        return wording, found

    def _ask(self, wording: Wording, at: Cursor) -> Found:
        if not wording.sets:
            return Found()
        query = replace(self.query, sets=wording.sets, need=wording.need, phrase=wording.phrase)
        size = 2 * WINDOW if at.down_to else WINDOW  # what was written into a window since makes it longer
        return self.backend.search(self.scope, query, size, at.after, at.down_to)

    def _ordered(self, wording: Wording, hits: Sequence[Hit], at: Cursor) -> Sequence[Scored]:
        documents = read_documents(self.scope.session, self.kinds, ((hit.kind, hit.id) for hit in hits))
        found: list[Scored] = []
        for hit in hits:
            document = documents.get((hit.kind, hit.id))
            if document:
                score = weigh(document, wording.phrase, wording.ways, at.time)
                found.append(Scored(hit.kind, document, score, hit.at if self.query.sort == "newest" else score))
        return sorted(found, key=lambda one: one.place, reverse=True)

    def _behind(
        self, at: Cursor, hits: Sequence[Hit], taken: Sequence[Scored], *, left: bool, relaxed: bool
    ) -> Cursor | None:
        """Still in this window; in the next; or None where there is none."""
        down_to = at.down_to or (hits[-1].place if hits else None)
        if left:
            return Cursor(at.as_of, relaxed, at.after, down_to, taken[-1].place)
        full = at.down_to is not None or len(hits) == WINDOW
        return Cursor(at.as_of, relaxed, down_to) if full and down_to else None


def _answer(one: Scored, wording: Wording) -> Mapping[str, Any]:
    title, body = one.document.title, one.document.body
    marked = {"title": mark_title(title, wording.terms), "text": mark_body(body, wording.terms)}
    return {"title": title, "highlight": marked, "score": one.score, "published_at": one.document.published_at}
