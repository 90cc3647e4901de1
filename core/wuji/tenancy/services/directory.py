"""The public directory of the tree: name, code, level, category and parent of active tenants; nothing else is public."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ScalarSelect, and_, func, select
from sqlalchemy.orm import aliased

from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import not_found
from wuji.tenancy.models import Tenant, TenantCode, TenantName, TenantPlace

CHILD, PARENT, PARENT_CODE = aliased(Tenant), aliased(Tenant), aliased(TenantCode)


def get_tenant(session: ScopedSession, code: str) -> Mapping[str, Any]:
    """One active tenant with the way up to its root. Raises 404 for a code that is not valid now."""
    row = session.execute(
        select(Tenant.id, Tenant.name, Tenant.level, Tenant.category, Tenant.ancestors)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(TenantCode.code == code, TenantCode.valid_to.is_(None), Tenant.state == "active")
    ).first()
    if row is None:
        raise not_found()
    above = session.execute(
        select(TenantCode.code, Tenant.name, Tenant.level, Tenant.state)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(Tenant.id.in_(row.ancestors), TenantCode.valid_to.is_(None))
        .order_by(Tenant.level)
    ).all()
    if len(above) != len(row.ancestors) or any(a.state != "active" for a in above):
        raise not_found()  # a suspended ancestor takes everything below it out of the directory
    children = session.execute(
        select(func.count()).select_from(CHILD).where(CHILD.parent_id == row.id, CHILD.state == "active")
    ).scalar_one()
    return {
        "code": code,
        "name": row.name,
        "level": row.level,
        "category": row.category,
        "ancestors": [{"code": a.code, "name": a.name, "level": a.level} for a in above[:-1]],
        "children": children,
    }


def list_roots(session: ScopedSession) -> Sequence[Mapping[str, Any]]:
    """Active roots by code: where a visitor begins."""
    return _below(session, None)


def list_children(session: ScopedSession, code: str, most: int = 200) -> Sequence[Mapping[str, Any]]:
    """Active tenants right below, by code."""
    parent = (
        select(TenantCode.tenant_id).where(TenantCode.code == code, TenantCode.valid_to.is_(None)).scalar_subquery()
    )
    return _below(session, parent, most)


def _below(session: ScopedSession, parent: ScalarSelect[int] | None, most: int = 200) -> Sequence[Mapping[str, Any]]:
    rows = session.execute(
        select(TenantCode.code, Tenant.name, Tenant.level)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(Tenant.parent_id.is_(None) if parent is None else Tenant.parent_id == parent)
        .where(Tenant.state == "active", TenantCode.valid_to.is_(None))
        .order_by(TenantCode.code)
        .limit(most)
    )
    return [dict(row) for row in rows.mappings()]


def list_history(session: ScopedSession, tenant_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Names, codes and places of a tenant, newest first; each counts from its first day up to the day the next one came."""
    names = select(TenantName.name, TenantName.valid_from, TenantName.valid_to).where(TenantName.tenant_id == tenant_id)
    codes = select(TenantCode.code, TenantCode.kind, TenantCode.valid_from, TenantCode.valid_to).where(
        TenantCode.tenant_id == tenant_id
    )
    places = (
        select(
            PARENT_CODE.code.label("parent"),
            PARENT.name.label("parent_name"),
            TenantPlace.level,
            TenantPlace.valid_from,
            TenantPlace.valid_to,
        )
        .outerjoin(PARENT, PARENT.id == TenantPlace.parent_id)  # a parent that is suspended is not public
        .outerjoin(PARENT_CODE, and_(PARENT_CODE.tenant_id == PARENT.id, PARENT_CODE.valid_to.is_(None)))
        .where(TenantPlace.tenant_id == tenant_id)
    )
    asked = {
        "names": names.order_by(TenantName.id.desc()),
        "codes": codes.order_by(TenantCode.id.desc()),
        "places": places.order_by(TenantPlace.id.desc()),
    }
    return {name: [dict(row) for row in session.execute(rows).mappings()] for name, rows in asked.items()}
