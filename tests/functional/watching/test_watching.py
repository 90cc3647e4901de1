"""What an operator's monitoring sees: counters without tenants or people in them, and logs without what rows hold."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest
from prometheus_client.parser import text_string_to_metric_families
from psycopg.errors import InsufficientPrivilege

from wuji.app import create_app
from wuji.assembly import make_deployment
from wuji.kit.db.engine import make_engine
from wuji.kit.options import load
from wuji.testing.plugins import loaded_plugins

TOKEN = "prometheus-of-the-county"


@pytest.fixture
def client(server):
    engine = make_engine(server.url("wuji_app", server.shared))
    options = load({"WUJI_FILES_DIR": str(server.files), "WUJI_METRICS_TOKEN": TOKEN})
    yield create_app(make_deployment(options, engine, server.seal, loaded_plugins())).test_client()
    engine.dispose()


def read(client):
    """Samples by name and labels."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {(one.name, *sorted(one.labels.items())): one.value for family in families for one in family.samples}


def test_requests_and_statements_are_counted(client, world):
    key = ("wuji_requests_total", ("method", "GET"), ("route", "/api/v1/tenants/<tenant_code>"), ("status", "200"))
    before = read(client)
    path = f"/api/v1/tenants/{world.code['village']}"
    assert client.get(path).status_code == 200
    after = read(client)
    assert after[key] - before.get(key, 0) == 1
    assert after["wuji_queries_total",] > before["wuji_queries_total",]
    assert after["wuji_query_seconds_total",] > before["wuji_query_seconds_total",]
    seconds = ("wuji_request_seconds_count", ("route", "/api/v1/tenants/<tenant_code>"))
    assert after[seconds] - before.get(seconds, 0) == 1


def test_the_whole_deployment_is_shown(client, world):
    world.run("insert into wuji.consumer(name, kinds) values ('test.slow', '{watched}') on conflict do nothing")
    world.run(
        "insert into wuji.journal_record(verb, kind, at) values ('test.watched.add', 'watched', now() - interval '2 minutes')"
    )
    world.run("insert into wuji.journal_record(verb, kind) values ('work.backup.take', 'backup')")
    try:
        said = read(client)
        assert said["wuji_database_up",] == 1
        assert said["wuji_consumer_unread", ("consumer", "test.slow")] == 1
        assert 119 < said["wuji_consumer_lag_seconds", ("consumer", "test.slow")] < 180
        assert said["wuji_consumer_paused", ("consumer", "test.slow")] == 0
        assert ("wuji_jobs", ("state", "failed")) in said
        assert said["wuji_sessions",] >= len(world.cookie)
        assert abs(said["wuji_last_backup_timestamp_seconds",] - time.time()) < 60
    finally:
        world.run("delete from wuji.consumer where name = 'test.slow'")


def test_the_dashboard_asks_for_nothing_that_is_not_counted(client, world):
    client.get(f"/api/v1/tenants/{world.code['village']}")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    counted = set(re.findall(r"^# TYPE (\w+)", answer.text, re.MULTILINE))
    counted |= {f"{name}_bucket" for name in counted}
    dashboard = (Path(__file__).parents[3] / "docs" / "grafana" / "wuji.json").read_text(encoding="utf-8")
    asked = set(re.findall(r"\bwuji_[a-z_]+", dashboard))
    assert asked
    assert asked <= counted
    assert {name.removesuffix("_bucket") for name in asked} >= {
        name for name in counted if name.startswith("wuji_")
    } - {name for name in counted if name.endswith(("_created", "_bucket"))}


def test_numbers_are_for_the_program_alone(world):
    """Not for SQL that slipped into a request."""
    with world.enter("operator") as operator, pytest.raises(InsufficientPrivilege):
        operator.run("select * from wuji.watched(%s)", b"x" * 32)


