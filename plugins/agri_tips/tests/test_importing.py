"""Tips that come with a pack: once, at their places, with pictures; what people have taken over is theirs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wuji.api import ImportSource
from wuji.testing.acting import acting
from wuji_agri_tips.importing import import_tips

DEMO = Path(__file__).parents[1] / "wuji_agri_tips" / "demo"
TIP = """
[[tip]]
slug = "{slug}"
months = [{month}]
solar_terms = ["大暑"]
subject = "rice"
title = "{title}"
summary = "扒开稻丛看基部。"
written_at = "community"
district = "{district}"
reach = "{reach}"
audience_class = "public"
state = "{state}"
picture = "rice.png"
picture_alt = "稻田"
body = '''
<h2>怎么查</h2>
<p>看基部。</p>
'''
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tips").mkdir()
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "rice.png").write_bytes((DEMO / "pictures" / "rice.png").read_bytes())
    return tmp_path


@pytest.fixture
def load(farm, folder):
    """Imports what the test wrote, as the command line does."""

    def run(**tips):
        world = farm.world
        usual = {"title": "看苗", "month": 7, "district": world.code["district"], "reach": "own", "state": "published"}
        entries = [TIP.format_map({"slug": slug.replace("_", "-"), **usual, **given}) for slug, given in tips.items()]
        (folder / "tips" / "07.toml").write_text("".join(entries), encoding="utf-8")
        (folder / "places.toml").write_text(f'near = ["{world.code["village"]}"]\n', encoding="utf-8")
        names = ("city", "district", "street", "village", "sibling")
        source = ImportSource(
            str(folder), {world.code[n]: world.tenant[n] for n in names}, farm.app.extensions["wuji"].files
        )
        with acting(farm.app, world, "city") as session:
            return dict(import_tips(session, source))

    return run


def test_once_and_again(farm, load):
    assert load(a={}, b={"reach": "street", "title": "晒田"}, c={"state": "draft"}, d={"state": "in_review"}) == {
        "made": 4,
        "changed": 0,
        "left": 0,
    }
    tips = {one["title"]: one for one in farm.sound(farm.ask("anonymous", "GET", "tips"))["items"]}
    assert set(tips) == {"看苗", "晒田"}
    assert farm.ask("anonymous", "GET", f"media/{tips['晒田']['picture_id']}", at="sibling").status_code == 200
    assert farm.ask("anonymous", "GET", f"media/{tips['看苗']['picture_id']}", at="sibling").status_code == 404
    assert len(farm.found("anonymous", "晒田")) == 1
    assert load(a={}, b={"reach": "street", "title": "晒田"}, c={"state": "draft"}, d={"state": "in_review"}) == {
        "made": 0,
        "changed": 0,
        "left": 4,
    }
    assert load(a={"month": 8}) == {"made": 0, "changed": 1, "left": 0}
    assert len(farm.sound(farm.ask("anonymous", "GET", "tips?month=8"))["items"]) == 1
    assert len(farm.sound(farm.ask("clerk", "GET", "managed-tips"))["items"]) == 4


def test_a_demo_has_a_past(farm, load, monkeypatch):
    """Dated over the last year and read since, the same each time; a few are of today, and only those are news."""
    said = {"near": [farm.world.code["village"]], "imagined_past": True}
    monkeypatch.setattr("wuji_agri_tips.importing.read_places", lambda _folder: said)
    slugs = {f"tip_{number}": {"month": number % 12 + 1, "title": f"第{number}条"} for number in range(24)}
    assert load(**slugs)["made"] == 24
    at = farm.world.tenant["village"]
    rows = farm.world.run("select published_at, id from plugin_agri_tips.tip where tenant_id = %s", at).fetchall()
    now = datetime.now(UTC)
    assert all(now - timedelta(days=370) < published_at <= now for published_at, _ in rows)
    today = {str(tip_id) for published_at, tip_id in rows if now - published_at < timedelta(minutes=5)}
    news = farm.world.run(
        "select subject_id from wuji.journal_record where tenant_id = %s and verb = 'agri_tips.tip.publish'", at
    )
    assert {subject for (subject,) in news} == today
    assert 0 < len(today) < 8
    read = farm.world.run(
        "select tip_id, read_on, sum(reads)::int, min(published_at) from plugin_agri_tips.tip_day d "
        "join plugin_agri_tips.tip t on t.id = d.tip_id where t.tenant_id = %s group by 1, 2",
        at,
    ).fetchall()
    assert all(published_at.date() <= read_on <= now.date() + timedelta(days=1) for _, read_on, _, published_at in read)
    assert not today & {str(tip_id) for tip_id, *_ in read}
    assert len({read_on.replace(day=1) for _, read_on, *_ in read}) > 6
    told = farm.world.one(
        "select sum(c.reads)::int from plugin_agri_tips.tip_count c join plugin_agri_tips.tip t on t.id = c.tip_id "
        "where t.tenant_id = %s",
        at,
    )
    assert told == sum(reads for _, _, reads, _ in read)
    assert load(**slugs) == {"made": 0, "changed": 0, "left": 24}


def test_what_people_took_over_is_left_alone(farm, load):
    load(a={}, b={"state": "draft"}, c={"state": "in_review"})
    ids = {one["state"]: one["id"] for one in farm.sound(farm.ask("clerk", "GET", "managed-tips"))["items"]}
    farm.sound(
        farm.ask(
            "clerk",
            "PATCH",
            f"managed-tips/{ids['draft']}",
            version=farm.version({"id": ids["draft"]}),
            json={"title": "我改的"},
        )
    )
    farm.sound(farm.review({"id": ids["in_review"]}))
    farm.sound(farm.ask("official@village", "POST", f"managed-tips/{ids['published']}/withdraw", json={"reason": "错"}))
    assert load(a={"month": 8}, b={"state": "draft"}, c={"state": "in_review"}) == {"made": 0, "changed": 0, "left": 3}
    states = {
        one["id"]: (one["state"], one["title"]) for one in farm.sound(farm.ask("clerk", "GET", "managed-tips"))["items"]
    }
    assert states == {
        ids["draft"]: ("draft", "我改的"),
        ids["in_review"]: ("published", "看苗"),
        ids["published"]: ("withdrawn", "看苗"),
    }


@pytest.mark.parametrize(("given", "said"), [
    ({"month": 13}, "months"),
    ({"state": "shown"}, "state is one of"),
    ({"reach": "nowhere"}, "reach"),
    ({"district": "000000"}, "the pack has no community"),
    ({"title": ""}, "agri_tips.invalid.title"),
])  # fmt: skip
def test_a_wrong_entry_is_named_by_file_and_line(load, given, said):
    with pytest.raises(ValueError, match=rf"07\.toml:21: .*{said}"):
        load(a={}, b=given)


def test_a_broken_file_and_a_missing_picture(folder, load):
    (folder / "pictures" / "rice.png").unlink()
    with pytest.raises(ValueError, match=r"07\.toml:2: rice\.png"):
        load(a={})
    (folder / "pictures" / "rice.png").write_bytes(b"<svg/>")
    with pytest.raises(ValueError, match=r"07\.toml:2: rice\.png"):
        load(a={})
    (folder / "tips" / "01.toml").write_text("[[tip]\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"01\.toml: .*line 1"):
        load(a={})
