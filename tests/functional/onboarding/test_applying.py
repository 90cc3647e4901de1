"""Applying: what can be asked for, what is told to whom, and how often."""

from hashlib import sha256

import pytest

from wuji.kit.address import network
from wuji.kit.crypto import token_hash


def rows(door) -> list[tuple]:
    """Everything that applied in this world."""
    found = door.world.run(
        "select t.name, a.name, a.level, a.category, a.state, a.contact_phone from wuji.application a "
        "join wuji.tenant t on t.id = a.tenant_id where t.id = any(%s) order by a.submitted_at",
        list(door.world.tenant.values()),
    )
    return found.fetchall()


def test_anybody_applies_and_gets_a_token_once(door):
    answer = door.ask("anonymous", "POST", "/applications", json=door.wish())
    assert answer.status_code == 201
    assert answer.json["state"] == "open"
    token = answer.json["token"]
    assert token.startswith("wuji_application_")
    assert rows(door) == [("village", "河东网格", 5, "territory", "open", "0562-1234567")]
    stored = door.world.run("select token_hash, submitted_by from wuji.application where id = %s", door.id_of(token))
    assert stored.fetchone() == (token_hash(token), None)


def test_an_organisation_stands_one_level_below(door, uscc):
    for parent, level in (("district", 3), ("village", 5)):
        door.apply(parent=parent, name="农技站", code=uscc().lower(), category="agency")
        assert rows(door)[-1][:4] == (parent, "农技站", level, "agency")


def test_a_territory_may_skip_levels(door):
    code = f"{door.world.code['district']}000077"
    door.apply(parent="district", code=code, level=4)
    assert rows(door)[0][:3] == ("district", "河东网格", 4)


def test_whoever_is_logged_in_is_remembered(door):
    token = door.apply("resident")
    found = door.world.one("select submitted_by from wuji.application where id = %s", door.id_of(token))
    assert found == door.world.account["resident"]


