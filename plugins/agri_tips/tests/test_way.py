"""The way of a tip: written in a village, reviewed above, read by whom it is for, changed, withdrawn."""

import pytest

from wuji_agri_tips.testing import WHOLE


def texts(answer):
    return [item["title"] for item in answer.json["items"]]


def test_from_draft_to_reader(farm):
    tip = farm.write(body="<h2>怎么查</h2><p onclick='x()'>看基部</p><script>alert(1)</script>")
    assert (tip["state"], tip["body"], tip["own"]) == ("draft", "<h2>怎么查</h2><p>看基部</p>", True)
    assert tip["may"] == ["edit", "submit", "delete"]
    waiting = farm.submit(tip)
    assert (waiting["state"], waiting["may"], bool(waiting["due_on"])) == ("in_review", ["take_back"], True)
    shown = farm.sound(farm.review(waiting))
    assert (shown["state"], shown["may"]) == ("published", ["withdraw"])
    read = farm.sound(farm.ask("anonymous", "GET", f"tips/{tip['id']}"))
    assert (read["title"], read["reviewer"]["name"]) == (tip["title"], "street")
    (item,) = farm.sound(farm.ask("anonymous", "GET", "tips?month=7&term=14&subject=rice"))["items"]
    assert item["id"] == tip["id"]
    for nothing in ("month=8", "term=1", "subject=tea", "level=3", "q=%E6%A3%89"):
        assert farm.sound(farm.ask("anonymous", "GET", f"tips?{nothing}"))["items"] == []


def test_a_draft_may_lack_anything_and_says_what(farm):
    tip = farm.sound(farm.ask("clerk", "POST", "managed-tips", json={}))
    assert {check["pointer"] for check in tip["checks"]} == {
        f"#/{name}" for name in ("months", "subject", "title", "summary", "body")
    }
    refused = farm.ask("clerk", "POST", f"managed-tips/{tip['id']}/submit")
    assert refused.status_code == 422
    assert {error["pointer"] for error in refused.json["errors"]} == {check["pointer"] for check in tip["checks"]}
    assert farm.sound(farm.ask("clerk", "GET", f"managed-tips/{tip['id']}"))["state"] == "draft"


def test_returned_with_a_reason_and_sent_again(farm, slug):
    tip = farm.submit(farm.write())
    without = farm.ask(
        "official@street", "POST", f"managed-tips/{tip['id']}/review", at="street", json={"decision": "return"}
    )
    assert without.json["errors"][0]["pointer"] == "#/reason"
    back = farm.sound(
        farm.ask(
            "official@street",
            "POST",
            f"managed-tips/{tip['id']}/review",
            at="street",
            json={"decision": "return", "reason": "用量没写单位"},
        )
    )
    assert (back["state"], back["reason"], back["reviewer"]["name"]) == ("returned", "用量没写单位", "street")
    seen = farm.sound(farm.ask("clerk", "GET", f"managed-tips/{tip['id']}"))
    assert "edit" in seen["may"]
    assert slug(farm.review(tip)) == (409, "agri_tips.tip_state")
    changed = farm.sound(
        farm.ask("clerk", "PATCH", f"managed-tips/{tip['id']}", version=farm.version(tip), json={"locality": "圩区"})
    )
    assert changed["locality"] == "圩区"
    again = farm.submit(changed)
    assert (again["state"], again["reason"]) == ("in_review", "")
    assert farm.sound(farm.review(again))["state"] == "published"


def test_taken_back_and_deleted(farm, slug):
    tip = farm.submit(farm.write())
    assert farm.sound(farm.ask("clerk", "POST", f"managed-tips/{tip['id']}/take-back"))["state"] == "draft"
    assert slug(farm.review(tip)) == (409, "agri_tips.tip_state")
    assert farm.ask("clerk", "DELETE", f"managed-tips/{tip['id']}").status_code == 204
    assert farm.ask("clerk", "GET", f"managed-tips/{tip['id']}").status_code == 404
    shown = farm.publish()
    assert slug(farm.ask("clerk", "DELETE", f"managed-tips/{shown['id']}")) == (409, "agri_tips.tip_state")


