"""A request, the job it asks for and the consumer that hears of what the job did are one trace, through three programs."""

import json
import re
import time
from threading import Event

import pytest

from wuji.installation import install
from wuji.testing import World
from wuji.testing.web import serving

BEFORE = """
from msgspec import Struct
from sqlalchemy import text
from wuji.api.http import Words

class Args(Struct):
    name: str

class ThingIn(In):
    name = Words(least=1, most=40)

feature = Feature("trail", plugin="trail")

@feature.route("POST", "/tenants/<tenant_code>/trail/things", permission="account", body=ThingIn, status=204)
def add_thing(call, asked):
    add_job(call.deployment, call.session, "trail.make", {"name": asked["name"]})

@task("trail.make", Args)
def make(run, args):
    run.session.execute(text(f"select '{args.name}', cast(:name as text)"), {"name": args.name})
    record(run.session, "trail.file.make", "file", "7", tenant_id=run.session.actor.tenant_id)

def hear(session, happened):
    record(session, "trail.list.hear", "list", happened.subject_id, tenant_id=happened.tenant_id)
"""
HOOKS = """
@hook
def wuji_routes(self):
    return (feature,)

@hook
def wuji_tasks(self):
    return [make]

@hook
def wuji_handlers(self):
    return (Handler(name="hear", kinds=frozenset({"file"}), handle=hear),)
"""
TEXTS = '{"handler": {"hear": "Hears"}}'
HEARD = "select trace from wuji.journal_record where verb = 'trail.list.hear'"
PATIENCE = 60.0  # seconds: a busy machine needs many to start a program
SOMEBODY = "zhangsan-13812345678"


@pytest.fixture
def world(server, make_database, workshop):
    workshop.write(HOOKS, before=BEFORE, texts=TEXTS, name="trail")
    made = World(server, make_database())
    owner = server.engine("wuji_owner", made.database)
    assert install(owner, server.seal, workshop.load()) == []
    owner.dispose()
    made.rule("city", "trail")
    yield made
    made.close()


@pytest.fixture
def environment(server, world, workshop, valkey, collector):
    """What every program is started with; each takes of it what it needs."""
    return {
        "WUJI_MODE": "development",
        "WUJI_HOME": str(valkey.home),
        "WUJI_DATABASE_URL": server.url("wuji_app", world.database),
        "WUJI_LIVE_DATABASE_URL": server.url("wuji_live", world.database),
        "WUJI_SYSTEM_DATABASE_URL": server.url("wuji_system", world.database),
        "WUJI_BROKER_URL": valkey.broker_url,
        "WUJI_SEAL_KEY": server.seal.key.hex(),
        "WUJI_FILES_DIR": str(server.files),
        "WUJI_PLUGINS_DIR": str(workshop.folder),
        "WUJI_TRACES_URL": collector.url,
        "WUJI_WORKER_PROCESSES": "1",
        "OTEL_BSP_SCHEDULE_DELAY": "600000",  # what is not sent at the end is never sent
        "OTEL_EXPORTER_OTLP_HEADERS": "x-county=one",
    }


def test_a_request_its_job_and_who_hears_of_it(world, environment, collector, run):
    programs = [run(module, environment) for module in ("wuji.worker", "wuji.relay")]
    with serving("wuji.app:serve", environment) as web:
        path = f"/api/v1/tenants/{world.code['village']}/trail/things?q={SOMEBODY}"
        cookie = f"wuji-{web.port}={world.cookie['official@village']}"
        headers = {"Cookie": cookie, "X-Wuji-Request": "1", "Content-Type": "application/json"}
        headers["traceparent"] = f"00-{'a' * 32}-{'b' * 16}-01"  # a visitor's own is not believed
        status, _ = web.ask("POST", path, json.dumps({"name": SOMEBODY}), **headers)
        assert status == 204
        ends, look = time.monotonic() + PATIENCE, Event()
        while not (written := world.run(HEARD).fetchall()):
            assert time.monotonic() < ends, "nobody heard of it"
            look.wait(0.2)
        hear_of(web, world)
    for program in programs:
        program.terminate()
        assert program.wait(30) == 0
    route = "POST /api/v1/tenants/<tenant_code>/trail/things"
    asked, made, heard = (collector.find(name)[0] for name in (route, "job trail.make", "trail.hear"))
    assert [one.service for one in (asked, made, heard)] == ["wuji-web", "wuji-worker", "wuji-worker"]
    assert asked.trace == made.trace == heard.trace != "a" * 32
    assert (asked.parent, made.parent, heard.parent) == ("", asked.id, made.id)
    assert [trace.rpartition("-")[0] for (trace,) in written] == [f"00-{heard.trace}-{heard.id}"]  # and so on
    follow = collector.find("follow trail.hear")[0]
    assert follow.service == "wuji-relay"
    assert heard.links == (follow.trace,)  # the job that told it was made by the relay
    said_of_it(world, collector, asked, made)
    told_live(world, collector)


def hear_of(web, world):
    """As an open page does; another one only asks."""
    village = world.code["village"]
    page = web.stream(f"/live?topic=tenants@{village}")
    world.run("select wuji.journal_add('a.b.c', 'tenant', '1', %s, null, null, null, null)", world.tenant["village"])
    assert list(page.next(PATIENCE)[1]) == [f"tenants@{village}"]
    page.close()
    assert web.ask("GET", f"/live?topic=inbox&q={SOMEBODY}")[0] == 404


def told_live(world, collector):
    opened, refused = collector.find("GET /live")
    assert [one.said["http.response.status_code"] for one in (opened, refused)] == [200, 404]
    assert (opened.service, opened.parent, opened.said["wuji.tenant"]) == ("wuji-web", "", world.code["village"])
    admit = next(one for one in collector.find("live.admit") if one.parent == opened.id)
    assert asks(collector, admit) == ["wuji.live_may"]
    tells = collector.find("live.tell")
    assert tells
    assert {(one.parent, asks(collector, one)[0]) for one in tells} == {("", "wuji.live_since")}


def asks(collector, span):
    """The functions that its statements call."""
    told = [one.said["db.query.text"] for one in collector.spans if one.parent == span.id]
    return [re.search(r"wuji\.live_\w+", one)[0] for one in told]


def said_of_it(world, collector, asked, made):
    """What the log says of them, and nothing that anybody typed or holds."""
    official = str(world.account["official@village"])
    assert asked.said["http.response.status_code"] == 204
    assert asked.said["wuji.tenant"] == made.said["wuji.tenant"] == world.code["village"]
    assert asked.said["wuji.actor"] == made.said["wuji.actor"] == official
    assert made.said["wuji.state"] == "done"
    within = [one for one in collector.spans if one.parent == made.id and one.name == "SQL SELECT"]
    assert "select ?, cast(" in " ".join(one.said["db.query.text"] for one in within)
    for secret in (SOMEBODY, "13812345678", world.cookie["official@village"]):
        assert secret.encode() not in collector.raw
    assert {one["x-county"] for one in collector.headers} == {"one"}
