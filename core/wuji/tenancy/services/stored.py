"""Which tables hold rows of tenants, of the core and of plugins, and what is counted of them under row security."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    TableClause,
    Text,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
    union_all,
)

from wuji.kit.db.session import ScopedSession

FEW = 3
# Every table whose rows lie where their tenant does, served or not, with the column that tells one row from another to people.
TABLES = text("""
  select n.nspname as schema, k.relname as name,
         (select a.attname from pg_attribute a
           where a.attrelid = k.oid and a.atttypid = 'text'::regtype and not a.attisdropped
             and (a.attname in ('title', 'name', 'account_name', 'label', 'code')
                  or (k.relname, a.attname) in (('setting_value', 'key'), ('plugin_rule', 'plugin_id')))
           order by array_position('{title,name,account_name,label,code,key,plugin_id}', a.attname::text) limit 1) as title,
         exists(select from pg_attribute a
                 where a.attrelid = k.oid and a.attname = 'version' and not a.attisdropped) as kept
    from pg_constraint c join pg_class k on k.oid = c.conrelid join pg_namespace n on n.oid = k.relnamespace
   where c.confrelid = 'wuji.tenant'::regclass and c.contype = 'f' and cardinality(c.conkey) = 2
     and not k.relispartition and has_table_privilege(k.oid, 'select') order by 1, 2""")


@dataclass(frozen=True)
class Stored:
    """One table, by the name that people's texts go by: a plugin's as its kinds are called."""

    called: str
    rows: TableClause
    title: str | None
    kept: bool  # by people, who change its rows by their version; others are counted and noted by the program

    def count(self, where: ColumnElement[bool], *by: ColumnElement[Any]) -> Any:
        """By each of these columns, how many rows."""
        return select(literal(self.called).label("table"), *by, func.count().label("rows")).where(where).group_by(*by)


@dataclass(frozen=True)
class Standing:
    """How many rows of a table a tenant has, and what the first few are called."""

    table: str
    rows: int
    titles: tuple[str, ...]


def list_stored(session: ScopedSession) -> Iterator[Stored]:
    for schema, name, title, kept in session.execute(TABLES):
        called = name if schema == "wuji" else f"{schema.removeprefix('plugin_')}.{name}"
        columns = (column("tenant_id"), column("pos"), *((column(title, Text),) if title else ()))
        yield Stored(called, table(name, *columns, schema=schema), title, kept)


def list_standing(
    session: ScopedSession, tenant_ids: Sequence[int], which: Callable[[Stored], str | None]
) -> dict[int, list[Standing]]:
    """By tenant, the rows of each table that are as `which` says: a condition in SQL, or None where none counts."""
    asked = [(one, which(one)) for one in list_stored(session)]
    tables = {one.called: (one, literal_column(f"({where})", Boolean())) for one, where in asked if where}
    if not tenant_ids or not tables:
        return {}
    counts = [
        one.count(one.rows.c.tenant_id.in_(tenant_ids) & where, one.rows.c.tenant_id.label("tenant_id"))
        for one, where in tables.values()
    ]
    counted = union_all(*counts).subquery()
    found = session.execute(select(counted).order_by(counted.c.tenant_id, counted.c.table)).all()
    return {
        tenant_id: [Standing(row.table, row.rows, _titles(session, *tables[row.table], tenant_id)) for row in rows]
        for tenant_id, rows in groupby(found, key=lambda row: row.tenant_id)
    }


def _titles(session: ScopedSession, one: Stored, where: ColumnElement[bool], tenant_id: int) -> tuple[str, ...]:
    if one.title is None:
        return ()
    title = one.rows.c[one.title]
    asked = select(title).where(one.rows.c.tenant_id == tenant_id, where, title != "").order_by(title).limit(FEW)
    return tuple(session.execute(asked).scalars())
