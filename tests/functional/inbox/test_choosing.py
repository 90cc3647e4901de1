"""What somebody wants to be told: by topic and channel, by the hour, and as the last of their devices left it."""

import pytest

PATH = "/me/notification-settings"
WISH = {"chosen": {}, "quiet": None, "digest_at": "08:00", "zone": None}


def wish(post, version: int = 1, who: str = "resident", **changes):
    return post.ask(who, "PUT", PATH, version=version, json={**WISH, **changes})


def topics(answer) -> dict:
    return {one["topic"]: one for one in answer.json["topics"]}


def test_what_is_usual(post):
    shown = post.ask("resident", "GET", PATH)
    assert shown.headers["ETag"] == '"1"'
    assert (shown.json["quiet"], shown.json["digest_at"], shown.json["zone"]) == (None, "08:00", None)
    decided = topics(shown)["inbox.decision"]
    assert decided["timings"] == {"inbox": "now", "email": "now", "webhook": "off"}
    assert (decided["chosen"], decided["label"]) == ({}, "The answer to an application")
    assert [(one["channel"], one["ready"]) for one in shown.json["channels"]] == [
        ("inbox", True),
        ("email", False),
        ("webhook", False),
    ]


def test_a_wish_stands_as_it_was_made(post):
    chosen = {"inbox.decision": {"email": "off", "webhook": "digest"}, "agri_tips.issue": {"inbox": "off"}}
    quiet = {"from": "21:30", "until": "07:00"}
    made = wish(post, chosen=chosen, quiet=quiet, digest_at="18:05", zone="Asia/Urumqi")
    assert (made.status_code, made.headers["ETag"]) == (200, '"2"')
    shown = post.ask("resident", "GET", PATH)
    assert shown.json == made.json
    assert (shown.json["quiet"], shown.json["digest_at"], shown.json["zone"]) == (quiet, "18:05", "Asia/Urumqi")
    assert {name: one["chosen"] for name, one in topics(shown).items() if one["chosen"]} == chosen
    back = wish(post, version=2)
    assert not any(one["chosen"] for one in back.json["topics"])


def test_the_other_device_was_faster(post):
    assert wish(post, digest_at="09:00").status_code == 200
    assert wish(post).status_code == 412
    assert post.ask("resident", "PUT", PATH, json=WISH).status_code == 428
    version = int(post.ask("resident", "GET", PATH).headers["ETag"].strip('"'))
    assert wish(post, version=version).status_code == 200


def test_what_a_module_that_rests_was_told_is_kept(post):
    post.choose("resident", choices='{"gone.thing": {"email": "off"}}')
    assert wish(post, chosen={"inbox.decision": {"email": "off"}}).status_code == 200
    kept = post.world.one("select choices from wuji.subscription where account_id = %s", post.world.account["resident"])
    assert kept == {"gone.thing": {"email": "off"}, "inbox.decision": {"email": "off"}}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"chosen": {"no.such": {"email": "now"}}}, "#/chosen/no.such"),
        ({"chosen": {"inbox.decision": {"pigeon": "now"}}}, "#/chosen/inbox.decision/pigeon"),
        ({"chosen": {"inbox.decision": {"inbox": "digest"}}}, "#/chosen/inbox.decision/inbox"),
        ({"chosen": {"inbox.decision": {"email": "later"}}}, None),
        ({"chosen": []}, "#/chosen"),
        ({"quiet": {"from": "25:00", "until": "07:00"}}, "#/quiet/from"),
        ({"quiet": {"from": "21:00"}}, "#/quiet/until"),
        ({"digest_at": "8 o'clock"}, "#/digest_at"),
        ({"zone": "Moon/Sea"}, "#/zone"),
        ({"more": 1}, "#/more"),
    ],
)
def test_what_cannot_be_chosen_is_said(post, change, pointer):
    refused = wish(post, **change)
    assert refused.status_code == 422
    assert pointer in {None, *(fault["pointer"] for fault in refused.json["errors"])}
    assert post.ask("resident", "GET", PATH).headers["ETag"] == '"1"'


def test_whoever_reviews_is_offered_what_reviewers_are_told(post):
    assert "inbox.application" not in topics(post.ask("resident", "GET", PATH))
    assert "inbox.application" in topics(post.ask("official@village", "GET", PATH))
    assert "inbox.trouble" not in topics(post.ask("official@city", "GET", PATH))
    assert "inbox.trouble" in topics(post.ask("operator", "GET", PATH))


def test_a_channel_is_ready_once_its_address_is_proven(post):
    post.named("resident", "email", "r@example.org")
    ready = {one["channel"]: one["ready"] for one in post.ask("resident", "GET", PATH).json["channels"]}
    assert ready == {"inbox": True, "email": True, "webhook": False}
