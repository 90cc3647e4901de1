"""Every table of every kind × everybody × everywhere, read and written: exactly what the kind says, no more and no less."""

from typing import Any

import pytest
from psycopg import sql

from wuji.kit.db.model import Model, walls
from wuji.kit.rowsec.v1 import policies
from wuji.testing import ANONYMOUS, PEOPLE, Transaction, factories, standing
from wuji.testing.world import adapted

EVERYBODY = [None, ANONYMOUS, "stranger", "expired", "revoked", *(who for who, _, _ in PEOPLE)]
PLACES = (None, "city", "street", "village", "sibling", "grid", "other", "foreign")
WALLED = sorted(table for table in factories if walls()[table].kind != "system")
COMMANDS = ("select", "insert", "update", "delete")
PARALLEL = (
    "set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0; set local min_parallel_table_scan_size = 0"
)


def granted(table: str) -> set[str]:
    """The commands that wuji_app has on a table."""
    return {policy.command for policy in policies(walls()[table]) if policy.role == "wuji_app"}


def some_column(table: str) -> str:
    """One that wuji_app may set, if it may set any."""
    columns = walls()[table].columns or [c.name for c in Model.metadata.tables[table].c if not c.identity]
    return columns[0]


def keys(tx: Transaction, table: str, statement: str) -> set[Any]:
    """The keys that a statement returns, as the stage has them."""
    names = [sql.Identifier(column.name) for column in Model.metadata.tables[table].primary_key]
    query = sql.SQL(statement).format(table=sql.Identifier(*table.split(".")), key=sql.SQL(", ").join(names))
    return {row[0] if len(names) == 1 else row for row in tx.connection.execute(query)}


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("table", WALLED)
def test_read(stage, table, who):
    rows, wall = stage.rows[table], walls()[table]
    for at in PLACES if who else [None]:
        holds = standing(stage.world, who, at)
        expected = {key for key, place in rows.items() if holds.reads(wall, place)}
        with stage.world.enter(who, at) as tx:
            assert keys(tx, table, "select {key} from {table}") & rows.keys() == expected, at
            tx.execute(PARALLEL)
            forced = "debug_parallel_query" if tx.connection.info.server_version >= 160000 else "force_parallel_mode"
            tx.execute(f"set local {forced} = on")
            assert keys(tx, table, "select {key} from {table}") & rows.keys() == expected, at


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("table", [table for table in WALLED if granted(table) & {"update", "delete"}])
def test_change(stage, table, who):
    rows, wall = stage.rows[table], walls()[table]
    column = (
        wall.columns[0] if wall.columns else next(c.name for c in Model.metadata.tables[table].c if not c.primary_key)
    )
    statements = {
        "update": f"update {{table}} set {column} = {column} returning {{key}}",
        "delete": "delete from {table} returning {key}",
    }
    for at in PLACES if who else [None]:
        holds = standing(stage.world, who, at)
        expected = {key for key, place in rows.items() if holds.writes(wall, place)}
        for command in granted(table) & statements.keys():
            with stage.world.enter(who, at) as tx:
                assert keys(tx, table, statements[command]) & rows.keys() == expected, (at, command)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("table", [table for table in WALLED if "insert" in granted(table)])
def test_insert(stage, table, who):
    world, wall, made = stage.world, walls()[table], factories[table]
    for at in PLACES if who else [None]:
        holds = standing(world, who, at)
        with world.enter(who, at) as tx:
            for place, row in ((place, row) for row in stage.rows[table].values() if (place := row.tenant or "city")):
                columns = made.columns(world, place)
                if wall.own and row.owner:
                    columns[wall.own] = world.account[row.owner]
                state = tx.refused(*insert(table, columns))
                # a row that stands already: the unique key speaks only after row security has let the row pass
                assert state in ((None, "23505") if holds.writes(wall, row) else ("42501",)), (at, row, tx.error)


def insert(table: str, columns: dict[str, object]) -> tuple[Any, ...]:
    names = ", ".join(f'"{name}"' for name in columns)
    return f"insert into {table} ({names}) values ({', '.join(['%s'] * len(columns))})", *adapted(columns)


@pytest.mark.parametrize("table", sorted(walls()))
def test_commands_that_nobody_has(stage, table):
    column = some_column(table)
    statements = {
        "select": f"select * from {table}",
        "insert": f"insert into {table} default values",
        "update": f"update {table} set {column} = {column}",
        "delete": f"delete from {table}",
    }
    for who, at in (("official@city", "city"), ("operator", None), (ANONYMOUS, "village"), (None, None)):
        with stage.world.enter(who, at) as tx:
            for command in set(COMMANDS) - granted(table):
                assert tx.refused(statements[command]) == "42501", (who, command)
            assert tx.refused(f"truncate {table}") == "42501"


@pytest.mark.parametrize("table", [name for name, wall in walls().items() if wall.kind == "global"])
def test_global_tables_are_written_by_the_operator_alone(stage, table):
    for who, at in (("official@city", "city"), ("resident", "village"), (ANONYMOUS, None), (None, None)):
        with stage.world.enter(who, at) as tx:
            assert tx.refused(f"select * from {table}") is None
            for command in granted(table) & {"update", "delete"}:
                column = some_column(table)
                statement = f"delete from {table}" if command == "delete" else f"update {table} set {column} = {column}"
                assert tx.run(statement) == 0, (who, command)