BAD = {
    "too short a code": ({"code": "12"}, "#/code"),
    "another prefix": ({"code": "999999999999001"}, "#/code"),
    "letters in a division code": ({"code": "34072210000100A"}, "#/code"),
    "400 characters of code": ({"code": "9" * 400}, "#/code"),
    "a wrong check character": ({"code": "91340722MA2N000001", "category": "enterprise"}, "#/code"),
    "a code one short": ({"code": "12340722MB1A2345", "category": "agency"}, "#/code"),
    "no such parent": ({"parent_code": "1111"}, "#/parent_code"),
    "a parent that is no code": ({"parent_code": "../1"}, "#/parent_code"),
    "a level that is not below": ({"level": 4}, "#/level"),
    "a level that is none": ({"level": 6}, "#/level"),
    "half a level": ({"level": 4.5}, "#/level"),
    "no such category": ({"category": "party"}, "#/category"),
    "no name": ({"name": "  "}, "#/name"),
    "a long name": ({"name": "网" * 101}, "#/name"),
    "no reason": ({"reason": ""}, "#/reason"),
    "a novel": ({"reason": "字" * 1001}, "#/reason"),
    "NUL": ({"name": "网\x00格"}, "#/name"),
    "no telephone": ({"contact_phone": "call me"}, "#/contact_phone"),
    "no e-mail": ({"contact_email": "at home"}, "#/contact_email"),
    "nobody": ({"contact_name": ""}, "#/contact_name"),
    "nothing": ({"contact_name": None}, "#/contact_name"),
    "a list": ({"name": ["a"]}, "#/name"),
    "something unknown": ({"colour": "red"}, "#/colour"),
    "a root that is no territory": ({"parent_code": None, "category": "school", "code": "9111"}, "#/category"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_names_the_field_and_leaves_nothing(door, faults, case):
    given, pointer = BAD[case]
    answer = door.ask("anonymous", "POST", "/applications", json=door.wish(**given))
    assert list(faults(answer)) == [pointer]
    assert rows(door) == []


def test_whether_it_is_a_root_must_be_said(door, faults):
    wish = door.wish()
    del wish["parent_code"]
    assert list(faults(door.ask("anonymous", "POST", "/applications", json=wish))) == ["#/parent_code"]


@pytest.mark.parametrize("body", [b"{", b'{"name": "\\ud800"}', b"\xff\xfe", b"[]", b"null", b""])
def test_a_broken_body_is_a_clear_problem(door, body):
    answer = door.ask("anonymous", "POST", "/applications", data=body, content_type="application/json")
    assert answer.status_code in {400, 415, 422}
    assert answer.content_type == "application/problem+json"


def test_below_a_grid_nothing_joins(door, slug, uscc):
    wish = door.wish("grid", code=uscc(), category="association")
    assert slug(door.ask("anonymous", "POST", "/applications", json=wish)) == (422, "tenancy.nothing_below_grid")


def test_a_code_in_use_is_said_at_once(door, faults):
    wish = door.wish(code=door.world.code["grid"])
    assert "Another tenant" in faults(door.ask("anonymous", "POST", "/applications", json=wish))["#/code"]


@pytest.mark.parametrize("suspended", ["village", "district"])
def test_nobody_joins_below_a_suspended_tenant(door, faults, suspended):
    door.world.run("update wuji.tenant set state = 'suspended' where id = %s", door.world.tenant[suspended])
    answer = door.ask("anonymous", "POST", "/applications", json=door.wish())
    assert list(faults(answer)) == ["#/parent_code"]


def test_the_token_tells_what_became_of_it(door):
    wish = door.wish(contact_email="wu@example.cn")
    token = door.ask("anonymous", "POST", "/applications", json=wish).json["token"]
    found = door.status(token)
    assert found["parent"] == {"code": door.world.code["village"], "name": "village"}
    assert {name: found[name] for name in ("name", "code", "category", "contact_email")} == {
        name: wish[name] for name in ("name", "code", "category", "contact_email")
    }
    assert (found["wish"], found["level"]) == (wish["reason"], 5)
    assert [found[name] for name in ("state", "reason", "decided_at", "tenant_code", "login", "link")] == [
        "open", "", None, None, None, None
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["status", "withdraw", "amend"])
def test_a_guessed_token_finds_nothing(door, path):
    real = door.apply()
    rest = {key: value for key, value in door.wish().items() if key != "parent_code"} if path == "amend" else {}
    guesses = (
        real[:-1],
        real + "a",
        f"wuji_application_{'A' * 43}",
        "",
        real.upper(),
        real.replace("application", "link"),
    )
    answers = [door.ask("anonymous", "POST", f"/applications/{path}", json={"token": g, **rest}) for g in guesses]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert rows(door)[0][4] == "open"


def test_an_open_application_can_be_changed(door):
    token = door.apply()
    wish = {**door.wish(name="河西网格", contact_phone="13800000000"), "token": token}
    del wish["parent_code"]
    answer = door.ask("anonymous", "POST", "/applications/amend", json=wish)
    assert answer.status_code == 200
    assert (answer.json["name"], answer.json["state"]) == ("河西网格", "open")
    assert [row[1:] for row in rows(door)] == [("河西网格", 5, "territory", "open", "13800000000")]


def test_a_change_is_checked_like_an_application(door, faults):
    token = door.apply()
    wish = {**door.wish(code="999999999999001"), "token": token}
    del wish["parent_code"]
    assert list(faults(door.ask("anonymous", "POST", "/applications/amend", json=wish))) == ["#/code"]


def test_whoever_withdraws_is_forgotten_at_once(door, slug):
    token = door.apply(contact_email="wu@example.cn")
    assert door.ask("anonymous", "POST", "/applications/withdraw", json={"token": token}).status_code == 204
    found = door.status(token)
    assert [found[name] for name in ("state", "contact_name", "contact_phone", "contact_email")] == [
        "withdrawn",
        "",
        "",
        "",
    ]
    again = door.ask("anonymous", "POST", "/applications/withdraw", json={"token": token})
    assert slug(again) == (409, "onboarding.application_over")
    assert slug(door.review("official@village", "village", token)) == (409, "onboarding.withdrawn")


def test_what_happened_is_written_down_without_a_value(door):
    token = door.apply()
    door.ask("anonymous", "POST", "/applications/withdraw", json={"token": token})
    found = door.world.run(
        "select verb, tenant_id, account_id, fields, reason from wuji.journal_record where subject_id = %s order by xid",
        door.id_of(token),
    ).fetchall()
    village = door.world.tenant["village"]
    assert found == [
        ("onboarding.application.submit", village, None, [], ""),
        ("onboarding.application.withdraw", village, None, ["state"], ""),
    ]


def test_what_an_address_sends_is_limited(door, elsewhere, slug):
    for _ in range(12):
        assert door.ask("anonymous", "POST", "/applications", json=door.wish()).status_code == 201
    answer = door.ask("anonymous", "POST", "/applications", json=door.wish())
    assert slug(answer) == (429, "onboarding.wait")
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert "60 minutes" in answer.json["detail"]
    neighbour = door.address.removesuffix("1") + "2"  # the same subscriber
    assert door.ask("anonymous", "POST", "/applications", json=door.wish(), address=neighbour).status_code == 429
    assert door.ask("anonymous", "POST", "/applications", json=door.wish(), address=elsewhere()).status_code == 201
    key = sha256(f"application\0{network(door.address)}".encode()).digest()
    door.world.run("update wuji.login_attempt set until = now() where key = %s", key)
    assert door.ask("anonymous", "POST", "/applications", json=door.wish()).status_code == 201


def test_what_cannot_be_accepted_does_not_count(door):
    for _ in range(8):
        assert door.ask("anonymous", "POST", "/applications", json=door.wish(code="12")).status_code == 422
    assert door.ask("anonymous", "POST", "/applications", json=door.wish()).status_code == 201


def test_of_many_at_one_moment_no_more_pass(door, at_once):
    calls = [lambda: door.ask("anonymous", "POST", "/applications", json=door.wish())] * 19
    statuses = sorted(answer.status_code for answer in at_once(calls))
    assert statuses == [201] * 12 + [429] * 7
    assert len(rows(door)) == 12


def test_a_street_helps_ten_villages_from_one_address(door):
    """Ten apply, all are rejected, each is looked up, mended and sent again; none of it waits for another."""
    tokens = []
    for number in range(10):
        answer = door.ask("anonymous", "POST", "/applications", json=door.wish(name=f"第{number}村"))
        assert answer.status_code == 201
        tokens.append(answer.json["token"])
    for token in tokens:
        assert door.review("official@village", "village", token, "reject", reason="电话打不通").status_code == 200
    for token in tokens:
        assert door.status(token)["state"] == "rejected"
        answer = amend(door, token)
        assert (answer.status_code, answer.json["state"]) == (200, "open")


def amend(door, token, **given):
    wish = {**door.wish(**given), "token": token}
    del wish["parent_code"]
    return door.ask("anonymous", "POST", "/applications/amend", json=wish)


def test_one_application_is_not_changed_without_end(door, elsewhere, slug):
    token, other = door.apply(), door.apply()
    assert [amend(door, token).status_code for _ in range(10)] == [200] * 10
    door.address = elsewhere()  # it is the application that is counted
    answer = amend(door, token)
    assert slug(answer) == (429, "onboarding.wait")
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert amend(door, other).status_code == 200
    assert door.status(token)["state"] == "open"


def test_a_parent_gets_twenty_a_day_that_wait(door, slug):
    tokens = [door.apply() for _ in range(20)]
    answer = door.ask("anonymous", "POST", "/applications", json=door.wish())
    assert slug(answer) == (429, "onboarding.wait")
    assert 86000 < int(answer.headers["Retry-After"]) <= 86400
    assert door.ask("anonymous", "POST", "/applications", json=door.wish("sibling")).status_code == 201
    assert door.review("official@village", "village", tokens[0], "reject", reason="重复").status_code == 200
    assert door.ask("anonymous", "POST", "/applications", json=door.wish()).status_code == 201
