"""Sessions: prolonged by use, listed and ended by their owner, ended by suspension."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from wuji.identity.services.sessions import REMEMBERED, SessionUse
from wuji.identity.settings import SESSION_IDLE_MINUTES


def idle_at(people, who):
    return people.world.one("select idle_at from wuji.account_session where account_id = %s", people.world.account[who])


def test_use_prolongs_once_a_minute(people):
    world = people.world
    short = datetime.now(UTC) + timedelta(minutes=2)
    shorten = "update wuji.account_session set idle_at = %s where account_id = %s"
    world.run(shorten, short, world.account["resident"])
    assert people.ask("resident", "GET", "/me").status_code == 200
    first = idle_at(people, "resident")
    assert timedelta(minutes=29) < first - datetime.now(UTC) <= timedelta(minutes=SESSION_IDLE_MINUTES.default)
    world.run(shorten, short, world.account["resident"])
    assert people.ask("resident", "GET", "/me").status_code == 200
    assert idle_at(people, "resident") == short  # less than a minute later nothing is written


SAY = "insert into wuji.setting_value(tenant_id, key, mode, value) values (%s, 'identity.session_idle_minutes', %s, %s)"


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ([("city", "set", 60)], 60),
        ([("city", "set", 60), ("street", "set", 10)], 10),
        ([("city", "lock", 60), ("street", "set", 10)], 60),
        ([("city", "suggest", 60), ("street", "suggest", 45), ("district", "set", 90)], 90),
        ([("city", "lock", 20), ("district", "lock", 60)], 20),
        ([("city", "set", 60), ("village", "set", 4)], 60),
        ([("city", "set", 60), ("village", "set", '"10"')], 60),
    ],
)
def test_how_long_a_session_may_idle_is_the_setting_of_its_places(people, said, minutes):
    """The same rule as everywhere (kit.setting), although the database decides it here."""
    world = people.world
    world.run(
        "update wuji.account_session set idle_at = now() + interval '1 min', ends_at = now() + interval '1 day' "
        "where account_id = %s",
        world.account["resident"],
    )
    for tenant, mode, value in said:
        world.run(SAY, world.tenant[tenant], mode, str(value))
    before = datetime.now(UTC)
    assert people.ask("resident", "GET", "/me").status_code == 200
    assert timedelta(0) <= idle_at(people, "resident") - before - timedelta(minutes=minutes) < timedelta(seconds=20)


def test_the_strictest_of_several_places_counts(people):
    world = people.world
    world.grant("resident", "foreign", "resident")
    world.run(SAY, world.tenant["city"], "set", "60")
    world.run(SAY, world.tenant["other"], "set", "15")
    people.ask("resident", "GET", "/me")
    assert idle_at(people, "resident") - datetime.now(UTC) <= timedelta(minutes=15)


def test_use_never_prolongs_beyond_the_end(people):
    end = datetime.now(UTC) + timedelta(minutes=5)
    people.world.run(
        "update wuji.account_session set idle_at = %s, ends_at = %s where account_id = %s",
        end - timedelta(minutes=4),
        end,
        people.world.account["resident"],
    )
    people.ask("resident", "GET", "/me")
    assert idle_at(people, "resident") == end


def test_what_cannot_be_prolonged_breaks_no_answer(people, caplog, monkeypatch):
    def refuse(*_args, **_options):
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr("wuji.identity.services.sessions.by_public", refuse)
    with caplog.at_level(logging.ERROR):
        assert people.ask("resident", "GET", "/me").status_code == 200
    assert "could not be prolonged" in caplog.text


def test_what_is_remembered_of_use_is_bounded(people):
    use = SessionUse()
    moment = datetime.now(UTC)
    from_one_to = [use.is_due(people.world.account["resident"], moment + timedelta(seconds=s)) for s in (0, 59, 60)]
    assert from_one_to == [True, False, True]
    for number in range(REMEMBERED + 5):
        use.is_due(number, moment)  # any key will do
    assert len(use.touched) == REMEMBERED


def log_in_elsewhere(people, who):
    browser = people.browser()
    assert people.log_in(who, client=browser).status_code == 200
    return browser


def test_a_person_sees_and_ends_their_sessions(people):
    people.give_password("resident")
    phone, tablet = log_in_elsewhere(people, "resident"), log_in_elsewhere(people, "resident")
    items = people.ask(phone, "GET", "/me/sessions").json["items"]
    assert [item["present"] for item in items].count(True) == 1
    assert len(items) == 3
    (here,) = [item["id"] for item in items if item["present"]]
    one = next(item["id"] for item in people.ask(tablet, "GET", "/me/sessions").json["items"] if item["present"])
    answer = people.ask(phone, "DELETE", f"/me/sessions/{one}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Set-Cookie" not in answer.headers
    assert people.ask(tablet, "GET", "/me").status_code == 401
    assert people.ask(phone, "DELETE", f"/me/sessions/{one}").status_code == 404  # ended already
    assert people.ask(phone, "DELETE", f"/me/sessions/{here}").headers["Set-Cookie"].startswith("wuji-8000=;")
    assert people.ask(phone, "GET", "/me").status_code == 401


def test_logging_out_everywhere_else(people):
    people.give_password("resident")
    phone = log_in_elsewhere(people, "resident")
    log_in_elsewhere(people, "resident")
    assert people.ask(phone, "DELETE", "/me/sessions").json == {"ended": 2}
    assert people.ask(phone, "DELETE", "/me/sessions").json == {"ended": 0}
    assert people.ask(phone, "GET", "/me").status_code == 200
    assert people.ask("resident", "GET", "/me").status_code == 401


def test_somebody_elses_session_is_absent(people):
    other = people.world.one(
        "select id from wuji.account_session where account_id = %s", people.world.account["member"]
    )
    answers = [
        people.ask("resident", "DELETE", f"/me/sessions/{number}")
        for number in (other, "00000000-0000-7000-8000-000000000000")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert people.ask("member", "GET", "/me").status_code == 200
    assert people.ask("resident", "DELETE", "/me/sessions/nonsense").status_code in {404, 405}  # no such route


def test_a_suspended_account_is_out_at_once(people):
    people.give_password("resident")
    browser = log_in_elsewhere(people, "resident")
    account = people.world.account["resident"]
    path = people.at("village", f"/accounts/{account}/state")
    version = people.ask("official@village", "GET", path).headers["ETag"]
    answer = people.ask("official@village", "PUT", path, json={"state": "suspended"}, headers={"If-Match": version})
    assert answer.status_code == 200, answer.text
    assert people.ask(browser, "GET", "/me").status_code == 401
    assert people.log_in("resident").status_code == 401
    answer = people.ask(
        "official@village", "PUT", path, json={"state": "active"}, headers={"If-Match": answer.headers["ETag"]}
    )
    assert answer.json == {"state": "active"}
    assert people.ask(browser, "GET", "/me").status_code == 401  # its sessions stay ended
    assert people.log_in("resident").status_code == 200


def test_no_session_opens_for_an_account_suspended_meanwhile(people, monkeypatch):
    """Between the comparison and the opening."""
    people.give_password("resident")

    def compare(_secret, _password):
        people.world.run("update wuji.account set state = 'suspended' where id = %s", people.world.account["resident"])
        return True

    monkeypatch.setattr("wuji.identity.services.sessions.verify_password", compare)
    answer = people.log_in("resident")
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
