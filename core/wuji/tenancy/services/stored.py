"""Which tables hold rows of tenants, of the core and of plugins, and what is counted of them under row security."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, TableClause, Text, column, func, literal, select, table, text, union_all

from wuji.kit.db.session import ScopedSession

FEW = 3
# Every table whose rows lie where their tenant does, served or not, with the column that tells one row from another to people.
TABLES = text("""
  select n.nspname as schema, k.relname as name,
         (select a.attname from pg_attribute a
           where a.attrelid = k.oid and a.atttypid = 'text'::regtype and not a.attisdropped
             and a.attname in ('title', 'name', 'account_name', 'label', 'code')
           order by array_position('{title,name,account_name,label,code}', a.attname::text) limit 1) as title
    from pg_constraint c join pg_class k on k.oid = c.conrelid join pg_namespace n on n.oid = k.relnamespace
   where c.confrelid = 'wuji.tenant'::regclass and c.contype = 'f' and cardinality(c.conkey) = 2
     and not k.relispartition and has_table_privilege(k.oid, 'select') order by 1, 2""")


@dataclass(frozen=True)
class Stored:
    """One table, by the name that people's texts go by: a plugin's as its kinds are called."""

    called: str
    rows: TableClause
    title: str | None

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
    for schema, name, title in session.execute(TABLES):
        called = name if schema == "wuji" else f"{schema.removeprefix('plugin_')}.{name}"
        columns = (column("tenant_id"), column("pos"), *((column(title, Text),) if title else ()))
        yield Stored(called, table(name, *columns, schema=schema), title)


def list_standing(
    session: ScopedSession, tenant_ids: Sequence[int], *, beside: frozenset[str]
) -> dict[int, list[Standing]]:
    """By tenant, what it holds beside these tables."""
    tables = {one.called: one for one in list_stored(session) if one.called not in beside}
    if not tenant_ids or not tables:
        return {}
    counts = [
        one.count(one.rows.c.tenant_id.in_(tenant_ids), one.rows.c.tenant_id.label("tenant_id"))
        for one in tables.values()
    ]
    counted = union_all(*counts).subquery()
    found = session.execute(select(counted).order_by(counted.c.tenant_id, counted.c.table)).all()
    return {
        tenant_id: [Standing(row.table, row.rows, _titles(session, tables[row.table], tenant_id)) for row in rows]
        for tenant_id, rows in groupby(found, key=lambda row: row.tenant_id)
    }


def _titles(session: ScopedSession, one: Stored, tenant_id: int) -> tuple[str, ...]:
    if one.title is None:
        return ()
    title = one.rows.c[one.title]
    asked = select(title).where(one.rows.c.tenant_id == tenant_id, title != "").order_by(title).limit(FEW)
    return tuple(session.execute(asked).scalars())
