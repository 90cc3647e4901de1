"""Whose right ends is cut off; what ends with the process; what the login of live updates can do, which is little."""

import signal
import time

import psycopg
import pytest

from wuji.testing.web import serving

SOON = 1.5  # seconds; at the latest after the next sweep, but a change that is recorded is told at once


def ended(page, within=6.0):
    """How long it took until the page was told that it is gone."""
    begun = time.monotonic()
    while True:
        event, data = page.next(within)
        if event == "bye":
            assert data == "gone"
            return time.monotonic() - begun
        assert event == "message"


def test_logging_out_ends_the_page_at_once(world, web, listen):
    page = listen("clerk", "access", f"tenants@{world.code['village']}")
    kept = listen("member", "access")
    cookie = {"Cookie": f"wuji-{web.port}={world.cookie['clerk']}", "X-Wuji-Request": "1"}
    status, said = web.ask("DELETE", "/api/v1/session", **cookie)
    assert (status, said) == (204, b"")
    assert ended(page) < SOON
    with pytest.raises(TimeoutError):
        kept.next(1)


def test_a_suspended_account_is_cut_off_at_once(world, listen):
    page = listen("clerk", "inbox")
    page.next()
    world.run("update wuji.account set state = 'suspended' where id = %s", world.account["clerk"])
    subject = str(world.account["clerk"])
    world.run("select wuji.journal_add('a.b.c', 'account', %s, null, null, null, null, null)", subject)
    assert ended(page) < SOON


def test_what_ends_without_a_record_is_cut_off_by_the_sweep(world, listen):
    page = listen("clerk", "access")
    world.run("update wuji.account_session set idle_at = now() where account_id = %s", world.account["clerk"])
    assert ended(page) < 5


def test_a_suspended_tenant_is_told_of_no_more_and_the_rest_is(world, listen):
    gone, stays = (f"tenants@{world.code[name]}" for name in ("village", "sibling"))
    page = listen("anonymous", gone, stays)
    world.run("update wuji.tenant set state = 'suspended' where id = %s", world.tenant["village"])
    assert page.next(6) == ("message", {gone: None})
    world.run("select wuji.journal_add('a.b.c', 'tenant', '1', %s, null, null, null, null)", world.tenant["sibling"])
    assert list(page.next()[1]) == [stays]


def test_pages_end_with_the_process_and_are_told_to_come_again(world, environment):
    with serving("wuji.app:serve", environment) as web:
        while web.ask("GET", "/live?topic=tenants@0")[0] == 503:
            pass
        pages = [web.stream(f"/live?topic=tenants@{world.code['village']}") for _ in range(15)]
        assert {page.status for page in pages} == {200}
        begun = time.monotonic()
        web.process.send_signal(signal.SIGTERM)
        web.process.wait(10)
        assert time.monotonic() - begun < 1
        assert {page.next() for page in pages} == {("bye", "restart")}
        for page in pages:
            page.close()


def test_the_login_reads_no_table_and_enters_nowhere(world):
    live = world.server.connect("wuji_live", world.database)
    tables = world.run(
        "select c.oid::regclass::text from pg_class c where relnamespace = 'wuji'::regnamespace and relkind = 'r'"
    )
    for (table,) in tables.fetchall():
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            live.execute(f"select from {table} limit 1")
    may = world.run(
        "select p.proname from pg_proc p where pronamespace = 'wuji'::regnamespace "
        "and has_function_privilege('wuji_live', oid, 'execute')"
    )
    assert {name for (name,) in may} == {"live_since", "live_floor", "live_may", "live_bodies"}
    live.close()


@pytest.mark.parametrize(
    "reader",
    ["wuji.purge", "pg_catalog.pg_sleep", "wuji.live_of_x; select 1", "wuji.live_of_x(null) r --", "plugin_x.other"],
)
def test_only_readers_of_live_bodies_are_called(world, reader):
    live = world.server.connect("wuji_live", world.database)
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedFunction)):
        live.execute("select * from wuji.live_bodies(%s, %s)", [reader, ["1"]])
    live.close()


def test_a_killed_connection_loses_nothing(world, listen):
    topic = f"tenants@{world.code['village']}"
    page = listen("anonymous", topic)
    world.run(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'wuji live' and datname = %s",
        world.database,
    )
    world.run("select wuji.journal_add('a.b.c', 'tenant', '1', %s, null, null, null, null)", world.tenant["village"])
    assert list(page.next()[1]) == [topic]
    assert listen("clerk", "access").status in {200, 503}
