"""What holds of every index, whichever keeps it. A test module subclasses it, with a fixture `backend`:

    class TestPostgres(BackendConformance):
        @pytest.fixture
        def backend(self): return PostgresBackend()

Documents are written by the city's official, each under a kind of the test's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from secrets import token_hex

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wuji.kit.db.doors import by_public
from wuji.kit.db.session import ScopedSession, unit_of_work
from wuji.search import text
from wuji.search.backend import Dropped, Indexed, Query, SearchBackend, SearchScope, open_scope
from wuji.testing.expectation import EVERYBODY, standing
from wuji.testing.servers import Server
from wuji.testing.world import ANONYMOUS, TREE, World
from wuji.work.services import system_door

WRITER, ROOT = "official@city", "city"
NAMES = tuple(name for name, _, _ in TREE if name not in {"other", "foreign"})
PUBLIC = ("resident", "neighbour", "member", "stranger", ANONYMOUS)
ASKING = tuple(
    [(f"official@{name}", name) for name in NAMES]
    + [("official@city", "grid"), ("official@village", "sibling")]
    + [("official@other", "village"), ("official@other", "other")]
    + [(who, at) for who in PUBLIC for at in ("village", "grid", "city", "foreign")]
)  # fmt: skip
NOW = datetime(2026, 7, 1, tzinfo=UTC)
LETTERS = "水稻防治虫"
TEXTS = st.text(LETTERS, min_size=1, max_size=6)
AUDIENCES = st.frozensets(
    st.tuples(st.sampled_from(("city", "district", "village", "sibling", "grid", "other")), st.integers(0, 3))
    | st.just(EVERYBODY),
    max_size=3,
)
PATIENT = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class Stage:
    """One index under test: who writes, who asks."""

    def __init__(self, world: World, server: Server, backend: SearchBackend) -> None:
        self.world, self.backend = world, backend
        self.engine = server.engine("wuji_app", world.database)
        self.numbers = count(1)

    def new_kind(self) -> str:
        return f"test.note_{token_hex(6)}"

    def document(self, title: str = "水稻", tenant: str = "village", **given_: object) -> Indexed:
        words = frozenset({*text.tokens(title), *text.single(title)})
        at = NOW + timedelta(seconds=next(self.numbers))
        plain = Indexed(
            id=f"{next(self.numbers):06}",
            version=1,
            tenant_id=self.world.tenant[tenant],
            audience=(),
            tokens=words,
            title=title,
            facets=(),
            published_at=at,
            keys=dict.fromkeys(text.keys(title), 1),
        )
        return replace(plain, **given_)  # type: ignore[arg-type]

    @contextmanager
    def session(self, who: str = WRITER, at: str | None = ROOT) -> Iterator[ScopedSession]:
        door = self.world.door(who, at) if at else by_public(None)
        with unit_of_work(self.engine, door) as session:
            yield session

    @contextmanager
    def system(self) -> Iterator[ScopedSession]:
        """As the program itself acts at the root."""
        login = self.world.server.engine("wuji_system", self.world.database)
        with (
            system_door(login, "test", tenant_id=self.world.tenant[ROOT], hold="1 minute") as door,
            unit_of_work(self.engine, door) as session,
        ):
            yield session

    def put(self, kind: str, *documents: Indexed, who: str = WRITER, at: str = ROOT) -> set[str]:
        with self.session(who, at) as session:
            return set(self.backend.put(session, kind, documents))

    def drop(self, kind: str, *dropped: Dropped) -> None:
        with self.session() as session:
            self.backend.drop(session, kind, dropped)

    def ids(self, kind: str, asked: str, who: str = WRITER, at: str = ROOT, **narrowed: object) -> list[str]:
        with self.session(who, at) as session:
            found = self.backend.search(open_scope(session), question(kind, asked, **narrowed), 1000)
        if len(found.hits) != found.total:
            raise AssertionError(f"{found.total} in all, and {len(found.hits)} hits")
        return [hit.id for hit in found.hits]


def question(kind: str, asked: str, **narrowed: object) -> Query:
    plain = Query(
        sets=(frozenset(text.tokens(asked)),), kinds=(kind,), phrase=asked, years=(NOW, NOW - timedelta(days=365))
    )
    return replace(plain, **narrowed)  # type: ignore[arg-type]


def expect(found: object, wanted: object) -> None:
    if found != wanted:
        raise AssertionError(f"found {found!r}, expected {wanted!r}")


class BackendConformance:
    """Everything that a backend promises."""

    @pytest.fixture
    def stage(self, world: World, server: Server, backend: SearchBackend) -> Iterator[Stage]:
        made = Stage(world, server, backend)
        yield made
        made.engine.dispose()

    @PATIENT
    @given(data=st.data())
    def test_only_who_holds_a_token_finds(self, stage: Stage, data: st.DataObject) -> None:
        """Random rows shown to random audiences, against what the tree alone says of each asker."""
        kind, world = stage.new_kind(), stage.world
        shown = data.draw(st.lists(st.tuples(st.sampled_from(NAMES), AUDIENCES), min_size=1, max_size=8))
        documents = [
            (stage.document(tenant=name, audience=tuple(_token(world, *one) for one in audience)), name, audience)
            for name, audience in shown
        ]
        stage.put(kind, *(document for document, _, _ in documents))
        for who, at in ASKING:
            has = standing(world, who, at)
            wanted = {d.id for d, name, audience in documents if name in has.range or audience & has.tokens}
            expect((who, at, set(stage.ids(kind, "水稻", who, at))), (who, at, wanted))

    @PATIENT
    @given(texts=st.lists(TEXTS, min_size=1, max_size=8), asked=TEXTS)
    def test_all_tokens_and_only_they_decide(self, stage: Stage, texts: list[str], asked: str) -> None:
        kind = stage.new_kind()
        documents = [stage.document(one) for one in texts]
        stage.put(kind, *documents)
        wanted = {d.id for d in documents if set(text.tokens(asked)) <= d.tokens}
        expect(set(stage.ids(kind, asked)), wanted)

    @PATIENT
    @given(
        texts=st.lists(TEXTS, min_size=1, max_size=8),
        ways=st.lists(TEXTS, min_size=2, max_size=4),
        need=st.integers(1, 2),
    )
    def test_enough_of_several_sets(self, stage: Stage, texts: list[str], ways: list[str], need: int) -> None:
        kind, sets = stage.new_kind(), tuple(frozenset(text.tokens(way)) for way in ways)
        documents = [stage.document(one) for one in texts]
        stage.put(kind, *documents)
        wanted = {d.id for d in documents if sum(one <= d.tokens for one in sets) >= need}
        expect(set(stage.ids(kind, ways[0], sets=sets, need=need)), wanted)

    def test_an_older_version_changes_nothing(self, stage: Stage) -> None:
        kind, new = stage.new_kind(), stage.document("水稻", version=5)
        stage.put(kind, new)
        stage.put(kind, replace(new, version=4, tokens=frozenset({"虫虫"})))
        expect((stage.ids(kind, "水稻"), stage.ids(kind, "虫虫")), ([new.id], []))
        stage.put(kind, replace(new, version=5, tokens=frozenset({"虫虫"})))
        expect((stage.ids(kind, "水稻"), stage.ids(kind, "虫虫")), ([], [new.id]))

    def test_what_was_dropped_does_not_come_back_with_an_older_version(self, stage: Stage) -> None:
        kind, one = stage.new_kind(), stage.document("水稻", version=3)
        for before in (True, False):
            if before:
                stage.put(kind, one)
            stage.drop(kind, Dropped(one.id, 4))
            stage.put(kind, one)
            expect(stage.ids(kind, "水稻"), [])
        stage.put(kind, replace(one, version=5))
        expect(stage.ids(kind, "水稻"), [one.id])
        stage.drop(kind, Dropped(one.id, 4))
        expect(stage.ids(kind, "水稻"), [one.id])
        stage.drop(kind, Dropped(one.id))
        expect(stage.ids(kind, "水稻"), [])

    def test_documents_of_others_are_left_alone(self, stage: Stage) -> None:
        kind = stage.new_kind()
        theirs = stage.document("水稻", tenant="sibling")
        stage.put(kind, theirs)
        village = {"who": "official@village", "at": "village"}
        expect(stage.put(kind, replace(theirs, version=9), stage.document(tenant="city"), **village), set())
        expect(stage.put(kind, replace(theirs, version=9, tenant_id=stage.world.tenant["village"]), **village), set())
        with stage.session("official@village", "village") as session:
            expect(list(stage.backend.drop(session, kind, [Dropped(theirs.id)])), [])
        expect(stage.ids(kind, "水稻"), [theirs.id])

    def test_pages_are_stable_while_others_write(self, stage: Stage) -> None:
        kind = stage.new_kind()
        for sort in ("newest", "relevance"):
            documents = [stage.document("水稻" + "虫" * (n % 5)) for n in range(25)]
            stage.put(kind, *documents)
            before = stage.ids(kind, "水稻", sort=sort)
            seen: list[str] = []
            after = None
            while True:
                stage.put(kind, stage.document("水稻"), stage.document("水稻虫虫虫", published_at=NOW))
                with stage.session() as session:
                    found = stage.backend.search(open_scope(session), question(kind, "水稻", sort=sort), 4, after)
                if not found.hits:
                    break
                seen += [hit.id for hit in found.hits]
                after = found.hits[-1].place
            expect(len(seen), len(set(seen)))
            expect([id_ for id_ in seen if id_ in set(before)], before)

    def test_counts_are_exact_and_each_facet_counts_past_itself(self, stage: Stage) -> None:
        kind = stage.new_kind()
        for name, facets, days in (
            ("village", ("crop=稻",), 1),
            ("grid", ("crop=稻", "crop=茶"), -1),
            ("street", (), -500),
        ):
            stage.put(kind, stage.document(tenant=name, facets=facets, published_at=NOW + timedelta(days=days)))
        stage.put(kind, stage.document(tenant="city", published_at=None))
        expect(self.counts(stage, kind)["crop"], {"稻": 2, "茶": 1})
        expect(self.counts(stage, kind)["time"], {"this_year": 1, "last_year": 1, "earlier": 1})
        narrowed = self.counts(stage, kind, facets=("crop=茶",), level=4)
        expect(narrowed["crop"], {"稻": 1})
        expect(narrowed["level"], {"5": 1})
        expect(len(stage.ids(kind, "水稻", facets=("crop=稻",), level=5)), 1)
        expect(len(stage.ids(kind, "水稻", below=stage.world.tenant["street"])), 3)
        expect(len(stage.ids(kind, "水稻", since=NOW, until=NOW + timedelta(days=9))), 1)

    def counts(self, stage: Stage, kind: str, **narrowed: object) -> dict[str, dict[str, int]]:
        with stage.session() as session:
            found = stage.backend.search(open_scope(session), question(kind, "水稻", **narrowed), 10)
        said: dict[str, dict[str, int]] = {}
        for one in found.counts:
            said.setdefault(one.facet, {})[one.value] = one.count
        return said

    def test_completions_are_found_by_who_finds_the_document(self, stage: Stage) -> None:
        kind = stage.new_kind()
        seen = stage.document("水稻防治", audience=(stage.world.token("village", 1),))
        hidden = stage.document("水稻虫情", tenant="sibling")
        stage.put(kind, seen, hidden)
        for typed in ("水", "水稻", "shuidao", "sd"):
            with stage.session("resident", "village") as session:
                expect(stage.backend.suggest(open_scope(session), typed, [kind], 10), [(kind, seen.id)])
        stage.drop(kind, Dropped(seen.id))
        with stage.session("resident", "village") as session:
            expect(stage.backend.suggest(open_scope(session), "水", [kind], 10), [])

    def test_digests_say_what_was_put(self, stage: Stage) -> None:
        kind, world = stage.new_kind(), stage.world
        documents = [
            stage.document(facets=("crop=稻",)),
            stage.document("无", published_at=None, keys={}, audience=(0,)),
        ]
        stage.put(kind, *documents)
        above = [world.tenant[name] for name in world.path("village")]
        wanted = {one.id: stage.backend.digest(one, above) for one in documents}
        with stage.system() as session:
            expect(dict(stage.backend.digests(session, kind)), wanted)
            expect(
                dict(stage.backend.digests(session, kind, [documents[0].id])),
                {documents[0].id: wanted[documents[0].id]},
            )

    def test_a_scope_is_made_of_a_session_and_of_nothing_else(self, stage: Stage) -> None:
        with stage.session() as session:
            with pytest.raises(PermissionError):
                SearchScope(session, seal=object())
            tokens = open_scope(session).read_tokens()
        expect(tokens & {stage.world.tenant[ROOT] * 8 + 4}, {stage.world.tenant[ROOT] * 8 + 4})


def _token(world: World, name: str, audience_class: int) -> int:
    return world.token(name, audience_class) if name else 0