def test_without_a_database_web_still_counts(server):
    engine = make_engine("postgresql+psycopg://wuji_app:x@127.0.0.1:1/none")
    options = load({"WUJI_FILES_DIR": str(server.files), "WUJI_METRICS_TOKEN": TOKEN})
    said = read(create_app(make_deployment(options, engine, server.seal, loaded_plugins())).test_client())
    assert said["wuji_database_up",] == 0
    assert ("wuji_last_backup_timestamp_seconds",) not in said  # 0 would say that there is none
    assert ("wuji_queries_total",) in said
    engine.dispose()


def test_no_label_says_who_or_where(client, world):
    client.get(f"/api/v1/tenants/{world.code['village']}?q=zhang")
    client.get("/nobody/made/this/13812345678")
    shown = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert world.code["village"] not in shown
    assert "13812345678" not in shown
    assert "zhang" not in shown


@pytest.mark.parametrize("given", [None, "Bearer", "Bearer wrong", f"Basic {TOKEN}"])
def test_whoever_does_not_bring_the_token_finds_nothing(client, given):
    answer = client.get("/metrics", headers={"Authorization": given} if given else {})
    assert answer.status_code == 404


def test_without_a_token_there_is_no_such_page(server):
    engine = make_engine(server.url("wuji_app", server.shared))
    app = create_app(make_deployment(load({"WUJI_FILES_DIR": str(server.files)}), engine, server.seal))
    for given in ("", "Bearer ", "Bearer x"):
        assert app.test_client().get("/metrics", headers={"Authorization": given}).status_code == 404
    engine.dispose()


def test_every_answer_is_a_line_with_whom_it_served(client, world, log_lines):
    account = world.person("watched", ("village", "clerk"))
    client.set_cookie("wuji-8000", world.cookie["watched"])

    def ask():
        path = f"/api/v1/tenants/{world.code['village']}/journal?verb=zhang"
        client.get(path, headers={"X-Request-Id": "request-of-a-test"})
        client.get("/nobody/made/this")

    first, second = log_lines("wuji.request", ask)
    assert (first["method"], first["route"]) == ("GET", "/api/v1/tenants/<tenant_code>/journal")
    assert first["request"] == "request-of-a-test"
    assert (first["tenant"], first["actor"]) == (world.code["village"], str(account))
    assert first["ms"] > 0
    assert "zhang" not in json.dumps(first)
    assert second["route"] == "(none)"
    assert "actor" not in second


PROGRAM = """
import logging, os
from wuji.kit.logs import about, begin, note, start_logging
from wuji.kit.options import load
start_logging(load(os.environ))
log = logging.getLogger("wuji.somewhere")
begin(request="r-1")
note(tenant="340722", actor=None)
with about(job="j-1"):
    log.info("镇里的事 %s", "done")
log.warning("after")
try:
    raise ValueError("duplicate key\\nDETAIL:  Key (phone)=(13812345678) already exists.\\n[parameters: ('zhang',)]")
except ValueError:
    log.exception("it failed")
"""


def told(**options):
    environ = {"PATH": "/usr/bin", "PYTHONPATH": ":".join(sys.path), **options}
    done = subprocess.run(
        [sys.executable, "-c", dedent(PROGRAM)], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    return done.stderr


def test_a_line_is_an_object_that_says_what_it_belongs_to():
    first, second, third = map(json.loads, told().splitlines())
    assert first["message"] == "镇里的事 done"
    assert (first["level"], first["logger"]) == ("INFO", "wuji.somewhere")
    assert (first["request"], first["tenant"], first["job"]) == ("r-1", "340722", "j-1")
    assert re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", first["time"])
    assert "actor" not in first
    assert "job" not in second
    assert second["request"] == "r-1"
    assert "ValueError: duplicate key" in third["exc_info"]


@pytest.mark.parametrize("form", ["json", "text"])
def test_an_error_is_logged_without_the_values_that_it_repeats(form):
    said = told(WUJI_LOG_FORMAT=form)
    assert "duplicate key" in said
    assert "13812345678" not in said
    assert "zhang" not in said


def test_only_grave_things_where_that_is_asked():
    assert "done" not in told(WUJI_LOG_LEVEL="warning")
