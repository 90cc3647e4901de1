"""Logging in and out: cookie, one answer for every refusal, no fixation, no forged request."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from wuji.identity import passwords
from wuji.kit.options import load
from wuji.testing.application import make_app

COOKIE = "wuji-8000"


def cookie(answer):
    (found,) = answer.headers.getlist("Set-Cookie")
    name, _, rest = found.partition("=")
    value, *flags = rest.split("; ")
    return name, value, {flag for flag in flags if not flag.startswith("Expires=")}


def test_a_login_opens_a_session(people):
    people.give_password("resident")
    browser = people.browser()
    answer = people.log_in(
        "resident", client=browser, headers={"User-Agent": "Mozilla/5.0 (Windows NT) Chrome/140 Safari"}
    )
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    account = {"id": str(people.world.account["resident"]), "login": people.login_of("resident"), "name": "resident"}
    assert answer.json == {"account": {**account, "locale": "zh-CN"}, "notices": []}
    name, value, flags = cookie(answer)
    assert (name, flags) == (COOKIE, {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=43200"})
    assert value.startswith("wuji_session_")
    me = people.ask(browser, "GET", "/me")
    assert me.json["account"] == answer.json["account"]
    (present,) = [s for s in people.ask(browser, "GET", "/me/sessions").json["items"] if s["present"]]
    assert present["device"] == "Chrome · Windows"


def test_over_https_the_cookie_is_bound_to_its_host(server, people):
    people.give_password("resident")
    app = make_app(server, options=load({"WUJI_BASE_URL": "https://wuji.example"}))
    people.app = app
    name, _value, flags = cookie(people.log_in("resident", headers={"Origin": "https://localhost"}))
    assert name == "__Host-wuji"
    assert flags == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=43200"}
    app.extensions["wuji"].engine.dispose()


def test_case_and_blanks_of_a_login_do_not_count(people):
    people.give_password("resident")
    sent = {"login": f"  {people.login_of('resident').upper()} ", "password": "正确的马 battery staple"}
    assert people.ask("anonymous", "POST", "/session", json=sent).status_code == 200


def test_a_password_is_the_same_however_it_was_composed(people):
    people.give_password("resident", "cafe\u0301 au lait")
    assert people.log_in("resident", "caf\u00e9 au lait").status_code == 200
    assert people.log_in("resident", " caf\u00e9 au lait").status_code == 401  # blanks count


def test_every_refusal_is_the_same(people, monkeypatch):
    """Bytes, and the work of exactly one comparison at today's cost."""
    people.give_password("resident")
    people.give_password("suspended")
    worked = []

    class Counting:
        def verify(self, secret, password):
            worked.append(secret.split("$")[2:4])
            return PasswordHasher().verify(secret, password)

        def check_needs_rehash(self, _secret):
            return False

    monkeypatch.setattr(passwords, "HASHER", Counting())
    answers = [
        people.log_in("resident", "wrong password"),
        people.log_in("nobody"),
        people.log_in("member"),  # has no password
        people.log_in("suspended"),
        people.ask("anonymous", "POST", "/session", json={"login": "system", "password": "正确的马 battery staple"}),
        people.ask("anonymous", "POST", "/session", json={"login": "🐂", "password": "x"}),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1
    assert len({tuple(sorted((k, v) for k, v in answer.headers if k != "X-Request-Id")) for answer in answers}) == 1
    assert answers[0].json["type"] == "urn:wuji:problem:identity.login_failed"
    assert worked == [["v=19", "m=19456,t=2,p=1"]] * 6
    assert not [answer for answer in answers if "Set-Cookie" in answer.headers]


def test_a_session_is_never_adopted(people):
    """Neither a made-up cookie nor a live one survives a login."""
    people.give_password("resident")
    browser = people.browser()
    browser.set_cookie(COOKIE, "planted")
    _name, value, _flags = cookie(people.log_in("resident", client=browser))
    assert value != "planted"
    _name, again, _flags = cookie(people.log_in("resident", client=browser))
    assert again != value
    stale = people.browser()
    stale.set_cookie(COOKIE, value)
    assert people.ask(stale, "GET", "/me").status_code == 401
    assert people.ask(browser, "GET", "/me").status_code == 200


def test_logging_in_as_somebody_else_ends_the_first_session(people):
    people.give_password("member")
    browser = people.browser("resident")
    assert people.log_in("member", client=browser).status_code == 200
    assert people.ask(browser, "GET", "/me").json["account"]["name"] == "member"
    assert people.ask("resident", "GET", "/me").status_code == 401


def test_logging_out(people):
    browser = people.browser("resident")
    for _ in range(2):  # the second time there is no session
        answer = people.ask(browser, "DELETE", "/session")
        assert (answer.status_code, answer.data) == (204, b"")
        name, value, flags = cookie(answer)
        assert (name, value) == (COOKIE, "")
        assert flags == {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=0"}
    assert people.ask("resident", "GET", "/me").status_code == 401


def test_a_cookie_that_is_none(people):
    for value in ("", "x" * 4000, "wuji_session_é", '"\\303"'):
        browser = people.browser()
        browser.set_cookie(COOKIE, value)
        assert people.ask(browser, "GET", "/me").status_code == 401
        assert people.ask(browser, "DELETE", "/session").status_code == 204
    browser = people.browser("resident")
    headers = {"Authorization": "Bearer something"}
    assert (
        people.ask(browser, "GET", "/me", headers=headers).status_code == 401
    )  # a cookie counts for nothing beside it


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Wuji-Request": None}, 403),
        ({"X-Wuji-Request": "true"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:8001"}, 403),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({}, 200),
    ],
)
def test_forged_requests(people, headers, status):
    people.give_password("resident")
    answer = people.log_in("resident", headers=headers)
    assert answer.status_code == status
    assert people.ask("member", "DELETE", "/me/sessions", headers=headers).status_code == status
    if status == 403:
        assert "Set-Cookie" not in answer.headers


BODIES = (
    (b"{", 400),
    (b"\xff\xfe", 400),
    (b'{"login": "a\\ud800", "password": "x"}', 400),
    (b'{"login": "ab", "password": "\\uDFFF"}', 400),
    (b'{"\\ud800": 1}', 400),
    (b'{"a/~\\u0000": 1}', 422),
    (b"[" * 100_000, 400),
    (b'{"login": "\xc3\x28", "password": "x"}', 400),
    (b"[]", 422),
    (b"null", 422),
    (b'"text"', 422),
    (b"{}", 422),
    (b'{"login": "a", "password": 1}', 422),
    (b'{"login": null, "password": "x"}', 422),
    (b'{"login": "a\\u0000b", "password": "x"}', 422),
    (b'{"login": "ab", "password": "\\u0000"}', 422),
    (b'{"login": "ab", "password": "x", "admin": true}', 422),
    (json.dumps({"login": "x" * 400, "password": "x"}).encode(), 422),
    (json.dumps({"login": "ab", "password": "x" * 129}).encode(), 422),
)


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_bad_input(people, body, status):
    answer = people.ask("anonymous", "POST", "/session", data=body, content_type="application/json")
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"


def test_another_content_type(people):
    sent = {"login": "ab", "password": "x"}
    for given in ({"data": sent}, {"data": json.dumps(sent), "content_type": "text/plain"}):
        assert people.ask("anonymous", "POST", "/session", **given).status_code == 415


def test_a_session_ends_by_itself(people):
    past = datetime.now(UTC) - timedelta(seconds=1)
    for column in ("idle_at", "ends_at", "revoked_at"):
        assert people.ask("resident", "GET", "/me").status_code == 200
        people.world.run(
            f"update wuji.account_session set {column} = %s where account_id = %s",
            past,
            people.world.account["resident"],
        )
        assert people.ask("resident", "GET", "/me").status_code == 401
        assert people.ask("resident", "GET", people.at("village", "/grants")).status_code == 401
        people.world.run(
            "update wuji.account_session set revoked_at = null, idle_at = now() + interval '1 h', "
            "ends_at = now() + interval '1 h' where account_id = %s",
            people.world.account["resident"],
        )


def test_a_weaker_hash_is_replaced_at_login(people):
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("a long password")
    account = people.world.account["resident"]
    people.world.run("insert into wuji.credential(account_id, kind, secret) values (%s, 'password', %s)", account, weak)
    assert people.log_in("resident", "a long password").status_code == 200
    stored = people.world.one("select secret from wuji.credential where account_id = %s", account)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert people.log_in("resident", "a long password").status_code == 200
