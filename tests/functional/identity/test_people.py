"""Accounts of others: who may bring in, help and suspend whom, and what strangers look like."""

from uuid import uuid4

import pytest


def add(people, who="official@village", at="village", **given):
    sent = {"login": f"new-{people.world.mark}", "name": "新来的", "role": "clerk", **given}
    return people.ask(who, "POST", people.at(at, "/accounts"), json=sent)


def path(people, whom, what, at="village"):
    account = people.world.account.get(whom, whom)
    return people.at(at, f"/accounts/{account}/{what}")


def test_a_newcomer_holds_exactly_the_role(people):
    answer = add(people, expires_at="2099-01-01T00:00:00+08:00")
    assert answer.status_code == 201, answer.text
    row = people.world.run(
        "select g.tenant_id, r.name, g.account_name, g.given_by, g.expires_at::date::text from wuji.role_grant g "
        "join wuji.role r on r.id = g.role_id where g.id = %s and g.account_id = %s",
        answer.json["role_grant_id"],
        answer.json["account_id"],
    ).fetchone()
    giver = people.world.account["official@village"]
    assert row == (people.world.tenant["village"], "clerk", "新来的", giver, "2098-12-31")


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"login": "X"}, "#/login"),
        ({"login": "有汉字"}, "#/login"),
        ({"login": "emoji🐂"}, "#/login"),
        ({"login": "a b"}, "#/login"),
        ({"login": "l" * 400}, "#/login"),
        ({"login": "a\u0000b"}, "#/login"),
        ({"login": "system"}, "#/login"),
        ({"name": " "}, "#/name"),
        ({"name": "n" * 101}, "#/name"),
        ({"role": "king"}, "#/role"),
        ({"role": "operator"}, "#/role"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "#/expires_at"),
        ({"expires_at": "2099-01-01T00:00:00"}, "#/expires_at"),
        ({"expires_at": "tomorrow"}, "#/expires_at"),
        ({"permissions": ["*"]}, "#/permissions"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_left(people, faults, given, pointer):
    assert list(faults(add(people, **given))) == [pointer]
    login = f"new-{people.world.mark}"
    assert people.world.one("select count(*) from wuji.account where login = %s", login) == 0


def test_a_login_is_taken_once(people, faults):
    assert add(people).status_code == 201
    assert faults(add(people, login=f" NEW-{people.world.mark} ")) == {
        "#/login": "Somebody has this login. Choose another."
    }


def test_a_name_may_be_any_name(people):
    for number, name in enumerate(("👨‍👩‍👧", "O'Brien; drop table", "阿依古丽·买买提", "%s{0}{name}")):
        answer = add(people, login=f"n{number}-{people.world.mark}", name=name)
        assert answer.status_code == 201
        kept = people.world.one("select name from wuji.account where id = %s", answer.json["account_id"])
        assert kept == name


def test_a_clerk_brings_in_residents_and_no_officials(people):
    for role, status in (("resident", 201), ("member", 201), ("clerk", 403), ("head", 403)):
        answer = add(people, "clerk", login=f"{role}-x-{people.world.mark}", role=role)
        assert answer.status_code == status, answer.text
    assert "identity.grant.give" in answer.json["detail"]


def test_who_may_not_even_ask(people):
    for who, status in (
        ("anonymous", 401),
        ("resident", 403),
        ("official@sibling", 404),
        ("official@other", 404),
        ("operator", 404),
    ):
        assert add(people, who).status_code == status


def test_foreign_and_absent_people_are_one_answer(people):
    people.world.person("gone")
    people.world.grant("gone", "village", "clerk", revoked_at="2020-01-01T00:00:00Z")
    strangers = [
        "neighbour",
        "official@street",
        "official@other",
        "stranger",
        "gone",
        "expired",
        "operator",
        str(uuid4()),
    ]
    calls = (("POST", "link", {}), ("GET", "state", {}), ("PUT", "state", {"json": {"state": "suspended"}}))
    for method, what, given in calls:
        seen = set()
        for whom in strangers:
            url = path(people, whom, what)
            answer = people.ask("official@village", method, url, headers={"If-Match": '"1"'}, **given)
            assert answer.status_code == 404, (method, whom)
            seen.add(answer.data.replace(str(people.world.account.get(whom, whom)).encode(), b"?"))
        assert len(seen) == 1


def test_one_role_elsewhere_protects(people):
    people.world.person("both", ("village", "resident"), ("city", "head"))
    for method, what, given in (
        ("POST", "link", {}),
        ("GET", "state", {}),
        ("PUT", "state", {"json": {"state": "suspended"}}),
    ):
        answer = people.ask(
            "official@village", method, path(people, "both", what), headers={"If-Match": '"1"'}, **given
        )
        assert answer.status_code == 403
        assert answer.json["type"] == "urn:wuji:problem:identity.holds_elsewhere"


def test_nobody_acts_upon_themselves(people):
    for method, what, given in (("POST", "link", {}), ("PUT", "state", {"json": {"state": "suspended"}})):
        url = path(people, "official@village", what)
        answer = people.ask("official@village", method, url, headers={"If-Match": '"1"'}, **given)
        assert answer.json["type"] == "urn:wuji:problem:identity.not_oneself"


def test_a_state_names_its_version(people):
    url = path(people, "resident", "state")
    found = people.ask("official@village", "GET", url)
    assert (found.json, found.headers["ETag"]) == ({"state": "active"}, '"1"')
    sent = {"state": "suspended"}
    assert people.ask("official@village", "PUT", url, json=sent).status_code == 428
    answers = [
        people.ask("official@village", "PUT", url, json=sent, headers={"If-Match": '"1"'}).status_code for _ in range(2)
    ]
    assert answers == [200, 412]
    again = people.ask("official@village", "PUT", url, json=sent, headers={"If-Match": '"2"'})
    assert (again.status_code, again.headers["ETag"]) == (200, '"2"')  # as it is already
    assert (
        people.ask("official@village", "PUT", url, json={"state": "gone"}, headers={"If-Match": '"2"'}).status_code
        == 422
    )


def test_the_journal_knows(people):
    added = add(people).json
    account = people.world.account["resident"]
    people.ask("official@village", "POST", path(people, "resident", "link"))
    people.ask(
        "official@village",
        "PUT",
        path(people, "resident", "state"),
        json={"state": "suspended"},
        headers={"If-Match": '"1"'},
    )
    records = people.world.run(
        "select verb, subject_id from wuji.journal_record where tenant_id = %s and account_id = %s order by id",
        people.world.tenant["village"],
        people.world.account["official@village"],
    ).fetchall()
    assert records == [
        ("identity.account.add", added["account_id"]),
        ("identity.grant.give", added["role_grant_id"]),
        ("identity.link.make", added["account_id"]),
        ("identity.link.make", str(account)),
        ("identity.account.suspend", str(account)),
    ]


def test_whoever_may_add_people_takes_over_no_account_that_waits_for_its_password(people):
    """A clerk may bring residents in; a head who has not used the first link yet is none of them."""
    added = add(people, role="head").json
    url = people.at("village", f"/accounts/{added['account_id']}/link")
    assert people.ask("clerk", "POST", url).status_code == 403
    make = "select wuji.link_make(%s, %s, now() + interval '1 h', '', %s)"
    seal = people.world.server.seal.over("link_make", added["account_id"], b"x")
    with people.world.enter("clerk", "village") as tx:
        assert tx.refused(make, added["account_id"], b"x", seal) == "42501"
        assert "identity.account.reset" in str(tx.error)
