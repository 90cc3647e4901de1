"""Tenants as hits name them, and the one that a search is narrowed to."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from wuji.kit.db.among import among
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, invalid
from wuji.tenancy.models import Tenant, TenantCode

NAMED = (
    select(Tenant.id, TenantCode.code, Tenant.name, Tenant.level, Tenant.ancestors)
    .join(TenantCode, TenantCode.tenant_id == Tenant.id)
    .where(TenantCode.valid_to.is_(None))
)


def read_places(session: ScopedSession, ids: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    """Code, name, level and the way up of tenants that the session may see."""
    connection = session.connection()
    rows = {row.id: row for row in connection.execute(NAMED.where(among(Tenant.id, set(ids))))}
    missing = {above for row in rows.values() for above in row.ancestors} - rows.keys()
    above = (
        rows | {row.id: row for row in connection.execute(NAMED.where(among(Tenant.id, missing)))} if missing else rows
    )
    return {
        row.id: {**_named(row), "ancestors": [_named(above[up]) for up in row.ancestors[:-1] if up in above]}
        for row in rows.values()
    }


def _named(row: Any) -> Mapping[str, Any]:
    return {"code": row.code, "name": row.name, "level": row.level}


def find_below(session: ScopedSession, code: str | None) -> int | None:
    """The tenant that a search is narrowed to. Raises 422 for a code that no active tenant has."""
    if code is None:
        return None
    wanted = select(Tenant.id).join(TenantCode, TenantCode.tenant_id == Tenant.id)
    found: int | None = session.execute(
        wanted.where(TenantCode.code == code, TenantCode.valid_to.is_(None), Tenant.state == "active")
    ).scalar()
    if found is None:
        raise invalid(Fault("?place", "search.invalid.place"))
    return found
