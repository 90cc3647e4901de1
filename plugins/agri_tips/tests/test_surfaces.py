"""Lists, exports, cards, public pages, search, the module switched off."""

import csv
import io
import re
import tomllib
from pathlib import Path

import pytest
from psycopg.types.json import Jsonb

EVERY = list(range(1, 13))


def items(farm, query="", who="official@street", at="street"):
    return farm.sound(farm.ask(who, "GET", f"managed-tips{query}", at=at))["items"]


def test_the_officials_list(farm):
    draft = farm.write(title="草稿一篇")
    waiting = farm.submit(farm.write(title="等审一篇", subject="tea", months=[3]))
    own = farm.submit(farm.write("official@street", "street", title="镇里的一篇"), "official@street", "street")
    shown = farm.publish(title="发了一篇")
    assert {one["id"] for one in items(farm)} == {one["id"] for one in (draft, waiting, own, shown)}
    assert [one["id"] for one in items(farm, "?to_review=yes")] == [waiting["id"]]
    assert {one["id"] for one in items(farm, "?to_review=yes", "official@district", "district")} == {
        waiting["id"],
        own["id"],
    }
    assert [one["id"] for one in items(farm, "?state=draft")] == [draft["id"]]
    assert [one["id"] for one in items(farm, "?month=3&subject=tea")] == [waiting["id"]]
    assert [one["id"] for one in items(farm, "?month=1&ahead=2")] == [waiting["id"]]
    assert [one["id"] for one in items(farm, "?level=3")] == [own["id"]]
    assert [one["id"] for one in items(farm, "?own=yes")] == [own["id"]]
    assert [one["id"] for one in items(farm, "?q=发了")] == [shown["id"]]
    assert items(farm, "", "official@sibling", "sibling") == []
    (first, second) = items(farm, "?state=in_review&sort=waiting_since")
    assert (first["id"], first["author"], first["tenant_name"], first["reach_name"]) == (
        waiting["id"],
        "clerk",
        "village",
        "village",
    )
    assert second["author"] == "official@street"
    states = farm.sound(farm.ask("official@street", "GET", "managed-tips/states", at="street"))
    assert {name: total["value"] for name, total in states.items()} == {
        "draft": 1,
        "in_review": 2,
        "returned": 0,
        "published": 1,
        "withdrawn": 0,
        "to_review": 1,
    }
    for wrong in ("state=x", "month=x", "to_review=no", "sort=author", "cursor=x"):
        assert farm.ask("official@street", "GET", f"managed-tips?{wrong}", at="street").status_code == 422


def test_pages_of_the_list(farm):
    made = {farm.write(title=f"第{number}篇")["id"] for number in range(5)}
    found, path = [], "managed-tips?limit=2"
    while path:
        page = farm.sound(farm.ask("clerk", "GET", path))
        found += [one["id"] for one in page["items"]]
        path = page["next"] and f"managed-tips?limit=2&cursor={page['next']}"
    assert len(found) == 5
    assert set(found) == made


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export(farm, form):
    farm.publish(title="=1+1")
    farm.write()
    asked = {"list": "agri_tips.managed_tips", "format": form, "filters": {"state": "published", "month": 7}}
    place = f"/api/v1/tenants/{farm.world.code['village']}"
    job = farm.sound(farm.ask("clerk", "POST", f"{place}/exports", json=asked))
    file = farm.ask("clerk", "GET", f"{place}/jobs/{job['id']}/file")
    assert file.status_code == 200
    if form == "csv":
        (_head, row) = csv.reader(io.StringIO(file.data.decode("utf-8-sig")))
        assert row[1] == "'=1+1"
    asked["filters"] = {"nonsense": 1}
    assert farm.ask("clerk", "POST", f"{place}/exports", json=asked).status_code == 422


