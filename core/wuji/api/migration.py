"""What revisions import, of the core and of plugins: a table is made together with its wall (version 1, frozen)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from typing import Any

import sqlalchemy as sa
from alembic import op

from wuji.kit.db.model import Xid8
from wuji.kit.rowsec import v1
from wuji.kit.rowsec.functions import found, read
from wuji.kit.rowsec.v1 import Wall

RETENTION_COLUMNS = ("table_name", "counted_from", "keep_for", "basis")
RETENTION = sa.table("retention", *map(sa.column, RETENTION_COLUMNS), schema="wuji")

__all__ = [
    "Keep",
    "Wall",
    "Xid8",
    "drop_rules",
    "drop_table",
    "found_schema",
    "keep_rows",
    "lay_foundation",
    "let_definer",
    "make_partition",
    "make_table",
    "unlay_foundation",
    "unlet_definer",
]


@dataclass(frozen=True)
class Keep:
    """How long the purge leaves rows of `schema.table`, counted from a column (rows where it is null stay); why: a text key.

    wuji_definer, which purges, must be allowed to select and delete there. Where ending is more than deleting, `table` names a
    definer function instead: it gets the time before which rows end, and returns how many it ended.
    """

    table: str
    column: str
    time: str
    basis: str


def execute(*statements: str) -> None:
    """Runs statements without parameters."""
    for statement in statements:
        op.execute(statement)


def make_table(name: str, *parts: Any, wall: Wall, schema: str = "wuji", **options: Any) -> None:
    """Makes a table and raises its wall; the columns and keys that follow from the wall are written out in the revision.
    `options` are SQLAlchemy's: `postgresql_partition_by`.
    """
    op.create_table(name, *parts, schema=schema, **options)
    execute(*v1.raise_wall(f"{schema}.{name}", wall))


def make_partition(name: str, of: str, values: str, schema: str) -> None:
    """Makes a partition of a walled table, for `values` as PostgreSQL writes them: nobody comes to its rows but through the
    table. The model names it in `__partitions__`.
    """
    execute(f"create table {schema}.{name} partition of {schema}.{of} for values {values}")
    execute(
        *v1.raise_wall(f"{schema}.{name}", replace(v1.PARTITION, key=False))
    )  # its table's trigger is there already


def drop_table(name: str, schema: str = "wuji") -> None:
    op.drop_table(name, schema=schema)


def let_definer(name: str, commands: str, schema: str = "wuji") -> None:
    """Lets definer functions do more with a table that stands: `update delete`. Its model says the same from then on."""
    for command in commands.split():
        using = "using (true)" if command != "insert" else ""
        check = "with check (true)" if command != "delete" else ""
        execute(
            f"create policy {v1.DEFINER}_{command} on {schema}.{name} for {command} to {v1.DEFINER} {using} {check}",
            f"grant {command} on {schema}.{name} to {v1.DEFINER}",
        )


def unlet_definer(name: str, commands: str, schema: str = "wuji") -> None:
    for command in commands.split():
        execute(
            f"revoke {command} on {schema}.{name} from {v1.DEFINER}",
            f"drop policy {v1.DEFINER}_{command} on {schema}.{name}",
        )


def keep_rows(*rules: Keep) -> None:
    """Puts rules of retention in force."""
    with _unforced("wuji.retention"):
        for rule in rules:
            table, column, time, basis = map(sa.literal, astuple(rule))
            values = sa.select(table, column, sa.cast(time, sa.Interval()), basis)
            op.execute(sa.insert(RETENTION).from_select(RETENTION_COLUMNS, values))


def drop_rules(*tables: str) -> None:
    """Ends the rules of tables that go."""
    with _unforced("wuji.retention"):
        op.execute(sa.delete(RETENTION).where(RETENTION.c.table_name.in_(tables)))


@contextmanager
def _unforced(table: str) -> Iterator[None]:
    """The owner writes rows only while the wall is not forced on it; otherwise it would change none, in silence."""
    execute(f"alter table {table} no force row level security")
    yield
    execute(f"alter table {table} force row level security")


def found_schema(schema: str) -> None:
    """Lets the logins into a plugin's schema."""
    execute(*v1.open_schema(schema))


def lay_foundation() -> None:
    """The core's first act: ids, accessors, the check of the signature, triggers."""
    execute(*v1.open_schema("wuji"), v1.SCHEMA.read_text(encoding="utf-8"), *found(read([v1.FUNCTIONS])))


def unlay_foundation() -> None:
    """The core's last act on the way down: nothing of it stays in the database but an empty schema."""
    execute(
        "do $$ declare f record; begin for f in select p.oid::regprocedure as name, p.proowner::regrole as owner from pg_proc p "
        "where p.pronamespace = 'wuji'::regnamespace loop execute format('set local role %s', f.owner); "
        "execute format('drop function %s cascade', f.name); set local role none; end loop; end $$",
        "drop type wuji.scope",
    )
