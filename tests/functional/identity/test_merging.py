"""Two accounts of one person become one: both proven, shown before, whole or not at all."""

import pytest
from tests.functional.identity.conftest import WORDS

from wuji.testing.factories import factories


def is_refused(answer):
    return answer.status_code == 422 and [fault["pointer"] for fault in answer.json["errors"]] == ["#/code"]


def offer(people, who="neighbour"):
    answer = people.ask(who, "POST", "/me/merge-code")
    assert answer.status_code == 201, answer.text
    return answer.json["code"]


def preview(people, code, who="resident"):
    return people.ask(who, "POST", "/me/merge/preview", json={"code": code})


def merge(people, code, who="resident"):
    return people.ask(who, "POST", "/me/merge", json={"code": code})


def proven(people, ago):
    """When the two of them were."""
    ids = [people.world.account[who] for who in ("resident", "neighbour")]
    people.world.run(
        "update wuji.account_session set auth_time = now() - %s::interval where account_id = any(%s)", ago, ids
    )


def held(people, who):
    return sorted((g["tenant"]["name"], g["role"]) for g in people.ask(who, "GET", "/me").json["grants"])


def test_what_goes_along_is_shown_before(people):
    factories["plugin_agri_tips.crop_choice"](people.world, "village")
    factories["wuji.notification"](people.world, "village")
    people.world.grant("resident", "sibling", "resident")
    shown = preview(people, offer(people)).json
    assert shown["into"] == {"login": people.login_of("neighbour"), "name": "neighbour"}
    assert sorted((g["place"], g["held"]) for g in shown["grants"]) == [("sibling", True), ("village", False)]
    assert {row["count"] for row in shown["rows"]} == {1}
    assert len(shown["rows"]) == 2
    assert held(people, "resident") == [("sibling", "resident"), ("village", "resident")]


def test_one_account_has_it_all_then(people):
    world, gone, kept = people.world, people.world.account["resident"], people.world.account["neighbour"]
    factories["plugin_agri_tips.crop_choice"](world, "village")
    factories["wuji.notification"](world, "village")
    world.grant("resident", "village", "clerk", given_by=kept)
    answer = merge(people, offer(people).lower().replace("-", " "))
    assert answer.status_code == 204, answer.text
    assert people.ask("resident", "GET", "/me").status_code == 401
    assert held(people, "neighbour") == [("sibling", "resident"), ("village", "clerk"), ("village", "resident")]
    for table in ("plugin_agri_tips.crop_choice", "wuji.notification"):
        owners = world.run(f"select account_id from {table} where account_id in (%s, %s)", gone, kept).fetchall()
        assert owners == [(kept,)]
    said = people.ask("neighbour", "GET", "/me/access-log").json["items"]
    assert "identity.account.merge" in [item["verb"] for item in said]


def test_the_old_login_leads_to_the_account_that_stayed(people):
    world = people.world
    people.give_password("neighbour")
    merge(people, offer(people))
    old = people.login_of("resident")
    asked = {"login": old, "password": WORDS}
    assert people.ask("anonymous", "POST", "/session", json=asked).json["account"]["login"] == people.login_of(
        "neighbour"
    )
    world.run("update wuji.account set closed_at = now() - interval '31 days' where login = %s", old)
    rule = "select keep_for from wuji.retention where table_name = 'wuji.login_free'"
    world.run(f"select wuji.login_free(now() - ({rule}))")
    assert people.ask("anonymous", "POST", "/session", json=asked).status_code == 401


def test_where_both_have_one_the_own_one_stays(people):
    world, kept = people.world, people.world.account["neighbour"]
    factories["plugin_agri_tips.crop_choice"](world, "village", crops=["水稻"])
    factories["plugin_agri_tips.crop_choice"](world, "village", account_id=kept, crops=["茶叶"])
    assert merge(people, offer(people)).status_code == 204
    rows = world.run("select account_id, crops from plugin_agri_tips.crop_choice where account_id in (%s, %s)",
                     world.account["resident"], kept).fetchall()  # fmt: skip
    assert rows == [(kept, ["茶叶"])]


def test_what_an_official_gave_rests_on_the_account_that_stayed(people):
    world, official = people.world, people.world.account["official@village"]
    given = world.grant("stranger", "village", "clerk", given_by=official)
    assert merge(people, offer(people), "official@village").status_code == 204
    assert ("village", "head") in held(people, "neighbour")
    assert world.one("select given_by from wuji.role_grant where id = %s", given) == world.account["neighbour"]
    assert world.one("select revoked_at from wuji.role_grant where id = %s", given) is None


@pytest.mark.parametrize("code", ["BCDF-GHJK-LMNP", "x", "水稻", "' or 1=1 --"])
def test_a_code_that_is_none(people, code):
    assert is_refused(preview(people, code))
    assert is_refused(merge(people, code))


def test_a_code_is_good_once_for_a_while_and_not_for_oneself(people):
    own = offer(people, "resident")
    assert is_refused(merge(people, own))
    old = offer(people)
    code = offer(people)
    assert is_refused(preview(people, old))
    people.world.run(
        "update wuji.merge_code set expires_at = now() where account_id = %s", people.world.account["neighbour"]
    )
    assert is_refused(preview(people, code))
    code = offer(people)
    assert merge(people, code).status_code == 204
    assert is_refused(merge(people, code, "member"))


def test_it_takes_a_fresh_proof_in_both(people):
    proven(people, "1 hour")
    assert people.ask("neighbour", "POST", "/me/merge-code").json["how"] in {"password", "login"}
    proven(people, "0")
    code = offer(people)
    proven(people, "1 hour")
    assert merge(people, code).json["how"] in {"password", "login"}
    assert preview(people, code).status_code == 200