def test_cards_of_the_portal(farm):
    farm.publish(title="本月一篇", months=EVERY, terms=list(range(1, 25)), summary="这一句给大家看。")
    farm.publish(
        title="Other crop", months=EVERY, subject="tea", title_en="Prune the tea", summary_en="Leave three leaves."
    )
    head, month = (one for one in farm.cards_of("anonymous") if one["plugin"] == "agri_tips")
    assert (head["place"], head["text"]) == ("head", "这一句给大家看。")
    assert [row["title"] for row in month["rows"]] == ["本月一篇", "Prune the tea"]
    assert [row["lang"] for row in month["rows"]] == ["zh-CN", "en"]
    farm.sound(farm.ask("resident", "PUT", "crops", version=1, json={"crops": ["tea"]}))
    _head, mine = (one for one in farm.cards_of("resident") if one["plugin"] == "agri_tips")
    assert [row["title"] for row in mine["rows"]] == ["Prune the tea", "本月一篇"]


def test_cards_of_the_console(farm):
    waiting = farm.submit(farm.write(title="等审一篇"))
    assert "等审一篇" in farm.cards("official@street", "console", "street")
    farm.sound(
        farm.ask(
            "official@street",
            "POST",
            f"managed-tips/{waiting['id']}/review",
            at="street",
            json={"decision": "return", "reason": "用量不清"},
        )
    )
    assert "用量不清" in farm.cards("clerk", "console")
    assert "用量不清" not in farm.cards("official@village", "console")
    assert "等审一篇" not in farm.cards("official@street", "console", "street")


def test_public_pages(farm, draw):
    tip = farm.write(
        months=[7],
        terms=[14],
        title="看<b>苗</b>打顶",
        title_en="Top the cotton",
        summary_en="When there are enough branches.",
    )
    farm.sound(farm.attach(tip, draw()))
    farm.sound(farm.describe(tip, 1, alt="果枝", caption="汤沟镇摄"))
    farm.sound(farm.review(farm.submit(tip)))
    page = farm.page("anonymous", f"tips/{tip['id']}")
    for part in (
        "看&lt;b&gt;苗&lt;/b&gt;打顶",
        'alt="果枝"',
        "汤沟镇摄",
        "<h2>怎么查</h2>",
        'lang="zh-CN"',
        "Top the cotton",
        "canonical",
    ):
        assert part in page, part
    for path in ("months/7", "terms/14"):
        assert f"/x/agri_tips/tips/{tip['id']}" in farm.page("anonymous", path)
    assert tip["id"] not in farm.page("anonymous", "months/8")
    for absent in (
        "months/13",
        "terms/0",
        "terms/25",
        "tips/x",
        "tips/",
        "tips/00000000-0000-0000-0000-000000000000",
        "months/07",
        "nothing",
    ):
        answer = farm.ask("anonymous", "GET", f"/{farm.world.code['village']}/x/agri_tips/{absent}")
        assert "看&lt;b&gt;" not in answer.text
        assert answer.status_code in {200, 404}, absent  # a page of the program's own has its shell


def test_found_by_its_local_name(farm):
    tip = farm.publish()
    for words in ("纹枯病", "花脚秆", "烂脚瘟", "水稻"):
        assert tip["id"] in farm.found("anonymous", words), words
    farm.sound(
        farm.ask("official@street", "POST", f"managed-tips/{tip['id']}/withdraw", at="street", json={"reason": "错"})
    )
    assert tip["id"] not in farm.found("anonymous", "纹枯病")


def test_subjects_and_terms(farm):
    assert {one["id"] for one in farm.sound(farm.ask("anonymous", "GET", "subjects"))["subjects"]} >= {
        "rice",
        "pig",
        "bee",
    }
    terms = farm.sound(farm.ask("anonymous", "GET", "solar-terms?year=2026"))
    assert [one["number"] for one in terms["terms"]] == list(range(1, 25))
    assert (terms["terms"][13]["zh"], terms["terms"][13]["on"]) == ("大暑", "2026-07-23")
    assert sum(one["current"] for one in farm.sound(farm.ask("anonymous", "GET", "solar-terms"))["terms"]) == 1
    for wrong in ("1899", "2101", "x", "1.5"):
        assert farm.ask("anonymous", "GET", f"solar-terms?year={wrong}").status_code == 422


