"""A person's own account: what they hold, name and language, password."""

import pytest
from sqlalchemy import event

from wuji.identity.passwords import hash_password

ME = {"If-Match": '"1"'}
LABELS = '{"zh-CN": "门卫", "en": "Porter"}'
PORTER = {"name": "porter", "label": "门卫", "labels": LABELS, "reach": "audience", "class": 2}


def test_who_one_is_and_what_one_holds(people):
    people.world.person("busy", ("village", "clerk"), ("city", "resident"), (None, "operator"))
    people.world.grant("busy", "other", "head", revoked_at="2020-01-01T00:00:00Z")
    answer = people.ask("busy", "GET", "/me")
    assert answer.headers["ETag"] == '"1"'
    grants = answer.json["grants"]
    tenants = [grant["tenant"] for grant in grants]
    assert tenants == [
        None,
        {"code": people.world.code["city"], "name": "city", "level": 1},
        {"code": people.world.code["village"], "name": "village", "level": 4},
    ]
    assert [(g["role"], g["label"]) for g in grants] == [
        (role, f"identity.role.{role}") for role in ("operator", "resident", "clerk")
    ]
    assert grants[1]["permissions"] == []
    assert grants[1]["labels"] == {}, "the catalogue has its words"
    assert "identity.account.add" in grants[2]["permissions"]
    assert {grant["expires_at"] for grant in grants} == {None}


def test_a_role_of_a_root_and_a_suspended_tenant(people):
    """A root's own role is beyond the scope of an account by itself; what lies below a suspended tenant is worth nothing."""
    world = people.world
    number = world.insert(
        "wuji.role",
        {**PORTER, "tenant_id": world.tenant["city"]},
    )
    world.person("porter")
    world.grant("porter", "village", "resident", role_id=number)
    (grant,) = people.ask("porter", "GET", "/me").json["grants"]
    assert (grant["role"], grant["label"], grant["tenant"]["name"]) == ("porter", "门卫", "village")
    assert grant["labels"] == {"zh-CN": "门卫", "en": "Porter"}
    world.run("update wuji.tenant set state = 'suspended' where id = %s", world.tenant["street"])
    assert people.ask("porter", "GET", "/me").json["grants"] == []


def test_a_new_name_is_seen_where_officials_look(people):
    answer = people.ask("resident", "PATCH", "/me", json={"name": " 王🐂小妹 ", "locale": "en"}, headers=ME)
    assert answer.status_code == 200, answer.text
    assert (answer.json["name"], answer.json["locale"], answer.headers["ETag"]) == ("王🐂小妹", "en", '"2"')
    items = people.ask("official@village", "GET", people.at("village", "/grants?q=王🐂")).json["items"]
    assert [item["account_name"] for item in items] == ["王🐂小妹"]
    record = people.world.run(
        "select verb, fields from wuji.journal_record where account_id = %s", people.world.account["resident"]
    ).fetchall()
    assert record == [("identity.account.change", ["locale", "name"])]


def test_two_people_saving_at_once(people):
    assert people.ask("resident", "PATCH", "/me", json={"name": "a"}, headers=ME).status_code == 200
    assert people.ask("resident", "PATCH", "/me", json={"name": "b"}, headers=ME).status_code == 412
    assert people.ask("resident", "PATCH", "/me", json={"name": "b"}).status_code == 428
    assert people.ask("resident", "PATCH", "/me", json={"name": "b"}, headers={"If-Match": '"x"'}).status_code == 412
    assert people.ask("resident", "GET", "/me").json["account"]["name"] == "a"


def test_nothing_to_change_changes_nothing(people):
    for sent in ({}, {"name": "resident"}, {"locale": "zh-CN"}):
        answer = people.ask("resident", "PATCH", "/me", json=sent, headers=ME)
        assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')


@pytest.mark.parametrize(
    "sent",
    [{"name": ""}, {"name": "x" * 101}, {"name": "a\u0000"}, {"name": None}, {"locale": "fr"}, {"login": "other"}],
)
def test_what_a_name_cannot_be(people, faults, sent):
    answer = people.ask("resident", "PATCH", "/me", json=sent, headers=ME)
    assert list(faults(answer)) == [f"#/{next(iter(sent))}"]


def test_a_new_password(people):
    people.give_password("resident", "the old password")
    elsewhere, here = people.browser(), people.browser()
    for browser in (elsewhere, here):
        people.log_in("resident", "the old password", client=browser)
    sent = {"present_password": "the old password", "password": "the new password"}
    answer = people.ask(here, "POST", "/me/password", json=sent)
    assert (answer.status_code, answer.data) == (204, b"")
    assert people.ask(here, "GET", "/me").status_code == 200
    assert people.ask(elsewhere, "GET", "/me").status_code == 401
    assert people.log_in("resident", "the old password").status_code == 401
    assert people.log_in("resident", "the new password").status_code == 200


def test_a_wrong_present_password_is_slowed_down_like_a_login(people, faults):
    people.give_password("resident", "the old password")
    sent = {"present_password": "not this one", "password": "the new password"}
    for _ in range(6):
        assert list(faults(people.ask("resident", "POST", "/me/password", json=sent))) == ["#/present_password"]
    assert people.ask("resident", "POST", "/me/password", json=sent).status_code == 429
    assert people.ask("member", "POST", "/me/password", json=sent).status_code == 422  # has none at all


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short", "This has 5 characters; at least 10 are needed."),
        ("x" * 129, "This has 129 characters; at most 128 fit."),
        ("password123", "This password is so common"),
        ("PassWord123", "This password is so common"),
        ("aaaaaaaaaaaa", "This password is so common"),
        ("LOGIN", "The password cannot be the login."),
    ],
)
def test_what_a_password_cannot_be(people, faults, password, message):
    people.world.person("a longer login")
    people.give_password("a longer login", "the old password")
    wanted = people.login_of("a longer login").upper() if password == "LOGIN" else password
    sent = {"present_password": "the old password", "password": wanted}
    found = faults(people.ask("a longer login", "POST", "/me/password", json=sent))
    assert found["#/password"].startswith(message)


def test_the_hot_routes_ask_few_questions(people):
    """The door, the account, the grants; the door and one list."""
    statements = []
    engine = people.app.extensions["wuji"].engine

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    people.ask("resident", "GET", "/me")  # prolongs the session, once a minute
    people.ask("official@village", "GET", "/me")
    event.listen(engine, "before_cursor_execute", note)
    try:
        for who, path, most in (
            ("resident", "/me", 3),
            ("resident", "/me/sessions", 2),
            ("official@village", people.at("village", "/grants"), 2),
            ("official@village", people.at("village", "/roles"), 2),
        ):
            statements.clear()
            assert people.ask(who, "GET", path).status_code == 200
            assert len(statements) <= most, (path, statements)
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_proof_is_stale_once_somebody_else_changed_the_password(people, monkeypatch):
    people.give_password("resident", "the old password")
    other = hash_password("what somebody else chose")

    def compare(_secret, _password):
        people.world.run(
            "update wuji.credential set secret = %s where account_id = %s", other, people.world.account["resident"]
        )
        return True

    monkeypatch.setattr("wuji.identity.services.sessions.verify_password", compare)
    sent = {"present_password": "the old password", "password": "the new password"}
    assert people.ask("resident", "POST", "/me/password", json=sent).status_code == 409
    kept = people.world.one(
        "select secret from wuji.credential where account_id = %s", people.world.account["resident"]
    )
    assert kept == other
