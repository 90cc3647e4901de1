"""Searching over HTTP: who finds what, in which order, how it is narrowed, and page by page."""

from dataclasses import replace

import pytest

from wuji.search.registry import Search


def test_whoever_may_read_it_finds_it_and_nobody_else(finder):
    finder.note("村里的水稻", audience=None)
    finder.note("大家的水稻", audience="village")
    finder.note("居民的水稻", audience=[finder.world.token("village", 1)])
    assert set(finder.titles("水稻")) == {"大家的水稻"}
    assert set(finder.titles("水稻", "resident")) == {"大家的水稻", "居民的水稻"}
    assert set(finder.titles("水稻", "official@village")) == {"村里的水稻", "大家的水稻", "居民的水稻"}
    assert set(finder.titles("水稻", "official@city", "city")) == {"村里的水稻", "大家的水稻", "居民的水稻"}
    assert finder.titles("水稻", "official@sibling", "sibling") == []
    assert set(finder.titles("水稻", at="grid")) == {"大家的水稻"}
    assert finder.titles("水稻", "official@other", "other") == []


def test_an_answer_says_what_it_is_and_where_it_leads(finder):
    note = finder.note("水稻<纹枯病>|七月里水稻要防纹枯病，" + "别的" * 100, days=2000)
    item = finder.found("水稻")["items"][0]
    assert item["highlight"]["title"] == "<mark>水稻</mark>&lt;纹枯病&gt;"
    assert item["highlight"]["text"].startswith("七月里<mark>水稻</mark>要防纹枯病")
    assert (item["kind"], item["id"], item["icon"], item["lang"]) == ("file", note, "leaf", "zh-CN")
    assert item["url"] == f"/{finder.world.code['village']}/x/notes/{note}"
    assert item["tenant"]["name"] == "village"
    assert [above["name"] for above in item["tenant"]["ancestors"]] == ["city", "district", "street"]
    assert item["published_at"].startswith("2025-06-23")
    assert item["score"] > 0


@pytest.mark.parametrize(
    "q",
    [
        "水稻纹枯病",
        "纹枯病",
        "纹枯",
        "水",
        "水稻 防治",
        "WiFi",
        "ｗｉｆｉ",
        "紋枯病",
        "烂脚瘟",
        "爛腳瘟",
        "shuidao",
        "sd",
    ],
)
def test_ways_to_ask(finder, q):
    finder.note("水稻|纹枯病防治，问WiFi密码")
    finder.note("水稻纹枯病|防治")
    finder.note("别的|别的")
    titles = finder.titles(q)
    assert titles
    assert "别的" not in titles


def test_a_local_word_is_said_to_have_been_understood(finder):
    finder.note("水稻纹枯病")
    assert finder.found("烂脚瘟")["expanded"] == [{"word": "烂脚瘟", "also": ["纹枯病"]}]
    assert finder.found("纹枯病")["expanded"] == [{"word": "纹枯病", "also": ["烂脚瘟"]}]


def test_a_long_question_is_answered_in_part(finder):
    finder.note("水稻纹枯病|七月防治要点")
    finder.note("小麦赤霉病|四月防治要点")
    found = finder.found("水稻得了纹枯病七月里应该怎么防治才好")
    assert (found["relaxed"], [item["title"] for item in found["items"]]) == (True, ["水稻纹枯病"])
    assert finder.found("水稻纹枯病")["relaxed"] is False


@pytest.mark.parametrize(
    "q", ["。，！？", "🌾🐛", "()[]{}.*+?^$|\\", "' or 1=1 --", "%_", "<script>", "a" * 100, "龘龘龘"]
)
def test_questions_that_ask_nothing_find_nothing(finder, q):
    finder.note("水稻")
    found = finder.found(q)
    assert (found["items"], found["total"], found["next"]) == ([], {"value": 0, "capped": False}, None)


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"q": ""}, "?q"),
        ({"q": "水" * 400}, "?q"),
        ({"q": "a\x00b"}, "?q"),
        ({"q": "水", "place": "999999999999"}, "?place"),
        ({"q": "水", "kind": "nothing"}, "?kind"),
        ({"q": "水", "facet": "nothing:1"}, "?facet"),
        ({"q": "水", "level": "6"}, "?level"),
        ({"q": "水", "since": "2026-01-01"}, "?since"),
        ({"q": "水", "sort": "best"}, "?sort"),
        ({"q": "水", "limit": "51"}, "?limit"),
        ({"q": "水", "cursor": "abc"}, "?cursor"),
        ({"q": "水", "cursor": "水"}, "?cursor"),
        ({"q": "水", "where": "1"}, "?where"),
    ],
)
def test_what_cannot_be_asked_is_said(finder, faults, asked, pointer):
    assert pointer in faults(finder.ask("search", **asked))


def test_a_lone_surrogate_in_an_address(finder):
    client = finder.app.test_client()
    answer = client.get(f"/api/v1/search?tenant={finder.world.code['village']}&q=%ED%A0%80%E6%B0%B4")
    assert answer.status_code in {200, 422}


def test_the_acting_tenant_must_be_said_and_be_there(finder, faults):
    assert "?tenant" in faults(finder.ask("search", at=None, q="水"))
    assert finder.ask("search", at=None, q="水", tenant="0000").status_code == 404
    assert finder.ask("search", at=None, q="水", tenant="a\x00b").status_code == 404


