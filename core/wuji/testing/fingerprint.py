"""One figure over everything that belongs to a world: whoever was refused must not have changed it."""

from sqlalchemy import Table

from wuji.kit.db.model import Model
from wuji.testing.world import World

# What a read leaves behind: it says that somebody was there, not that something changed.
PASSING = ("used_at", "idle_at")


def fingerprint(world: World) -> str:
    """md5 over every row of the world's tenants and accounts, system tables included."""
    parts = [part for table in Model.metadata.sorted_tables if (part := _part(table))]
    found: str = world.one(
        "select md5(string_agg(part, '|')) from (" + " union all ".join(parts) + ") x(part)",
        *[ids for table in Model.metadata.sorted_tables if _part(table) for ids in (_ids(world, table),)],
    )
    return found


def _column(table: Table) -> str | None:
    if table.fullname == "wuji.account":
        return "id"
    return next((name for name in ("tenant_id", "account_id") if name in table.c), None)


def _part(table: Table) -> str | None:
    column = _column(table)
    if column is None:
        return None
    without = "".join(f" - '{name}'" for name in PASSING)
    rows = f"select to_jsonb(r){without} as t from {table.fullname} r where {column} = any(%s)"
    return f"select '{table.name}' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from ({rows}) x"


def _ids(world: World, table: Table) -> list[object]:
    return list(world.tenant.values()) if _column(table) == "tenant_id" else list(world.account.values())
