"""What spans tell and what they do not; and that nobody waits for a collector."""

import logging
import socket
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from wuji.app import create_app
from wuji.assembly import make_deployment
from wuji.kit import tracing
from wuji.kit.db.engine import make_engine
from wuji.kit.options import load
from wuji.kit.otel import shorn
from wuji.testing.plugins import loaded_plugins

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"
WRITTEN = text("select nullif(current_setting('wuji.trace', true), '')")


@pytest.fixture
def engine(server):
    made = make_engine(server.url("wuji_app", server.shared))
    yield made
    made.dispose()


@pytest.fixture
def client(server, engine):
    """`client(proxies)`: of an application that stands behind so many."""

    def make(proxies=0):
        options = load({"WUJI_FILES_DIR": str(server.files), "WUJI_TRUSTED_PROXIES": str(proxies)})
        return create_app(make_deployment(options, engine, server.seal, loaded_plugins())).test_client()

    return make


def read(client, world, **headers):
    return client.get(f"/api/v1/tenants/{world.code['village']}", headers=headers)


ROUTE = "GET /api/v1/tenants/<tenant_code>"


def test_whose_trace_goes_on_is_for_the_operators_proxy_to_say(client, world, collector, trace_to):
    trace_to(collector.url)
    assert read(client(), world, traceparent=PARENT).status_code == 200
    assert read(client(1), world, traceparent=PARENT).status_code == 200
    assert read(client(1), world, traceparent="00-nonsense").status_code == 200
    tracing.end()
    stranger, known, nonsense = collector.find(ROUTE)
    assert (known.trace, known.parent) == ("a" * 32, "b" * 16)
    assert "a" * 32 not in {stranger.trace, nonsense.trace}


def test_what_is_asked_all_day_long_makes_no_span(client, collector, trace_to):
    trace_to(collector.url)
    assert client().get("/healthz/live").status_code == 200
    assert client().get("/healthz/ready").status_code in {200, 503}
    with tracing.span("last"):
        pass
    tracing.end()
    assert [one.name for one in collector.spans] == ["last"]


def test_an_error_is_told_by_its_class_alone(engine, collector, trace_to):
    trace_to(collector.url)
    wrong = text("select cast(:given as int)"), {"given": "zhang 13812345678"}
    with pytest.raises(DataError), tracing.span("outside"), engine.connect() as connection:
        connection.execute(*wrong)
    tracing.end()
    outside, failed = collector.find("outside")[0], next(one for one in collector.spans if one.failed and one.parent)
    assert (outside.failed, outside.said["error.type"]) == (True, "DataError")
    assert failed.said["error.type"] == "22P02"
    assert failed.said["db.query.text"].startswith("select cast(%(given)s")
    assert b"zhang" not in collector.raw


def test_what_a_transaction_writes_says_in_which_span_that_was(engine, collector, trace_to):
    trace_to(collector.url)
    with engine.begin() as connection:
        assert connection.execute(WRITTEN).scalar() is None
    with tracing.span("one", after=PARENT), engine.begin() as connection:
        assert connection.execute(WRITTEN).scalar().startswith(f"00-{'a' * 32}-")
        with tracing.span("two", "consumer", after=PARENT.replace("a", "c"), through=connection):
            assert connection.execute(WRITTEN).scalar().startswith(f"00-{'c' * 32}-")
    with engine.begin() as connection:
        assert connection.execute(WRITTEN).scalar() is None
    tracing.end()
    assert collector.find("two")[0].links == ("a" * 32,)


@contextmanager
def away():
    """Nobody listens there."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@contextmanager
def silent():
    """Takes connections, and answers nobody."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def asking(client, caplog, monkeypatch):
    """A client, and a program that gives up soon."""
    monkeypatch.setattr("wuji.kit.otel.PATIENCE", 0.5)
    caplog.set_level(logging.INFO)
    return client()


@pytest.mark.parametrize("state", [away, silent])
def test_nobody_waits_for_a_collector(asking, world, trace_to, caplog, state):
    with state() as url:
        assert not tracing.is_taken(url)
        trace_to(url)
        began = time.monotonic()
        for _ in range(40):
            assert read(asking, world).status_code == 200
        assert time.monotonic() - began < 10  # each would have waited half a second
        began = time.monotonic()
        tracing.end()
        assert time.monotonic() - began < 8
    said = [one for one in caplog.records if one.name.startswith(("wuji.traces", "opentelemetry"))]
    assert [one.levelname for one in said] == ["WARNING"]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("select 1", "select ?"),
        (
            "select * from t2 where a = %(a_1)s and b = 'it''s 13812345678'",
            "select * from t2 where a = %(a_1)s and b = ?",
        ),
        (r"select E'a\' zhang', 'b'", "select ?, ?"),
        ("do $x$ begin 'zhang' end $x$", "do ?"),
        ("select $1, x'1f', 2.5e3", None),
    ],
)
def test_statements_are_told_without_values(statement, told):
    if told is None:
        assert "1f" not in shorn(statement)
        assert "2" not in shorn(statement)
    else:
        assert shorn(statement) == told


def test_without_a_collector_nothing_is_made(engine):
    with tracing.span("nothing", after=PARENT, said={"a": 1}) as seen:
        seen.tell({"b": 2}, failed=True)
        with engine.begin() as connection:
            assert connection.execute(WRITTEN).scalar() is None
    assert tracing.span("one") is tracing.span("two")
