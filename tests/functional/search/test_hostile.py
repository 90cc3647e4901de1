"""SQL that slipped in, and the functions that search calls: no id, no count, no key of others comes out."""

import json
from statistics import median
from time import perf_counter

import pytest

IDS = (
    "select part, name, value, n from wuji.search_ids('{{{words}}}', 1, '', '{{test,tenant}}', {place}, null, null, null, "
    "null, '{{}}', '{{}}', true, null, null, 100)"
)
OFFICIAL, AT = "official@village", "village"
WORD = 424242


@pytest.fixture
def stage(world):
    """A document that holds WORD at every tenant, and one more that the village's residents may find."""
    put = (
        "insert into wuji.search_document(kind, id, version, tenant_id, words, access, title, facets) "
        "values ('test', %s, 1, %s, %s, %s, 'x', '{crop=CANARY}')"
    )
    for name, tenant_id in world.tenant.items():
        below = [world.tenant[up] * 8 + 4 for up in world.path(name)]
        world.run(put, f"{world.mark}-{name}", tenant_id, [WORD], below)
        key = "insert into wuji.search_suggestion values ('test', %s, %s, 1, %s)"
        world.run(key, f"{world.mark}-{name}", f"canary{world.mark}{name}", below)
    world.run(put, f"{world.mark}-shown", world.tenant["city"], [WORD], [world.token("village", 1)])
    return world


def found(tx, place="null"):
    rows = tx.execute(IDS.format(words=json.dumps(f"{{{WORD}}}"), place=place)).fetchall()
    hits = {row[2].partition("-")[2] for row in rows if row[0] == "hit"}
    totals = [row[3] for row in rows if row[0] == "total"]
    return hits, sum(totals)


def test_each_finds_what_is_theirs_and_counts_no_more(stage):
    for who, at, names in (
        (OFFICIAL, "village", {"village", "grid"}),
        ("official@city", "city", set(stage.below("city"))),
        ("resident", "village", {"shown"}),
        ("neighbour", "sibling", set()),
        ("stranger", "village", set()),
        ("anonymous", "village", set()),
        ("official@other", "other", {"other", "foreign"}),
        ("operator", None, set()),
    ):
        with stage.enter(who, at) as tx:
            assert found(tx) == (names, len(names)), who


def test_a_place_narrows_and_never_widens(stage):
    with stage.enter(OFFICIAL, AT) as tx:
        for name in ("city", "sibling", "other"):
            hits, _ = found(tx, stage.tenant[name])
            assert hits == ({"village", "grid"} if name == "city" else set())


def test_without_a_door_there_is_nothing(stage):
    with stage.enter() as tx:
        assert found(tx) == (set(), 0)
        assert tx.one("select wuji.search_tokens()") is None
        assert tx.all("select * from wuji.search_suggest('canary', '{test}', 10)") == []
        assert tx.all("select wuji.search_places('c', 10)") == []


PUT = (
    "select wuji.search_put('test', %s, '{9}', %s, %s, '{\"{1}\"}', '{x}', '{\"{}\"}', array[null]::timestamptz[], "
    "'{1}', '{k}', '{1}')"
)
FORGED = (
    "select set_config('wuji.tokens', '{{0,{city}}}', true)",
    "select set_config('wuji.lo', '1', true), set_config('wuji.hi', '999999999999999999', true)",
    "select set_config('wuji.tenant', '{tenant}', true)",
    "select set_config('wuji.anc', '{{{tenant}}}', true)",
    "select set_config('wuji.operator', 'yes', true)",
    "select set_config('wuji.account', '{account}', true)",
)
CALLS = (
    "select wuji.search_tokens()",
    IDS.format(words=json.dumps(f"{{{WORD}}}"), place="null"),
    "select * from wuji.search_suggest('canary', '{test}', 10)",
    "select * from wuji.search_digests('test', null, '', 10)",
    "select wuji.search_hold('test', '{x}')",
    "select wuji.search_drop('test', '{x}', '{1}')",
    PUT % ("'{x}'", "'{1}'", "'{\"{}\"}'"),
)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("forged", FORGED)
def test_a_scope_that_was_changed_is_refused(stage, forged, call):
    facts = {
        "city": stage.tenant["city"] * 8 + 4,
        "tenant": stage.tenant["city"],
        "account": stage.account["official@city"],
    }
    for who in (OFFICIAL, "anonymous"):
        with stage.enter(who, AT) as tx:
            tx.all(forged.format(**facts))
            assert tx.refused(call) == "42501", (forged, call)


@pytest.mark.parametrize("table", ["search_document", "search_suggestion"])
def test_the_tables_themselves_are_closed(stage, table):
    for statement in (
        "select * from {}",
        "delete from {}",
        "update {} set access = '{{0}}'",
        "insert into {} default values",
    ):
        with stage.enter(OFFICIAL, AT) as tx:
            assert tx.refused(statement.format(f"wuji.{table}")) == "42501"


def test_documents_of_others_cannot_be_written_held_or_dropped(stage):
    theirs = f"{stage.mark}-sibling"
    row = "select x::text from wuji.search_document x where id = %s"
    before = stage.one(row, theirs)
    put = PUT % ("array[%s]", "array[%s]", "'{\"{0}\"}'")
    for who, at in ((OFFICIAL, AT), ("resident", AT), ("anonymous", AT), ("operator", None)):
        for tenant in ("village", "sibling", "city"):
            with stage.enter(who, at) as tx:
                assert tx.all(put, theirs, stage.tenant[tenant]) == []
                assert tx.all("select wuji.search_drop('test', array[%s], '{99}')", theirs) == []
                assert tx.all("select wuji.search_hold('test', array[%s])", theirs) == []
                tx.commit()
    assert stage.one(row, theirs) == before
    with stage.enter("official@city", "city") as tx:
        assert tx.all(put, theirs, stage.tenant["sibling"]) == [theirs]


def test_an_audience_holds_classes_only(stage):
    put = PUT % ("'{mine}'", "array[%s]", "array[%s]")
    with stage.enter(OFFICIAL, AT) as tx:
        below_city = f"{{{stage.tenant['city'] * 8 + 4}}}"
        assert tx.refused(put, stage.tenant["village"], below_city) == "23514"


def test_digests_are_for_the_program_alone(stage):
    for who in (OFFICIAL, "official@city", "resident"):
        with stage.enter(who, AT if who != "official@city" else "city") as tx:
            assert tx.all("select * from wuji.search_digests('test', null, '', 10)") == []


def test_how_long_it_takes_does_not_tell_what_others_have(stage):
    """A word of others alone, and a word of nobody: the median of many, in turns."""
    taken: dict[int, list[float]] = {WORD: [], WORD + 1: []}
    with stage.enter("neighbour", "sibling") as tx:
        for turn in range(120):
            word = WORD + turn % 2
            began = perf_counter()
            rows = tx.execute(IDS.format(words=json.dumps(f"{{{word}}}"), place="null")).fetchall()
            taken[word].append(perf_counter() - began)
            assert rows == [("total", None, None, 0)]
    theirs, nobodys = (median(times) * 1000 for times in taken.values())
    assert abs(theirs - nobodys) < max(0.5, nobodys / 2), (theirs, nobodys)
