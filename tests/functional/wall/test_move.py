"""A tenant that moves takes its rows along, whatever is being written meanwhile. Here the owner moves it, by hand."""

from threading import Thread

import psycopg
import pytest

from wuji.kit.db.model import walls
from wuji.testing import World, factories

# Files that no row of another table brought with it.
PLAIN = "audience is null and owner_kind = 'test' and media = 'text/plain'"
KEYED = [name for name in factories if walls()[name].key]
WRONG = " union all ".join(
    f"select '{name}' from {name} x join wuji.tenant t on t.id = x.tenant_id where x.pos <> t.pos and t.id = any(%s)"
    for name in KEYED
)


def move(connection: psycopg.Connection, world: World, name: str, to: str) -> None:
    """As surgery will: one statement gives the whole subtree its new places, foreign keys carry the rows."""
    connection.execute(
        "with a as (select * from wuji.tenant where id = %(which)s), b as (select * from wuji.tenant where id = %(to)s), "
        "by as (select b.pos + b.next_child[a.level] * wuji.span(a.level::int) - a.pos as shift from a, b) "
        "update wuji.tenant t set pos = t.pos + by.shift, pos_hi = t.pos_hi + by.shift, root_id = b.root_id, "
        "ancestors = b.ancestors || t.ancestors[cardinality(a.ancestors):], "
        "parent_id = case when t.id = a.id then b.id else t.parent_id end "
        "from a, b, by where t.pos between a.pos and a.pos_hi",
        {"which": world.tenant[name], "to": world.tenant[to]},
    )


@pytest.fixture
def full(world: World) -> World:
    for name in KEYED:
        for tenant in ("village", "grid", "sibling"):
            factories[name](world, tenant)
    world.grow("second", "district", 3)
    return world


def wrong(world: World) -> list[tuple[str]]:
    return world.run(WRONG, *[list(world.tenant.values())] * len(KEYED)).fetchall()


def test_rows_follow(full: World):
    """As wuji_owner under FORCE: the cascade is not walled; versions stay, for nobody edited anything."""
    versions = {
        name: f"select min(version), max(version) from {name} where tenant_id = any(%s)"
        for name in KEYED
        if walls()[name].versioned
    }
    ours = list(full.tenant.values())
    before = {name: full.run(statement, ours).fetchone() for name, statement in versions.items()}
    with full.server.connect("wuji_owner", full.database, autocommit=False) as owner:
        owner.execute("alter table wuji.tenant no force row level security")
        move(owner, full, "village", "second")
        owner.execute("alter table wuji.tenant force row level security")
        owner.commit()
    assert wrong(full) == []
    assert {name: full.run(statement, ours).fetchone() for name, statement in versions.items()} == before
    files = f"select count(*) from wuji.file where {PLAIN} and tenant_id = any(%s)"
    for who, at, count in (
        ("official@street", "street", 1),
        ("official@village", "village", 2),
        ("official@grid", "grid", 1),
        ("official@city", "city", 3),
        ("official@city", "second", 2),
    ):
        with full.enter(who, at) as tx:
            assert tx.one(files, ours) == count, (who, at)


def test_a_scope_bound_before_the_move_reads_nothing_new(full: World):
    """Slots are never reused: the old range is empty, and stays so."""
    with full.enter("official@village", "village") as tx:
        mine = f"select count(*) from wuji.file where {PLAIN}"
        assert tx.one(mine) == 2
        move(full.stage, full, "village", "second")
        assert tx.one(mine) == 0
        full.grow("third", "street", 4)
        factories["wuji.file"](full, "third")
        assert tx.one(mine) == 0


def test_an_insert_that_meets_a_move_fails_and_may_be_tried_again(full: World):
    states: list[str | None] = []
    made = factories["wuji.file"].columns(full, "grid")
    row = f"insert into wuji.file ({', '.join(made)}) values ({', '.join(['%s'] * len(made))})"

    def write() -> None:
        with full.enter("official@grid", "grid") as tx:
            states.append(tx.refused(row, *made.values()))
            tx.commit()

    with full.server.connect("wuji_stage", full.database, autocommit=False) as mover:
        move(mover, full, "grid", "sibling")
        writer = Thread(target=write)
        writer.start()
        while not full.one(
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = %s "
            "and %s = any(pg_blocking_pids(pid))",
            full.database,
            mover.info.backend_pid,
        ):
            assert writer.is_alive()
        mover.commit()
        writer.join()
    write()
    assert states == ["23503", None]
    assert wrong(full) == []


def test_pos_is_the_servers(full: World):
    """Whatever an insert says of pos, the row lies where its tenant does; an update of pos alone is refused."""
    made = factories["wuji.file"].columns(full, "village") | {"pos": 7}
    row = f"insert into wuji.file ({', '.join(made)}) values ({', '.join(['%s'] * len(made))}) returning pos"
    lo = full.one("select pos from wuji.tenant where id = %s", full.tenant["village"])
    with full.enter("official@village", "village") as tx:
        assert tx.one(row, *made.values()) == lo
        assert tx.refused("update wuji.file set pos = pos + 1") in ("23503", "42501")
        assert tx.refused("update wuji.file set tenant_id = %s", full.tenant["sibling"]) == "42501"
        assert tx.refused("update wuji.file set tenant_id = null") in ("23502", "42501")
        moved = "update wuji.file set tenant_id = %s where tenant_id = %s returning pos"
        grid = full.one("select pos from wuji.tenant where id = %s", full.tenant["grid"])
        assert set(tx.all(moved, full.tenant["grid"], full.tenant["village"])) == {grid}


def test_versions_rise_by_one_whatever_the_writer_says(full: World):
    with full.enter("official@village", "village") as tx:
        columns = "version = 1, name = 'new', updated_at = 'epoch'"
        change = f"update wuji.file set {columns} where tenant_id = %s and {PLAIN} returning version"
        assert [tx.all(change, full.tenant["village"]) for _ in range(2)] == [[2], [3]]
        assert tx.one("select updated_at = now() from wuji.file where version = 3") is True


@pytest.mark.parametrize("table", KEYED)
def test_no_row_stands_at_a_tenant_that_is_not_there(full: World, table):
    """A composite key with one null is not checked by PostgreSQL."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="nothing can stand there"):
        factories[table](full, "village", tenant_id=2**31 - 1)
