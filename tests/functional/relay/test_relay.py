"""The relay at work: it seals and clears up, survives a database that goes away, and ends when it is told to."""

import json
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError

from wuji.files.store import FolderStore
from wuji.kit.db.engine import make_engine
from wuji.kit.db.startup import WallOpenError
from wuji.relay import LONGEST, await_wall, chores, is_away, pause, work
from wuji.testing import World, factories, start_server

PATIENCE = 30.0  # seconds


@contextmanager
def relaying(engine, folder, hurry=0.05):
    """The relay in a thread, with less time between its chores."""
    stop, todo = Event(), chores(engine, FolderStore(folder))
    for chore in todo:
        chore.every, chore.due = hurry, 0.0
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(work, todo, stop)
        try:
            yield
        finally:
            stop.set()
            running.result(PATIENCE)
            engine.dispose()


def sealed(world) -> int:
    count: int = world.one("select count(*) from wuji.journal_seal where tenant_id = %s", world.tenant["city"])
    return count


def test_it_seals_purges_and_sweeps(world, tmp_path, until):
    factories["wuji.journal_record"](world, "village")
    factories["wuji.idempotency"](world, "village", expires_at="2001-01-01")
    engine = make_engine(world.server.url("wuji_system", world.database), pool_size=1)
    with relaying(engine, tmp_path / "files"):
        until(lambda: sealed(world) == 1)
        factories["wuji.journal_record"](world, "village")
        until(lambda: sealed(world) == 2)
        until(lambda: world.one("select count(*) from wuji.idempotency") == 0)


def test_it_purges_in_small_transactions(world, tmp_path, until, monkeypatch):
    """One that lasted as long as there are rows would hold up whoever follows the journal."""
    monkeypatch.setattr("wuji.relay.AT_ONCE", 3)
    old = 8
    for _ in range(old):
        factories["wuji.idempotency"](world, "village", expires_at="2001-01-01")
    seen = "create table public.gone(xid xid8)"
    note = (
        "create function public.note() returns trigger language plpgsql security definer as "
        "$$ begin insert into public.gone values (pg_current_xact_id()); return null; end $$"
    )
    watch = "create trigger watch after delete on wuji.idempotency for each row execute function public.note()"
    for statement in (seen, note, watch):
        world.run(statement)
    engine = make_engine(world.server.url("wuji_system", world.database), pool_size=1)
    with relaying(engine, tmp_path / "files"):
        until(lambda: world.one("select count(*) from wuji.idempotency") == 0)
    most = world.one("select max(n) from (select count(*) as n from public.gone group by xid) x")
    assert (most, world.one("select count(*) from public.gone")) == (3, old)


def test_dropped_connections_do_not_end_it(world, tmp_path, until):
    engine = make_engine(world.server.url("wuji_system", world.database), pool_size=1)
    with relaying(engine, tmp_path / "files"):
        for expected in (1, 2, 3):
            factories["wuji.journal_record"](world, "village")
            until(lambda expected=expected: sealed(world) == expected)
            world.run(
                "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'wuji_system' and datname = %s",
                world.database,
            )


def test_it_waits_for_a_postgresql_that_restarts(tmp_path, caplog, until):
    server = start_server()
    try:
        world = World(server)
        engine = make_engine(server.url("wuji_system", server.shared), pool_size=1)
        with relaying(engine, tmp_path / "files"), ThreadPoolExecutor(1) as pool:
            factories["wuji.journal_record"](world, "village")
            until(lambda: sealed(world) == 1)
            factories["wuji.journal_record"](world, "village")
            world.close()
            server.postgres.stop()
            until(lambda: "PostgreSQL does not answer" in caplog.text)
            starting = pool.submit(await_wall, server.engine("wuji_system", server.shared), Event())
            until(lambda: caplog.text.count("PostgreSQL does not answer") > 1)
            server.postgres.start()
            assert starting.result(PATIENCE) is None
            world.stage = server.connect("wuji_stage", server.shared)
            until(lambda: sealed(world) == 2)
        world.close()
    finally:
        server.remove()


def test_a_chore_that_fails_stops_nothing_else(world, tmp_path, caplog, until):
    """The purge meets a rule that cannot be carried out."""
    world.run("update wuji.retention set counted_from = 'nothing' where table_name = 'wuji.job'")
    engine = make_engine(world.server.url("wuji_system", world.database), pool_size=1)
    with relaying(engine, tmp_path / "files"):
        until(lambda: "purge_rows failed" in caplog.text)
        factories["wuji.journal_record"](world, "village")
        until(lambda: sealed(world) == 1)


def test_it_refuses_an_open_wall_and_a_mighty_login(world, server):
    await_wall(server.engine("wuji_system", world.database), Event())
    with pytest.raises(WallOpenError, match="owns tables"):
        await_wall(server.engine("wuji_owner", world.database), Event())
    world.run("create policy hole on wuji.job for select to wuji_app using (true)")
    with pytest.raises(WallOpenError, match="hole"):
        await_wall(server.engine("wuji_system", world.database), Event())


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_program_ends_cleanly_when_told(world, how, until, start):
    factories["wuji.journal_record"](world, "village")
    with start() as relay:
        try:
            until(lambda: sealed(world) == 1)
            relay.send_signal(how)
            said, _ = relay.communicate(timeout=PATIENCE)
        finally:
            relay.kill()
    assert relay.returncode == 0, said
    assert "sealed 1 records" in said
    assert json.loads(said.splitlines()[-1])["message"] == "the relay stops"
    assert "Traceback" not in said


def test_the_program_says_why_it_does_not_start(world, start):
    world.run("create policy hole on wuji.job for select to wuji_app using (true)")
    with start() as relay:
        said, _ = relay.communicate(timeout=PATIENCE)
    assert relay.returncode == 1
    assert "hole" in said
    assert "Traceback" not in said


def test_the_time_between_tries_grows_and_ends_somewhere():
    waits = [pause(tries, RuntimeError("away")) for tries in range(1, 30)]
    assert waits[:4] == [0.5, 1, 2, 4]
    assert waits[-1] == max(waits) == LONGEST


def test_away_is_not_the_same_as_refused(server, caplog):
    caplog.set_level(logging.CRITICAL)
    unreachable = make_engine("postgresql+psycopg://nobody@/nothing?host=/nowhere", pooled=False)
    with pytest.raises(OperationalError) as gone:
        unreachable.connect()
    assert is_away(gone.value)
    system = server.engine("wuji_system", server.shared)
    with system.connect() as connection:
        connection.exec_driver_sql("set local statement_timeout = '10ms'")
        with pytest.raises(OperationalError) as slow:
            connection.exec_driver_sql("select pg_sleep(5)")
        connection.rollback()
        with pytest.raises(ProgrammingError) as refused:
            connection.exec_driver_sql("select * from wuji.account_session")
    assert not is_away(slow.value)
    assert not is_away(refused.value)
    assert not is_away(OSError("the disk is full"))