def test_a_change_is_reviewed_while_readers_keep_what_they_have(farm, slug, draw):
    first = farm.write()
    farm.sound(farm.attach(first, draw(), "甲.png"))
    farm.sound(farm.describe(first, 1, alt="甲"))
    shown = farm.sound(farm.review(farm.submit(first)))
    farm.ask("anonymous", "POST", f"tips/{shown['id']}/reads")
    change = farm.sound(farm.ask("clerk", "POST", f"managed-tips/{shown['id']}/revision"))
    assert (change["replaces_id"], change["state"], change["title"]) == (shown["id"], "draft", shown["title"])
    assert slug(farm.ask("clerk", "POST", f"managed-tips/{shown['id']}/revision")) == (409, "agri_tips.tip_replaced")
    farm.sound(farm.ask("clerk", "PATCH", f"managed-tips/{change['id']}", version=1, json={"title": "新的标题"}))
    farm.sound(farm.ask("clerk", "DELETE", f"managed-media/{change['media'][0]['id']}"))
    farm.sound(farm.attach(change, draw("JPEG"), "乙.jpg"))
    farm.sound(farm.describe(change, 1, alt="乙"))
    farm.submit(change)
    old = farm.sound(farm.ask("anonymous", "GET", f"tips/{shown['id']}"))
    assert (old["title"], old["media"][0]["alt"]) == (shown["title"], "甲")
    assert farm.ask("anonymous", "GET", old["media"][0]["url"]).status_code == 200
    assert farm.ask("anonymous", "GET", f"tips/{change['id']}").status_code == 404
    done = farm.sound(farm.review(change))
    assert (done["id"], done["title"], done["reads"], done["revision_id"]) == (shown["id"], "新的标题", 1, None)
    new = farm.sound(farm.ask("anonymous", "GET", f"tips/{shown['id']}"))
    assert (new["title"], [one["alt"] for one in new["media"]]) == ("新的标题", ["乙"])
    assert farm.ask("anonymous", "GET", new["media"][0]["url"]).status_code == 200
    assert farm.ask("anonymous", "GET", old["media"][0]["url"]).status_code == 404
    assert farm.world.one("select count(*) from wuji.file where owner_id = %s", first["id"]) == 0
    assert farm.ask("clerk", "GET", f"managed-tips/{change['id']}").status_code == 404


def test_withdrawn_with_a_reason_and_mended(farm, draw):
    tip = farm.write()
    farm.sound(farm.attach(tip, draw()))
    farm.sound(farm.describe(tip, 1, alt="田"))
    shown = farm.sound(farm.review(farm.submit(tip)))
    picture = farm.sound(farm.ask("anonymous", "GET", f"tips/{tip['id']}"))["media"][0]["url"]
    assert farm.ask("clerk", "POST", f"managed-tips/{tip['id']}/withdraw", json={"reason": "错"}).status_code == 403
    gone = farm.sound(
        farm.ask(
            "official@street", "POST", f"managed-tips/{shown['id']}/withdraw", at="street", json={"reason": "药名写错"}
        )
    )
    assert (gone["state"], gone["reason"]) == ("withdrawn", "药名写错")
    assert farm.ask("anonymous", "GET", f"tips/{tip['id']}").status_code == 404
    assert farm.ask("anonymous", "GET", picture).status_code == 404
    assert farm.sound(farm.ask("anonymous", "GET", "tips"))["items"] == []
    mended = farm.sound(farm.ask("clerk", "POST", f"managed-tips/{tip['id']}/revision"))
    back = farm.sound(farm.review(farm.submit(mended)))
    assert (back["id"], back["state"]) == (tip["id"], "published")
    assert farm.ask("anonymous", "GET", f"tips/{tip['id']}").status_code == 200


@pytest.mark.parametrize(("wrong", "pointer"), [
    ({"months": [13]}, "#/months/0"),
    ({"months": [1.5]}, "#/months/0"),
    ({"terms": [0]}, "#/terms/0"),
    ({"subject": "dragon"}, "#/subject"),
    ({"title": "长" * 61}, "#/title"),
    ({"title": "a\u0000b"}, "#/title"),
    ({"body": "x" * 40_001}, "#/body"),
    ({"state": "published"}, "#/state"),
    ({"audience": "everybody"}, "#/audience"),
    ({"reach": "0000"}, "#/reach"),
])  # fmt: skip
def test_what_cannot_stand_is_named(farm, wrong, pointer):
    answer = farm.ask("clerk", "POST", "managed-tips", json={**WHOLE, **wrong})
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert farm.sound(farm.ask("clerk", "GET", "managed-tips"))["items"] == []


def test_the_journal_tells_the_whole_way(farm):
    tip = farm.publish()
    change = farm.sound(farm.ask("clerk", "POST", f"managed-tips/{tip['id']}/revision"))
    farm.sound(farm.review(farm.submit(change)))
    verbs = farm.world.run(
        "select verb from wuji.journal_record where subject_id = %s order by xid, id", tip["id"]
    ).fetchall()
    assert [verb.removeprefix("agri_tips.tip.") for (verb,) in verbs] == [
        "begin",
        "change",
        "submit",
        "publish",
        "revise",
        "submit",
        "publish",
    ]


def test_sent_twice_is_done_once(farm):
    key = {"Idempotency-Key": "write-1"}
    once, again = (farm.ask("clerk", "POST", "managed-tips", json=WHOLE, headers=key) for _ in range(2))
    assert once.json["id"] == again.json["id"]
    assert len(farm.sound(farm.ask("clerk", "GET", "managed-tips"))["items"]) == 1