def test_switched_off_nothing_is_lost(farm):
    shown = farm.publish(reach="street")
    waiting = farm.submit(farm.write())
    place = f"/api/v1/tenants/{farm.world.code['street']}/plugin-rules/{farm.world.tenant['village']}/agri_tips"
    rule = {"rule": "forbid", "reason": "没有农田"}
    farm.sound(farm.ask("official@street", "PUT", place, version=0, json=rule))
    assert farm.ask("anonymous", "GET", "tips").status_code == 404
    assert farm.ask("clerk", "GET", "managed-tips").status_code == 404
    assert farm.page("anonymous", f"tips/{shown['id']}").count(shown["title"]) == 0
    assert farm.ask("anonymous", "GET", f"tips/{shown['id']}", at="sibling").status_code == 200
    (row,) = [one for one in items(farm) if one["id"] == waiting["id"]]
    assert row["state"] == "draft"
    farm.sound(farm.ask("official@street", "PUT", place, version=1, json={"rule": "inherit"}))
    assert farm.sound(farm.ask("clerk", "GET", f"managed-tips/{waiting['id']}"))["state"] == "draft"
    assert farm.ask("anonymous", "GET", f"tips/{shown['id']}").status_code == 200


def test_who_can_see_it_and_why(farm):
    tip = farm.publish(audience="members")
    asked = {"kind": "agri_tips.tip", "id": tip["id"]}
    answer = farm.sound(
        farm.ask(
            "official@village", "GET", f"/api/v1/tenants/{farm.world.code['village']}/visibility", query_string=asked
        )
    )
    assert [one["class"] for one in answer["audience"]] == ["member", "official"]


def test_the_readme_names_every_permission_and_setting():
    plugin = Path(__file__).parents[1]
    manifest = tomllib.loads((plugin / "wuji_agri_tips" / "plugin.toml").read_text(encoding="utf-8"))
    readme = (plugin / "README.md").read_text(encoding="utf-8")
    named = [*manifest["permissions"], *manifest["settings"]]
    assert named
    assert [name for name in named if f"| `{name}` |" not in readme] == []


@pytest.mark.parametrize("ahead", [0, 2])
def test_what_is_sent_is_what_the_browser_then_asks_for(farm, ahead):
    """The page of this month in its HTML, and the list as the program in the browser gets it; over the turn of the year too."""
    at = {"tenant_id": farm.world.tenant["city"], "key": "agri_tips.months_ahead", "mode": "set", "value": Jsonb(ahead)}
    farm.world.insert("wuji.setting_value", at)
    tips = {month: farm.publish(title=f"Tip of {month}", months=[month])["id"] for month in EVERY}
    counting = farm.sound(farm.ask("anonymous", "GET", "solar-terms"))["months"]
    asked = f"tips?month={counting[0]}&ahead={len(counting) - 1}&limit=100"
    listed = [one["id"] for one in farm.sound(farm.ask("anonymous", "GET", asked))["items"]]
    assert set(listed) == {tips[month] for month in counting}
    assert len(counting) == ahead + 1
    sent = re.findall(r"/x/agri_tips/tips/([0-9a-f-]{36})", farm.page("anonymous", ""))
    assert [one for one in dict.fromkeys(sent) if one in tips.values()] == listed
    turning = farm.sound(farm.ask("anonymous", "GET", "tips?month=12&ahead=1&limit=100"))["items"]
    assert {one["id"] for one in turning} == {tips[12], tips[1]}


@pytest.mark.parametrize("asked", ["month=13", "month=0", "ahead=12", "ahead=-1", "term=25", "month=x"])
def test_what_is_no_month_is_said(farm, asked):
    answer = farm.ask("anonymous", "GET", f"tips?{asked}")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == f"?{asked.partition('=')[0]}"
