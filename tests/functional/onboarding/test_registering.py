"""Residents who bring themselves: where the place lets them, at once or after somebody has looked."""

from secrets import token_hex

import pytest
from psycopg.types.json import Jsonb

from wuji.identity.life import routes
from wuji.identity.life.purposes import PURPOSES, Purpose
from wuji.testing.factories import factories

AGREED = {"edition": 1}


def take_in(door, mode, at="village"):
    factories["wuji.setting_value"](door.world, at, key="onboarding.registration", value=Jsonb(mode))


def person(**given):
    return {"login": f"new-{token_hex(6)}", "name": "张桂花", "password": "correct horse battery", **AGREED, **given}


def register(door, who="anonymous", at="village", **given):
    return door.ask(who, "POST", "/registration", at=at, json=given)


def terms(door, who="anonymous", at="village"):
    return door.ask(who, "GET", "/registration", at=at).json


def listed(door, who="clerk", at="village"):
    return door.ask(who, "GET", "/registrations", at=at).json["items"]


def answer_all(door, decision="accept", who="clerk", at="village", **given):
    (row,) = [row for row in listed(door, who, at) if row["state"] == "open"]
    return door.ask(who, "POST", f"/registrations/{row['id']}/review", at=at, json={"decision": decision, **given})


def log_in(door, newcomer):
    """The cookie's owner asks for themselves from now on."""
    given = {"login": newcomer["login"], "password": newcomer["password"]}
    answer = door.ask("anonymous", "POST", "/session", json=given)
    assert answer.status_code == 200, answer.text
    name = newcomer["login"]
    door.world.cookie[name] = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
    return name


def places(door, who):
    return [(grant["tenant"]["name"], grant["role"]) for grant in door.ask(who, "GET", "/me").json["grants"]]


def test_nobody_is_taken_in_where_the_place_says_nothing(door, slug):
    assert terms(door)["mode"] == "off"
    assert slug(register(door, **person())) == (409, "onboarding.registration_off")
    assert slug(register(door, "stranger", **AGREED)) == (409, "onboarding.registration_off")


def test_at_once_where_the_place_is_open(door):
    take_in(door, "open", at="street")  # the village does as the street says
    found = terms(door)
    assert (found["mode"], found["standing"], found["agreed"]) == ("open", None, False)
    assert found["purpose"]["text"]
    newcomer = person()
    answer = register(door, **newcomer)
    assert (answer.status_code, answer.json["state"]) == (201, "accepted")
    who = log_in(door, newcomer)
    assert places(door, who) == [("village", "resident")]
    consents = door.ask(who, "GET", "/me/consents").json
    assert [(one["purpose"], one["edition"], one["due"]) for one in consents["items"]] == [("account", 1, False)]
    assert (consents["asked"], terms(door, who)["standing"]) == ([], "held")


def test_after_a_look_where_the_place_wants_one(door):
    take_in(door, "review")
    newcomer = person(note="河东 12 号，李家老二")
    assert register(door, **newcomer).json["state"] == "open"
    who = log_in(door, newcomer)
    assert places(door, who) == []
    assert terms(door, who)["standing"] == "open"
    (row,) = listed(door)
    assert (row["account_name"], row["note"], row["own"]) == ("张桂花", "河东 12 号，李家老二", False)
    assert answer_all(door).status_code == 204
    assert places(door, who) == [("village", "resident")]
    (row,) = listed(door)
    assert (row["state"], row["decided_by"]) == ("accepted", "clerk")


def test_a_rejection_says_why_and_they_may_ask_again(door, faults, slug):
    take_in(door, "review")
    assert register(door, "stranger", **AGREED).json["state"] == "open"
    assert slug(register(door, "stranger", **AGREED)) == (409, "onboarding.registration_waits")
    assert "#/reason" in faults(answer_all(door, "reject"))
    assert answer_all(door, "reject", reason="不住在本村").status_code == 204
    (own,) = door.ask("stranger", "GET", "/me/registrations").json["items"]
    assert (own["state"], own["reason"], own["tenant_name"]) == ("rejected", "不住在本村", "village")
    assert register(door, "stranger").json["state"] == "open"  # agreed before


def test_it_can_be_withdrawn_and_nothing_is_decided_then(door, slug):
    take_in(door, "review")
    register(door, "stranger", **AGREED)
    (own,) = door.ask("stranger", "GET", "/me/registrations").json["items"]
    assert door.ask("resident", "DELETE", f"/me/registrations/{own['id']}").status_code == 404
    assert door.ask("stranger", "DELETE", f"/me/registrations/{own['id']}").status_code == 204
    path = f"/registrations/{own['id']}/review"
    answer = door.ask("clerk", "POST", path, at="village", json={"decision": "accept"})
    assert slug(answer) == (409, "onboarding.registration_decided")


