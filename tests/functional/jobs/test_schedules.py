"""Schedules: rows that the clock reads, once for each root and time, in the root's own time zone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from wuji.testing import World
from wuji.testing.application import make_app
from wuji.work.clockwork import run_due

BERLIN = (
    "insert into wuji.setting_value(tenant_id, key, mode, value) "
    "values (%s, 'tenancy.time_zone', 'set', to_jsonb('Europe/Berlin'::text))"
)
START = datetime(2026, 3, 10, 0, 0, tzinfo=UTC)


@pytest.fixture
def world(server, make_database):
    made = World(server, make_database())
    made.run("delete from wuji.schedule")
    yield made
    made.close()


@pytest.fixture
def engine(server, world):
    return server.engine("wuji_system", world.database)


def plan(world, cron, missed="once", *, per_root=True, name="test.plan"):
    world.run(
        "insert into wuji.schedule(id, owner, cron, task, args, missed, per_root) values (%s, 'test', %s, 'test.do', %s, %s, %s)",
        *(name, cron, '{"what": 1}', missed, per_root),
    )


def made(world, root="city"):
    """Times for which there are jobs, in UTC."""
    rows = world.run(
        "select args->>'due_at' from wuji.job where kind = 'test.do' and tenant_id is not distinct from %s order by 1",
        root and world.tenant[root],
    )
    return [datetime.fromisoformat(row[0]).astimezone(UTC) for row in rows]


def at(hours=0, **more):
    return lambda: START + timedelta(hours=hours, **more)


def test_each_root_in_its_own_time_zone(world, engine):
    world.run(BERLIN, world.tenant["other"])
    plan(world, "30 8 * * *")
    assert run_due(engine, at()) == 0  # 08:00 in Shanghai: counting begins
    assert run_due(engine, at(0.4)) == 0
    assert run_due(engine, at(0.5)) == 1
    assert run_due(engine, at(0.5)) == 0
    assert made(world, "city") == [START + timedelta(hours=0.5)]
    assert run_due(engine, at(7.5)) == 1
    assert made(world, "other") == [START + timedelta(hours=7.5)]
    assert (
        world.one(
            "select count(distinct account_id) from wuji.job where kind = 'test.do' and account_id = %s", world.system
        )
        == 1
    )


@pytest.mark.parametrize(("missed", "times"), [("skip", [7]), ("once", [6, 7]), ("all", [1, 2, 3, 4, 5, 6, 7])])
def test_what_was_missed(world, engine, missed, times):
    plan(world, "0 * * * *", missed)
    run_due(engine, at())
    run_due(engine, at(6, minutes=20))
    run_due(engine, at(7))
    assert made(world) == [START + timedelta(hours=hour) for hour in times]


def test_all_is_a_hundred_at_most(world, engine):
    plan(world, "* * * * *", "all")
    run_due(engine, at())
    run_due(engine, at(30 * 24))
    times = made(world)
    assert len(times) == 100
    assert times[-1] == START + timedelta(days=30)


def test_the_clocks_are_put_forward_and_back(world, engine):
    world.run(BERLIN, world.tenant["city"])
    plan(world, "30 2 * * *", "all")
    begin = datetime(2026, 3, 28, 12, tzinfo=UTC)  # 02:30 is skipped on the 29th
    run_due(engine, lambda: begin)
    run_due(engine, lambda: begin + timedelta(days=1))
    assert len(made(world)) == 1
    begin = datetime(2026, 10, 24, 12, tzinfo=UTC)  # and comes twice on the 25th
    world.run("delete from wuji.schedule_run")
    world.run("delete from wuji.job where kind = 'test.do'")
    run_due(engine, lambda: begin)
    run_due(engine, lambda: begin + timedelta(days=1))
    assert len(made(world)) == 1


@pytest.mark.parametrize("missed", ["skip", "once", "all"])
def test_a_clock_that_was_ahead_stops_nothing(world, engine, missed):
    """A day ahead for a moment: what had come by then stays taken or skipped, and everything else goes on as before."""
    plan(world, "0 * * * *", missed)
    run_due(engine, at())
    run_due(engine, at(24, minutes=20))
    early = made(world)
    assert len(early) == {"skip": 0, "once": 1, "all": 24}[missed]
    for hour in range(1, 26):
        run_due(engine, at(hour))
    skipped = {24} if missed == "skip" else set()
    assert made(world) == [START + timedelta(hours=hour) for hour in range(1, 26) if hour not in skipped]


def test_many_clocks_take_each_time_once(world, engine):
    plan(world, "*/5 * * * *", "all")
    run_due(engine, at())
    with ThreadPoolExecutor(6) as pool:
        counted = sum(pool.map(lambda _number: run_due(engine, at(2)), range(6)))
    assert counted == 2 * 24  # two roots
    assert len(made(world)) == len(set(made(world))) == 24


def test_without_a_root_and_for_closed_ones(world, engine):
    plan(world, "0 * * * *", per_root=False)
    world.run("update wuji.tenant set state = 'suspended' where id = %s", world.tenant["other"])
    plan(world, "0 * * * *", name="test.other")
    run_due(engine, at())
    assert run_due(engine, at(1)) == 2
    assert made(world, None) == made(world, "city") == [START + timedelta(hours=1)]
    assert made(world, "other") == []


def test_the_operator_pauses_one(world, engine, server):
    plan(world, "0 * * * *", "all")
    app = make_app(server, world.database)

    def ask(method, path, who="operator"):
        client = app.test_client()
        client.set_cookie("wuji-8000", world.cookie[who])
        return client.open(
            f"/api/v1/operator{path}", method=method, headers={"X-Wuji-Request": "1", "Accept-Language": "en"}
        )

    run_due(engine, at())
    (one,) = ask("GET", "/schedules").json["items"]
    assert (one["id"], one["owner"], one["paused"], one["runs"], one["last_at"]) == (
        "test.plan",
        "test",
        False,
        0,
        None,
    )
    assert datetime.fromisoformat(one["next_at"]).minute == 0
    assert ask("POST", "/schedules/test.plan/pause").json["paused"] is True
    assert ask("POST", "/schedules/test.plan/pause").status_code == 409
    assert run_due(engine, at(2)) == 0
    assert ask("POST", "/schedules/test.plan/resume").json["paused"] is False
    assert ask("POST", "/schedules/nothing/pause").status_code == 404
    for path in ("/schedules/test.plan/pause", "/schedules/nothing/pause"):
        assert ask("POST", path, "official@city").status_code == 404
    now = world.one("select now()")
    assert run_due(engine, lambda: now + timedelta(hours=1)) == 2
    verbs = "select array_agg(verb order by id) from wuji.journal_record where kind = 'schedule'"
    assert world.one(verbs) == ["work.schedule.pause", "work.schedule.resume"]
    app.extensions["wuji"].engine.dispose()


def test_the_purge_leaves_where_counting_goes_on(world):
    plan(world, "0 0 1 1 *")
    old = datetime(2020, 1, 1, tzinfo=UTC)
    for days in (0, 1, 2):
        world.run(
            "insert into wuji.schedule_run(schedule_id, tenant_id, due_at) values ('test.plan', %s, %s)",
            *(world.tenant["city"], old + timedelta(days=days)),
        )
    with world.enter(login="wuji_system") as tx:
        tx.all("select wuji.purge()")
        tx.commit()
    assert world.run("select due_at from wuji.schedule_run").fetchall() == [(old + timedelta(days=2),)]
