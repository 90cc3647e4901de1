"""Roles of people at tenants: giving and taking them, never above own rights. The database decides (grants.sql)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, text

from wuji.identity.models import Role, RoleGrant
from wuji.identity.services.refusals import refusals
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, invalid, not_found
from wuji.tenancy.models import Tenant, TenantCode

GIVE = text("select * from wuji.role_give(:login, :role_id, :tenant_id, :expires_at, :reason)")
TAKE = text("select wuji.role_take(:role_grant_id, :reason)")


@dataclass(frozen=True)
class Gift:
    """A grant that was just given; it ends no later than the right it rests on."""

    role_grant_id: UUID
    expires_at: datetime | None


def give_role(
    session: ScopedSession,
    login: str,
    role: str,
    tenant_id: int | None,
    *,
    expires_at: datetime | None = None,
    reason: str = "",
) -> Gift:
    """Raises 422 naming the field that does not fit, 403 naming the permission that the giver lacks."""
    role_id = session.execute(
        select(Role.id)
        .outerjoin(Tenant, Tenant.id == tenant_id)
        .where(Role.name == role, or_(Role.tenant_id.is_(None), Role.tenant_id == Tenant.root_id))
        .order_by(Role.tenant_id.nulls_first())
        .limit(1)
    ).scalar_one_or_none()
    if role_id is None:
        raise invalid(Fault("#/role", "identity.invalid.no_role"))
    values = {"login": login, "role_id": role_id, "tenant_id": tenant_id, "expires_at": expires_at, "reason": reason}
    with refusals():
        row = session.execute(GIVE, values).one()
    return Gift(row.role_grant_id, row.ends_at)


def take_role(session: ScopedSession, role_grant_id: UUID, reason: str) -> int:
    """Ends a live grant and those that rested on it; returns how many. Raises 404 outside the acting tenant's subtree."""
    return _take(session, role_grant_id, reason, at_tenant=True)


def take_operator_role(session: ScopedSession, role_grant_id: UUID, reason: str) -> int:
    """The same among the operators."""
    return _take(session, role_grant_id, reason, at_tenant=False)


def _take(session: ScopedSession, role_grant_id: UUID, reason: str, *, at_tenant: bool) -> int:
    place = RoleGrant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()) if at_tenant else RoleGrant.pos.is_(None)
    found = select(RoleGrant.id).where(RoleGrant.id == role_grant_id, RoleGrant.revoked_at.is_(None), place)
    if session.execute(found).first() is None:
        raise not_found()
    with refusals():
        ended: int = session.execute(TAKE, {"role_grant_id": role_grant_id, "reason": reason}).scalar_one()
    if not ended:  # somebody else took it a moment ago
        raise not_found()
    return ended


def get_root_id(session: ScopedSession, code: str) -> int:
    """The root whose code this is, for the operator. Raises 422 for any other code."""
    found = session.execute(
        select(Tenant.id)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(TenantCode.code == code, TenantCode.valid_to.is_(None), Tenant.parent_id.is_(None))
    ).scalar_one_or_none()
    if found is None:
        raise invalid(Fault("#/root", "identity.invalid.no_root"))
    return found
