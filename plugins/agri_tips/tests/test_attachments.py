"""Pictures and recordings of a draft: whose they are, in which order, with which words; and sent twice by mistake."""

import pytest

TALK = (b"\xff\xfb\x90\x00" + bytes(413)) * 80  # two seconds of an MP3


@pytest.fixture
def tip(farm):
    return farm.write()


def test_media_belong_to_drafts_of_ones_own_tenant(farm, tip, slug, draw):
    assert slug(farm.attach(tip, draw(), who="official@street", at="street")) == (409, "agri_tips.tip_elsewhere")
    media = farm.sound(farm.attach(tip, draw()))["media_id"]
    farm.sound(farm.describe(tip, 1, alt="田"))
    farm.submit(tip)
    assert slug(farm.attach(tip, draw())) == (409, "agri_tips.tip_state")
    assert slug(farm.ask("clerk", "DELETE", f"managed-media/{media}")) == (409, "agri_tips.tip_state")
    for who, status in (("official@street", 200), ("anonymous", 404), ("official@sibling", 404)):
        at = "street" if who == "official@street" else "village"
        assert farm.ask(who, "GET", f"media/{media}", at=at).status_code == status


def test_order_captions_and_versions(farm, tip, slug, draw):
    first = farm.sound(farm.attach(tip, draw(), "a.png"))["media_id"]
    farm.sound(farm.attach(tip, draw(), "b.png"))
    stale = farm.version(tip)
    done = farm.sound(farm.describe(tip, 1, alt="甲", caption="会宫镇摄", place=9))
    assert [one["name"] for one in done["media"]] == ["b.png", "a.png"]
    assert slug(farm.ask("clerk", "PATCH", f"managed-media/{first}", version=stale, json={"alt": "乙"})) == (
        412,
        "kit.changed_meanwhile",
    )
    assert farm.ask("clerk", "PATCH", f"managed-media/{first}", json={"alt": "乙"}).status_code == 428
    left = farm.sound(farm.ask("clerk", "DELETE", f"managed-media/{first}"))
    assert [one["name"] for one in left["media"]] == ["b.png"]
    assert farm.world.one("select count(*) from wuji.file where owner_id = %s", tip["id"]) == 3


def test_alt_text_and_transcript_are_needed(farm, tip, draw):
    farm.sound(farm.attach(tip, draw(), "田.png"))
    farm.sound(farm.attach(tip, TALK, "话.mp3"))
    refused = farm.ask("clerk", "POST", f"managed-tips/{tip['id']}/submit")
    assert {
        error["pointer"]: "田.png" in error["message"] or "话.mp3" in error["message"]
        for error in refused.json["errors"]
    } == {"#/media/1/alt": True, "#/media/2/transcript": True}
    farm.sound(farm.describe(tip, 1, alt="稻田"))
    farm.sound(farm.describe(tip, 2, transcript="各位乡亲，\n今天讲晒田。"))
    farm.submit(tip)


def test_a_picture_within_the_text(farm, tip, draw):
    farm.sound(farm.attach(tip, draw(), "田.png"))
    farm.sound(farm.describe(tip, 1, alt='说"明"'))
    html = (
        "<h2>看</h2><p><img src='media:1' alt=别的><img src='media:7'><img src='https://elsewhere.example/x.png'></p>"
    )
    saved = farm.sound(
        farm.ask("clerk", "PATCH", f"managed-tips/{tip['id']}", version=farm.version(tip), json={"body": html})
    )
    assert saved["body"] == '<h2>看</h2><p><img src="media:1"><img src="media:7"><img></p>'
    assert [check["pointer"] for check in saved["checks"]] == ["#/body", "#/body"]
    farm.sound(
        farm.ask(
            "clerk",
            "PATCH",
            f"managed-tips/{tip['id']}",
            version=farm.version(tip),
            json={"body": html.replace("<img src='media:7'><img src='https://elsewhere.example/x.png'>", "")},
        )
    )
    farm.sound(farm.review(farm.submit(tip)))
    read = farm.sound(farm.ask("anonymous", "GET", f"tips/{tip['id']}"))
    assert read["media"] == []
    assert 'alt="说&quot;明&quot;"' in read["html"]
    assert "elsewhere" not in read["html"]


def test_sent_twice_is_attached_once(farm, tip, slug, draw):
    key = {"Idempotency-Key": "upload-1"}
    once, again = (farm.attach(tip, draw(), headers=key) for _ in range(2))
    assert once.json["media_id"] == again.json["media_id"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert slug(farm.attach(tip, draw("JPEG"), headers=key)) == (422, "kit.idempotency_other")
    assert len(farm.sound(farm.ask("clerk", "GET", f"managed-tips/{tip['id']}"))["media"]) == 1


def test_so_many_and_no_more(farm, tip, slug, draw):
    for _ in range(20):
        assert farm.attach(tip, draw()).status_code == 201
    assert slug(farm.attach(tip, draw())) == (409, "agri_tips.media_many")
