"""Invitations: who may give what, and that they rest on the right of whoever gave them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from wuji.kit.crypto import token_hash

TOMORROW = timedelta(days=1)


def offer(role: str = "resident", uses: object = 3, lasts: timedelta = TOMORROW) -> dict:
    return {"role": role, "uses": uses, "expires_at": (datetime.now(UTC) + lasts).isoformat()}


def invite(door, who: str = "official@village", at: str = "village", **given) -> str:
    answer = door.ask(who, "POST", "/invitations", at=at, json=offer(**given))
    assert answer.status_code == 201, answer.text
    token: str = answer.json["token"]
    return token


def redeem(door, who: str, token: str, **given):
    return door.ask(who, "POST", "/invitations/redeem", json={"token": token, **given})


def left(door, token: str) -> int:
    return door.world.one("select uses_left from wuji.invitation where token_hash = %s", token_hash(token))


def test_an_invitation_is_shown_and_taken(door):
    answer = door.ask("official@village", "POST", "/invitations", at="village", json=offer())
    token = answer.json["token"]
    assert token.startswith("wuji_invitation_")
    assert answer.json["link"].endswith(f"/invitation#{token}")  # browsers keep what follows # to themselves
    shown = door.ask("anonymous", "POST", "/invitations/show", json={"token": token})
    assert shown.status_code == 200
    assert shown.json["tenant"] == {"code": door.world.code["village"], "name": "village"}
    assert (shown.json["role"], shown.json["label"]) == ("resident", "identity.role.resident")
    taken = redeem(door, "stranger", token)
    assert taken.status_code == 201
    grant = door.world.run(
        "select account_id, given_by, tenant_id, expires_at from wuji.role_grant where id = %s",
        taken.json["role_grant_id"],
    ).fetchone()
    people = (door.world.account["stranger"], door.world.account["official@village"])
    assert grant == (*people, door.world.tenant["village"], None)
    assert left(door, token) == 2


def test_what_happened_is_written_down_at_the_tenant(door):
    token = invite(door)
    grant = redeem(door, "stranger", token).json["role_grant_id"]
    found = door.world.run(
        "select verb, account_id, tenant_id from wuji.journal_record where kind in ('invitation', 'role_grant') "
        "and (subject_id = %s or account_id = %s) order by xid",
        *(grant, door.world.account["official@village"]),
    ).fetchall()
    village = door.world.tenant["village"]
    assert found == [
        ("onboarding.invitation.make", door.world.account["official@village"], village),
        ("onboarding.invitation.redeem", door.world.account["stranger"], village),
    ]


def test_whoever_has_no_account_makes_one_in_the_same_step(door):
    login, token = f"new-{uuid4().hex[:12]}", invite(door)
    person = {"login": login.upper(), "name": "新居民", "password": "correct horse battery"}
    assert redeem(door, "anonymous", token, **person).status_code == 201
    opened = door.ask("anonymous", "POST", "/session", json={"login": login, "password": "correct horse battery"})
    assert opened.status_code == 200
    door.world.cookie["new"] = opened.headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    (grant,) = door.ask("new", "GET", "/me").json["grants"]
    assert (grant["role"], grant["tenant"]["name"]) == ("resident", "village")
    assert opened.json["account"]["locale"] == "en"


@pytest.mark.parametrize(("given", "pointer"), [
    ({"password": "short"}, "#/password"),
    ({"password": "aaaaaaaaaaaa"}, "#/password"),
    ({"login": "a b"}, "#/login"),
    ({"login": "x"}, "#/login"),
    ({"name": ""}, "#/name"),
    ({"name": "a\x00"}, "#/name"),
    ({"password": None}, "#/password"),
])  # fmt: skip
def test_a_new_account_is_checked_and_nothing_is_used(door, faults, given, pointer):
    token = invite(door)
    person = {"login": f"new-{uuid4().hex[:12]}", "name": "新居民", "password": "correct horse battery"}
    assert list(faults(redeem(door, "anonymous", token, **{**person, **given}))) == [pointer]
    assert left(door, token) == 3


def test_a_login_that_is_taken_uses_nothing(door, faults):
    token = invite(door)
    person = {"login": f"resident-{door.world.mark}", "name": "别人", "password": "correct horse battery"}
    assert "#/login" in faults(redeem(door, "anonymous", token, **person))
    assert left(door, token) == 3


def test_trying_logins_out_is_slowed_down(door):
    token = invite(door)
    person = {"login": f"resident-{door.world.mark}", "name": "别人", "password": "correct horse battery"}
    statuses = [redeem(door, "anonymous", token, **person).status_code for _ in range(7)]
    assert statuses == [422] * 6 + [429]


def test_one_is_logged_in_or_says_who_one_is(door, faults, slug):
    token = invite(door)
    assert slug(redeem(door, "anonymous", token)) == (401, "kit.unauthenticated")
    assert sorted(faults(redeem(door, "anonymous", token, login="somebody"))) == ["#/name", "#/password"]
    person = {"login": "somebody", "name": "x", "password": "correct horse battery"}
    assert slug(redeem(door, "stranger", token, **person)) == (409, "onboarding.logged_in")
    assert left(door, token) == 3


def test_of_twelve_at_once_ten_uses_let_in_ten(door, at_once):
    token = invite(door, uses=10)
    people = [f"person {number}" for number in range(12)]
    for who in people:
        door.world.person(who)
    answers = at_once([lambda who=who: redeem(door, who, token) for who in people])
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [404] * 2
    assert left(door, token) == 0
    held = door.world.one(
        "select count(*) from wuji.role_grant where given_by = %s and account_id = any(%s)",
        *(door.world.account["official@village"], [door.world.account[who] for who in people]),
    )
    assert held == 10


def test_one_person_takes_it_once(door, at_once, slug):
    token = invite(door)
    answers = at_once([lambda: redeem(door, "stranger", token)] * 4)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert left(door, token) == 2
    assert slug(redeem(door, "resident", token)) == (409, "onboarding.invitation_held")


def test_nobody_takes_their_own(door, slug):
    token = invite(door, role="clerk")
    assert slug(redeem(door, "official@village", token)) == (403, "onboarding.invitation_own")
    assert left(door, token) == 3


ENDS = {
    "revoked": "update wuji.invitation set revoked_at = now() where token_hash = %s",
    "over": "update wuji.invitation set expires_at = now() where token_hash = %s",
    "used": "update wuji.invitation set uses_left = 0 where token_hash = %s",
    "its giver may not any more": "update wuji.role_grant set revoked_at = now() where account_id = "
    "(select given_by from wuji.invitation where token_hash = %s)",
    "its giver is suspended": "update wuji.account set state = 'suspended' where id = "
    "(select given_by from wuji.invitation where token_hash = %s)",
    "its tenant is suspended": "update wuji.tenant set state = 'suspended' where id = "
    "(select tenant_id from wuji.invitation where token_hash = %s)",
}


@pytest.mark.parametrize("end", ENDS)
def test_whatever_ended_it_the_answer_is_that_of_a_guess(door, end):
    token = invite(door, role="clerk")
    door.world.run(ENDS[end], token_hash(token))
    uses = left(door, token)
    for path in ("show", "redeem"):
        ended, guessed = (
            door.ask("stranger", "POST", f"/invitations/{path}", json={"token": t}) for t in (token, token[:-2] + "xx")
        )
        assert (ended.status_code, ended.data) == (404, guessed.data)
    assert left(door, token) == uses


def test_it_rests_on_what_its_giver_may_give_now(door):
    """The head becomes a clerk: residents may still come in, officials may not."""
    tokens = [invite(door, role=role) for role in ("resident", "clerk")]
    who = door.world.account["official@village"]
    door.world.run("update wuji.role_grant set role_id = %s where account_id = %s", door.world.role["clerk"], who)
    assert [redeem(door, "stranger", token).status_code for token in tokens] == [201, 404]


def test_an_official_s_grant_ends_with_the_right_it_rests_on(door):
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    who = door.world.account["official@village"]
    door.world.run("update wuji.role_grant set expires_at = %s where account_id = %s", end, who)
    found = {}
    for role, person in (("clerk", "stranger"), ("resident", "member")):
        grant = redeem(door, person, invite(door, role=role)).json["role_grant_id"]
        found[role] = door.world.one("select expires_at from wuji.role_grant where id = %s", grant)
    assert found == {"clerk": end, "resident": None}


def test_who_may_give_what(door):
    cases = (
        ("clerk", "village", "resident", 201),
        ("clerk", "village", "clerk", 403),
        ("clerk", "village", "head", 403),
        ("official@village", "village", "head", 201),
        ("official@street", "village", "clerk", 201),
        ("official@village", "village", "operator", 422),
        ("official@village", "village", "nobody", 422),
        ("resident", "village", "resident", 403),
        ("official@grid", "village", "resident", 404),
        ("official@sibling", "village", "resident", 404),
        ("operator", "village", "head", 404),
        ("anonymous", "village", "resident", 401),
    )
    for who, at, role, status in cases:
        assert door.ask(who, "POST", "/invitations", at=at, json=offer(role)).status_code == status, (who, role)
    refused = door.ask("clerk", "POST", "/invitations", at="village", json=offer("clerk"))
    assert "identity.grant.give" in refused.json["detail"]


def test_no_class_above_one_s_own(door, slug):
    """A role of the root that opens what officials see, offered by somebody who is none."""
    world = door.world
    for name, reach, held, shown in (
        ("doorkeeper", "subtree", ["onboarding.invitation.make", "identity.account.add"], 1),
        ("insider", "audience", [], 3),
    ):
        row = {"name": name, "label": name, "permissions": held, "reach": reach, "class": shown}
        world.role[name] = world.insert("wuji.role", {"tenant_id": world.tenant["city"], **row})
    world.person("doorkeeper")
    world.grant("doorkeeper", "village", "doorkeeper")
    refused = door.ask("doorkeeper", "POST", "/invitations", at="village", json=offer("insider"))
    assert slug(refused) == (403, "identity.role_above")
    assert door.ask("doorkeeper", "POST", "/invitations", at="village", json=offer("resident")).status_code == 201


@pytest.mark.parametrize(("given", "pointer"), [
    ({"uses": 0}, "#/uses"),
    ({"uses": 501}, "#/uses"),
    ({"uses": -1}, "#/uses"),
    ({"uses": True}, "#/uses"),
    ({"uses": 10**30}, "#/uses"),
    ({"lasts": timedelta(days=91)}, "#/expires_at"),
    ({"lasts": -TOMORROW}, "#/expires_at"),
    ({"role": ""}, "#/role"),
])  # fmt: skip
def test_bad_input(door, faults, given, pointer):
    answer = door.ask("official@village", "POST", "/invitations", at="village", json=offer(**given))
    assert list(faults(answer)) == [pointer]


def test_a_time_without_its_zone_is_not_guessed(door, faults):
    sent = {**offer(), "expires_at": "2030-01-01T00:00:00"}
    assert "#/expires_at" in faults(door.ask("official@village", "POST", "/invitations", at="village", json=sent))


def test_the_list_shows_what_lives_and_never_a_token(door):
    tokens = [invite(door), invite(door, role="clerk"), invite(door, who="official@street")]
    door.world.run("update wuji.invitation set expires_at = now() where token_hash = %s", token_hash(tokens[1]))
    answer = door.ask("clerk", "GET", "/invitations", at="village")
    found = [(item["role"], item["state"], item["given_by"]) for item in answer.json["items"]]
    assert found == [
        ("resident", "live", None),  # by somebody above: not named here
        ("clerk", "over", "official@village"),
        ("resident", "live", "official@village"),
    ]
    assert not any(token in answer.text for token in tokens)
    live = door.ask("clerk", "GET", "/invitations?state=live&role=resident", at="village").json
    assert live["total"]["value"] == 2


def test_revoking_ends_it_and_what_was_taken_stays(door):
    token = invite(door)
    redeem(door, "stranger", token)
    (item,) = door.ask("official@village", "GET", "/invitations", at="village").json["items"]
    path = f"/invitations/{item['id']}"
    assert door.ask("official@village", "DELETE", path, at="village").status_code == 204
    assert redeem(door, "member", token).status_code == 404
    assert [grant["role"] for grant in door.ask("stranger", "GET", "/me").json["grants"]] == ["resident"]
    assert door.ask("official@village", "DELETE", path, at="village").status_code == 404
    assert door.ask("official@village", "GET", "/invitations?state=revoked", at="village").json["total"]["value"] == 1


@pytest.mark.parametrize("who", ["official@sibling", "official@grid", "official@other"])
def test_foreign_is_absent(door, who):
    token = invite(door)
    at = who.partition("@")[2]
    foreign = str(door.world.one("select id from wuji.invitation where token_hash = %s", token_hash(token)))
    absent = str(uuid4())
    one, other = (door.ask(who, "DELETE", f"/invitations/{found}", at=at) for found in (foreign, absent))
    assert one.status_code == other.status_code == 404
    assert one.data.replace(foreign.encode(), b"?") == other.data.replace(absent.encode(), b"?")
    assert redeem(door, "stranger", token).status_code == 201
