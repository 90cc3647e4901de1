"""Valkey goes away and comes back: nobody is refused for it, logins and joining stay limited, the log says it once."""

import logging

import pytest

from wuji.kit import buckets
from wuji.kit.embedded.running import find_server
from wuji.kit.embedded.valkey import PROGRAM
from wuji.kit.process import await_ends


def kill(counted):
    process = find_server(PROGRAM, counted.valkey.home / "valkey")
    process.kill()
    assert not await_ends([process], 10)


def said(caplog):
    return [one.getMessage().partition(";")[0] for one in caplog.records if one.name == buckets.__name__]


@pytest.fixture
def impatient(monkeypatch):
    """Asks again at once."""
    monkeypatch.setattr(buckets, "PAUSE", 0.0)


@pytest.mark.usefixtures("impatient")
def test_everything_goes_on_and_is_limited_again_afterwards(counted, caplog):
    caplog.set_level(logging.INFO, buckets.__name__)
    assert [counted.guess().status_code for _ in range(7)] == [404] * 6 + [429]
    kill(counted)
    assert [counted.guess().status_code for _ in range(10)] == [404] * 10
    assert said(caplog) == ["rate limits are off until Valkey answers again"]
    counted.valkey.start()
    assert [counted.guess().status_code for _ in range(7)] == [404] * 6 + [429]
    assert said(caplog)[1:] == ["Valkey answers again"]


def test_it_is_left_alone_for_a_while(counted):
    kill(counted)
    assert counted.guess().status_code == 404
    counted.valkey.start()
    assert [counted.guess().status_code for _ in range(10)] == [404] * 10
    assert counted.kept() == {}


def test_logins_and_applications_are_counted_in_the_database(counted):
    kill(counted)
    sent = {"login": f"nobody-{counted.world.mark}", "password": "wrong password"}
    answers = [counted.ask("anonymous", "POST", "/session", json=sent) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [401] * 6 + [429]
    assert answers[-1].json["type"] == "urn:wuji:problem:identity.wait"


@pytest.mark.usefixtures("impatient")
def test_a_valkey_that_is_full_refuses_nobody(counted):
    with buckets.Valkey.from_url(counted.valkey.url) as client:
        client.config_set("maxmemory", 1)
    assert [counted.guess().status_code for _ in range(10)] == [404] * 10


def test_a_restart_that_nobody_noticed_costs_nothing(counted, caplog):
    counted.guess()
    kill(counted)
    counted.valkey.start()
    assert [counted.guess().status_code for _ in range(7)] == [404] * 6 + [429]
    assert said(caplog) == []
