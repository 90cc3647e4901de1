"""One purge, by the rules of one table; the rules are written by revisions alone."""

from datetime import UTC, datetime, timedelta

import pytest

from wuji.testing import Server, World, factories

PURGE = "select * from wuji.purge()"


@pytest.fixture
def own(server: Server, make_database):
    world = World(server, make_database())
    world.run("delete from wuji.retention")
    yield world
    world.close()


def rule(world: World, table: str, column: str, keep: str) -> None:
    world.run(
        "insert into wuji.retention(table_name, counted_from, keep_for, basis) values (%s, %s, %s, 'test')",
        table,
        column,
        keep,
    )


def purge(world: World) -> dict[str, int]:
    with world.enter(login="wuji_system") as tx:
        found = dict(tx.execute(PURGE).fetchall())
        tx.commit()
    return found


def test_what_is_over_goes_and_the_rest_stays(own: World):
    kept, gone = (
        factories["wuji.idempotency"](own, "village", expires_at=when) for when in ("2999-01-01", "2001-01-01")
    )
    live = own.one("select count(*) from wuji.account_session")
    own.run(
        "update wuji.account_session set ends_at = now() - interval '31 days' where account_id = %s",
        own.account["resident"],
    )
    own.run(
        "update wuji.account_session set ends_at = now() - interval '29 days' where account_id = %s",
        own.account["member"],
    )
    rule(own, "wuji.account_session", "ends_at", "30 days")
    rule(own, "wuji.idempotency", "expires_at", "0 days")
    assert purge(own) == {"wuji.account_session": 1, "wuji.idempotency": 1}
    assert purge(own) == {"wuji.account_session": 0, "wuji.idempotency": 0}
    assert own.one("select count(*) from wuji.account_session") == live - 1
    assert own.one("select array_agg(key) from wuji.idempotency") == [kept[1]]
    assert gone


@pytest.mark.parametrize("table", ["wuji.journal_record", "wuji.tenant", "wuji.role_grant"])
def test_what_may_never_go_stops_the_purge(own: World, table):
    """The definer has no DELETE there: a wrong rule is an error, not a loss."""
    column = {"wuji.journal_record": "at", "wuji.tenant": "created_at", "wuji.role_grant": "given_at"}[table]
    rule(own, table, column, "0 days")
    with own.enter(login="wuji_system") as tx:
        assert tx.refused(PURGE) == "42501"


def test_where_ending_is_more_than_deleting_a_function_does_it(own: World):
    """An application nobody answered: withdrawn, its contact gone, on record; one that was changed lately, or decided, is not."""
    past, lately = datetime.now(UTC) - timedelta(days=181), datetime.now(UTC) - timedelta(days=179)
    make = factories["wuji.application"]
    gone = [make(own, "village", submitted_at=past), make(own, "village", submitted_at=past, tenant_id=None)]
    kept = [
        make(own, "village", submitted_at=lately),
        make(own, "village", submitted_at=past, state="rejected", decided_at=lately),
    ]
    rule(own, "wuji.application_lapse", "submitted_at", "180 days")
    assert purge(own) == {"wuji.application_lapse": 2}
    assert purge(own) == {"wuji.application_lapse": 0}
    rows = (
        "select state, contact_name || contact_phone || contact_email, decided_at is not null "
        "from wuji.application where id = any(%s)"
    )
    assert own.run(rows, gone).fetchall() == [("withdrawn", "", True)] * 2
    assert {row[0] for row in own.run(rows, kept)} == {"open", "rejected"}
    assert "" not in {row[1] for row in own.run(rows, kept)}
    told = own.run(
        "select subject_id, tenant_id, account_id, fields, reason from wuji.journal_record where verb = %s",
        "onboarding.application.lapse",
    ).fetchall()
    assert sorted(told, key=lambda row: row[1] is None) == [
        (str(gone[0]), own.tenant["village"], own.system, ["state"], ""),
        (str(gone[1]), None, own.system, ["state"], ""),
    ]


def test_nobody_else_purges_or_writes_rules(stage):
    for who, at in (("official@city", "city"), ("operator", None), ("anonymous", None), (None, None)):
        with stage.world.enter(who, at) as tx:
            assert tx.refused(PURGE) == "42501"
            assert (
                tx.refused(
                    "insert into wuji.retention(table_name, counted_from, keep_for, basis) values ('x', 'y', '0', 'z')"
                )
                == "42501"
            )
            assert tx.refused("update wuji.retention set keep_for = '0'") == "42501"


def test_the_rules_of_this_release_can_be_carried_out(server: Server, make_database):
    """Every rule names a table and a column that are there and may be purged."""
    world = World(server, make_database())
    rules = world.one("select count(*) from wuji.retention")
    assert len(purge(world)) == rules
    world.close()
