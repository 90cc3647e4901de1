"""What an operator's monitoring sees of open pages."""

import json
import re
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families

PATIENCE = 10.0  # seconds


@pytest.fixture
def counted(web):
    """The counters of open pages now, by name and reason."""

    def read():
        status, said = web.ask("GET", "/metrics", Authorization="Bearer prometheus")
        assert status == 200
        samples = [one for family in text_string_to_metric_families(said.decode()) for one in family.samples]
        live = [one for one in samples if one.name.startswith("wuji_live_")]
        return {one.name + one.labels.get("reason", ""): one.value for one in live}

    return read


def line(web, name):
    """Of the answer to that request."""
    ends = time.monotonic() + PATIENCE
    while not (found := [one for one in web.lines if one.get("request") == name]):
        assert time.monotonic() < ends, f"{name} is not in the log"
    assert len(found) == 1
    return found[0]


def test_a_page_that_listens_is_counted_and_logged_when_it_ends(web, world, listen, counted):
    before, topic = counted(), f"tenants@{world.code['village']}"
    page = listen("clerk", topic, **{"X-Request-Id": "a-page-of-a-test"})
    assert page.answer.headers["X-Request-Id"] == "a-page-of-a-test"
    world.run("select wuji.journal_add('a.b.c', 'tenant', '1', %s, null, null, null, null)", world.tenant["village"])
    assert list(page.next()[1]) == [topic]
    meanwhile = counted()
    assert meanwhile["wuji_live_open"] == before["wuji_live_open"] + 1
    assert meanwhile["wuji_live_opened_total"] == before["wuji_live_opened_total"] + 1
    assert meanwhile["wuji_live_told_total"] > before["wuji_live_told_total"]
    page.close()
    said = line(web, "a-page-of-a-test")
    assert (said["logger"], said["route"], said["status"], said["end"]) == ("wuji.request", "/live", 200, "left")
    assert (said["tenant"], said["actor"]) == (world.code["village"], str(world.account["clerk"]))
    assert said["frames"] >= 1
    assert said["ms"] > 0
    after = counted()
    assert after["wuji_live_open"] == before["wuji_live_open"]
    assert after["wuji_live_closed_totalleft"] == before.get("wuji_live_closed_totalleft", 0) + 1


def test_a_page_whose_rights_end_says_so(web, world, listen):
    page = listen("clerk", "access", **{"X-Request-Id": "a-page-that-is-cut"})
    world.run("update wuji.account_session set revoked_at = now() where account_id = %s", world.account["clerk"])
    world.run(
        "select wuji.journal_add('a.b.c', 'account', %s, null, null, null, null, null)", str(world.account["clerk"])
    )
    while page.next()[0] != "bye":
        pass
    assert line(web, "a-page-that-is-cut")["end"] == "gone"


def test_an_answer_at_once_and_one_that_is_refused_are_lines_too(web, world):
    topic = f"tenants@{world.code['village']}"
    assert web.ask("GET", f"/live?topic={topic}", **{"X-Request-Id": "asked-once"})[0] == 200
    assert web.ask("GET", "/live?topic=inbox&q=13812345678", **{"X-Request-Id": "asked-in-vain"})[0] == 404
    once, refused = line(web, "asked-once"), line(web, "asked-in-vain")
    assert (once["status"], once["tenant"]) == (200, world.code["village"])
    assert refused["status"] == 404
    assert "actor" not in once
    assert "13812345678" not in json.dumps(web.lines)


def test_where_processes_count_together_what_the_database_says_is_told_once(web):
    for _ in range(2):
        status, said = web.ask("GET", "/metrics", Authorization="Bearer prometheus")
        assert status == 200
        for name in ("wuji_database_up", "wuji_sessions", "wuji_last_backup_timestamp_seconds"):
            assert len(re.findall(rf"^{name}\b.*$", said.decode(), re.MULTILINE)) == 1