def test_only_whoever_may_looks(door):
    take_in(door, "review")
    register(door, "stranger", **AGREED)
    (row,) = listed(door)
    path, yes = f"/registrations/{row['id']}/review", {"decision": "accept"}
    assert door.ask("official@sibling", "POST", path, at="sibling", json=yes).status_code == 404
    assert door.ask("resident", "POST", path, at="village", json=yes).status_code in {403, 404}
    assert [one["id"] for one in listed(door, "official@street", "street")] == [row["id"]]


def test_officials_who_register_are_looked_at_by_others(door, slug):
    take_in(door, "review", at="grid")
    assert register(door, "official@village", "grid", **AGREED).json["state"] == "open"
    (row,) = listed(door, "official@village", "village")
    assert row["own"] is True
    path = f"/registrations/{row['id']}/review"
    answer = door.ask("official@village", "POST", path, at="village", json={"decision": "accept"})
    assert slug(answer) == (403, "onboarding.registration_own")


def test_nobody_agrees_to_a_text_that_is_not_in_force(door, faults):
    take_in(door, "open")
    for edition in ({"edition": 0}, {"edition": 2}):
        assert "#/edition" in faults(register(door, **person(**edition)))
        assert "#/edition" in faults(register(door, "stranger", **edition))
    without = person()
    del without["edition"]
    assert "#/edition" in faults(register(door, **without))
    assert door.world.one("select count(*) from wuji.account where login = %s", without["login"]) == 0
    given = {"purpose": "account", "edition": 3}
    assert "#/edition" in faults(door.ask("resident", "POST", "/me/consents", json=given))
    assert "#/purpose" in faults(door.ask("resident", "POST", "/me/consents", json={**given, "purpose": "sale"}))


def test_a_newer_text_is_asked_for(door, monkeypatch):
    give = {"purpose": "account", **AGREED}
    assert door.ask("resident", "POST", "/me/consents", json=give).status_code == 204
    assert door.ask("resident", "POST", "/me/consents", json=give).status_code == 204  # twice is once
    monkeypatch.setitem(PURPOSES, "account", Purpose("account", 2))
    shown = []
    monkeypatch.setattr(
        routes, "said", lambda _texts, _locale, purpose: shown.append(purpose.edition) or {"title": "x"}
    )
    found = door.ask("resident", "GET", "/me/consents").json
    assert [(one["edition"], one["withdrawn_at"], one["due"]) for one in found["items"]] == [(1, None, True)]
    assert (len(found["asked"]), shown) == (1, [1, 2])
    newer = door.ask("resident", "POST", "/me/consents", json={**give, "edition": 2})
    assert newer.status_code == 204
    found = door.ask("resident", "GET", "/me/consents").json
    assert [(one["edition"], one["withdrawn_at"] is None) for one in found["items"]] == [(2, True), (1, False)]
    assert found["asked"] == []


def test_a_login_that_is_taken_makes_nothing(door, faults):
    take_in(door, "open")
    taken = f"resident-{door.world.mark}"
    assert "#/login" in faults(register(door, **person(login=taken)))
    assert "#/password" in faults(register(door, **person(password="123")))


@pytest.mark.parametrize("given", [{}, {"name": "张桂花"}, {"login": "zhang"}])
def test_half_a_person_is_none(door, given):
    take_in(door, "open")
    assert register(door, **given).status_code in {401, 422}


def test_floods_are_slowed_down(door, slug):
    take_in(door, "review")
    village = door.world.tenant["village"]
    door.world.run(
        "with a as (insert into wuji.account(login, name) select %s || n, 'x' from generate_series(1, 200) n returning id) "
        "insert into wuji.registration(tenant_id, account_id, account_name) select %s, id, 'x' from a",
        *(f"f{token_hex(6)}", village),
    )
    newcomer = person()
    assert slug(register(door, **newcomer)) == (429, "onboarding.wait")
    assert door.world.one("select count(*) from wuji.account where login = %s", newcomer["login"]) == 0


def test_what_nobody_answers_ends(door):
    take_in(door, "review")
    register(door, "stranger", **AGREED)
    account = door.world.account["stranger"]
    door.world.run(
        "update wuji.registration set submitted_at = now() - interval '61 days' where account_id = %s", account
    )
    rule = "select keep_for from wuji.retention where table_name = 'wuji.registration_lapse'"
    door.world.run(f"select wuji.registration_lapse(now() - ({rule}))")
    (own,) = door.ask("stranger", "GET", "/me/registrations").json["items"]
    assert own["state"] == "withdrawn"