def test_a_former_code_leads_on(finder):
    world, old = finder.world, finder.world.code["grid"]
    world.run("update wuji.tenant_code set valid_to = current_date where code = %s", old)
    new = f"{world.code['village']}777"
    world.run("insert into wuji.tenant_code(tenant_id, code) values (%s, %s)", world.tenant["grid"], new)
    answer = finder.ask("search", at=None, q="水稻 a&b", tenant=old)
    assert answer.status_code == 308
    assert f"tenant={new}" in answer.headers["Location"]
    assert finder.app.test_client().get(answer.headers["Location"]).status_code == 200


def values(found, name):
    return {v["value"]: v["count"] for f in found["facets"] if f["name"] == name for v in f["values"]}


def test_facets_count_and_narrow(finder):
    finder.index()
    world = finder.world
    finder.note("village稻", days=2400, crops="稻,茶")
    finder.note("village茶", days=2000, crops="茶")
    finder.note("village别", at="grid", audience="city")
    found = finder.found("village", "official@city", "city", language="en")
    assert values(found, "kind") == {"tenant": 2, "file": 3}
    assert values(found, "level") == {"4": 3, "5": 2}
    assert values(found, "place") == {world.code["district"]: 5}
    assert values(found, "crop") == {"crop:稻": 1, "crop:茶": 2}
    assert sum(values(found, "time").values()) == 2
    assert {f["name"]: f["label"] for f in found["facets"]}["level"] == "Level"
    assert {v["label"] for f in found["facets"] if f["name"] == "crop" for v in f["values"]} == {"en 稻", "en 茶"}

    def total(**asked):
        return finder.found("village", "official@city", "city", **asked)["total"]["value"]

    assert total(kind="file") == 3
    assert total(level=5) == 2
    assert total(place=world.code["grid"]) == 2
    assert total(facet="crop:茶") == 2
    assert total(facet=["crop:茶", "crop:稻"]) == 1
    assert total(since="2026-07-01T00:00:00+08:00") == 1
    assert total(until="2026-07-01T00:00:00+08:00") == 1
    assert values(finder.found("village", "official@city", "city", kind="file"), "kind") == {"tenant": 2, "file": 3}


def test_a_time_narrows_to_what_it_counted(finder):
    finder.note("水稻", days=2400)
    finder.note("水稻", days=100)
    found = finder.found("水稻")
    for value in (v for f in found["facets"] if f["name"] == "time" for v in f["values"]):
        bounds = {name: value[name] for name in ("since", "until") if value[name]}
        assert finder.found("水稻", **bounds)["total"]["value"] == value["count"] == 1


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_pages_hold_everything_once_while_others_write(finder, sort):
    there = [finder.note(f"水稻{'好' * (n % 7)}|{'水稻' * (n % 3)}", days=2000 + n) for n in range(130)]
    seen, cursor = [], {}
    while True:
        found = finder.found("水稻", sort=sort, limit=50, **cursor)
        assert len(found["items"]) <= 50
        seen += [item["id"] for item in found["items"]]
        finder.note("水稻", days=2300)
        if not found["next"]:
            break
        cursor = {"cursor": found["next"]}
    assert len(seen) == len(set(seen))
    assert set(there) <= set(seen)


def test_a_cursor_is_good_for_its_question_only(finder, faults):
    for _ in range(3):
        finder.note("水稻", days=2000)
    cursor = finder.found("水稻", limit=1)["next"]
    assert finder.found("水稻", limit=1, cursor=cursor)["items"]
    for other in ({"q": "水"}, {"sort": "newest"}, {"kind": "file"}):
        assert "?cursor" in faults(finder.ask("search", **{"q": "水稻", "cursor": cursor, **other}))
    assert "?cursor" in faults(finder.ask("search", at="grid", q="水稻", cursor=cursor))
    flipped = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    assert "?cursor" in faults(finder.ask("search", q="水稻", cursor=flipped))


def test_what_row_security_hides_is_hidden_though_the_index_knows_it(finder):
    finder.note("水稻一")
    note = finder.note("水稻二")
    finder.world.run("update wuji.file set audience = null where id = %s", note)
    assert finder.titles("水稻") == ["水稻一"]
    assert finder.ask("suggest", q="水稻").json["items"][0]["text"] == "水稻一"


def test_only_kinds_of_plugins_that_are_active(finder, faults):
    finder.note("水稻")
    switched = finder.app.extensions["switched"]
    finder.index("village", "notes.note")
    assert len(finder.titles("水稻")) == 2
    switched.clear()
    try:
        assert values(finder.found("水稻"), "kind") == {"file": 1}
        assert "?kind" in faults(finder.ask("search", q="水稻", kind="notes.note"))
        assert len(finder.ask("suggest", q="水稻").json["items"]) == 1
    finally:
        switched.add("notes")


def test_a_plugin_that_cannot_read_takes_out_its_own_hits_only(finder, caplog):
    finder.note("水稻")
    finder.index("village", "notes.note")
    search = finder.deployment.part(Search)

    def fail(session, _ids):
        session.connection().exec_driver_sql("select 1 from nowhere")

    kinds = dict(search.kinds)
    search.kinds["notes.note"] = replace(kinds["notes.note"], read=fail)
    try:
        assert [item["kind"] for item in finder.found("水稻")["items"]] == ["file"]
    finally:
        search.kinds["notes.note"] = kinds["notes.note"]
    assert "notes.note cannot be read" in caplog.text
