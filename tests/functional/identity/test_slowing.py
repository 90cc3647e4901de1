"""Guessing is slowed down and never locks anybody out; a wrong try stays counted although its answer is an error."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from wuji.identity.services.attempts import ADDRESS, LOGIN, PAIR, Attempt


@pytest.fixture
def keys(people):
    """Names of the three counts of a login at the test's address."""
    pair, login, address = Attempt(people.login_of("resident"), people.address).keys
    return {"pair": pair, "login": login, "address": address}


def count(people, key):
    return people.world.one("select failures from wuji.login_attempt where key = %s", key)


def wait(people, key):
    until = people.world.one("select until from wuji.login_attempt where key = %s", key)
    return (until - datetime.now(UTC)).total_seconds()


def put(people, key, failures):
    people.world.run(
        "insert into wuji.login_attempt(key, failures, until) values (%s, %s, now()) on conflict (key) do update "
        "set failures = excluded.failures, failed_at = clock_timestamp(), until = now()",
        key,
        failures,
    )


def test_the_sixth_wrong_try_makes_the_seventh_wait(people):
    people.give_password("resident")
    assert [people.log_in("resident", "wrong password").status_code for _ in range(6)] == [401] * 6
    answer = people.log_in("resident")  # the right one waits too
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert answer.json["type"] == "urn:wuji:problem:identity.wait"
    assert people.log_in("member").status_code == 401  # somebody else at the same address does not
    assert people.log_in("resident", address="192.0.2.7").status_code == 200  # nor the owner elsewhere


def test_the_right_password_forgets(people, keys):
    people.give_password("resident")
    for _ in range(5):
        people.log_in("resident", "wrong password")
    assert people.log_in("resident").status_code == 200
    assert count(people, keys["pair"]) is None
    assert count(people, keys["login"]) is None
    assert 4 < count(people, keys["address"]) <= 5  # somebody with one account cannot wipe out guesses at others


def test_unknown_logins_are_slowed_alike(people):
    statuses = [people.log_in("nobody", "wrong password").status_code for _ in range(7)]
    assert statuses == [401] * 6 + [429]


@pytest.mark.parametrize(("which", "limit"), [("pair", PAIR), ("login", LOGIN), ("address", ADDRESS)])
def test_a_wait_grows_up_to_its_limit(people, keys, which, limit):
    for beyond, seconds in ((0, None), (1, 1), (3, 4), (30, limit.most)):
        put(people, keys[which], limit.free + beyond - 1)
        people.world.run("update wuji.login_attempt set until = now() where key = any(%s)", list(keys.values()))
        assert people.log_in("resident", "wrong password").status_code == 401
        waits = wait(people, keys[which])
        if seconds is None:
            assert waits <= 0
        else:
            assert seconds - 1 < waits <= seconds


def test_tries_leak_away(people, keys):
    put(people, keys["pair"], PAIR.free)
    people.world.run(
        "update wuji.login_attempt set failed_at = clock_timestamp() - make_interval(secs => %s) where key = %s",
        PAIR.leak * 2,
        keys["pair"],
    )
    people.log_in("resident", "wrong password")
    assert 3.9 < count(people, keys["pair"]) < 4.1


def test_guesses_sent_at_once_do_not_pass_for_one(people):
    people.give_password("resident")
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: people.log_in("resident", "wrong password").status_code, range(24)))
    assert set(answers) == {401, 429}
    assert answers.count(401) <= PAIR.free + 2  # one more may fall behind the first second


def test_one_subscriber_of_ipv6_is_one_address():
    near = {Attempt("a", address).keys[2] for address in ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:0:9::")}
    assert len(near) == 1
    assert Attempt("a", "2001:db8:0:1::1").keys[2] not in near
    assert Attempt("a", "::ffff:192.0.2.1").keys == Attempt("a", "192.0.2.1").keys
    assert Attempt("a", "").keys[0] == Attempt("a", "").keys[0]
    assert len(set(Attempt("a", "a").keys)) == 3


def test_nothing_is_held_while_a_password_is_compared(people, monkeypatch):
    """The try is committed by then; else a storm of logins would take every connection."""
    people.give_password("resident")
    states = []

    def compare(_secret, _password):
        engine = people.app.extensions["wuji"].engine
        states.append(
            (engine.pool.checkedout(), count(people, Attempt(people.login_of("resident"), people.address).keys[0]))
        )
        return False

    monkeypatch.setattr("wuji.identity.services.sessions.verify_password", compare)
    assert people.log_in("resident").status_code == 401
    assert states == [(0, 1.0)]
