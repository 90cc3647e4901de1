"""Applications and invitations as lists. How to reach an applicant stands in no list, so no export carries it away."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from wuji.identity.lists import CALLED
from wuji.identity.models import Role, RoleGrant
from wuji.identity.naming import named
from wuji.kit.http.lists import Asker, Column, List, Rows, level_key
from wuji.onboarding.models import STATES, Application, Invitation, Registration
from wuji.tenancy.models import CATEGORIES, Tenant, TenantCode

LIVES = ("live", "used", "over", "revoked")
LIFE: ColumnElement[str] = case(
    (Invitation.revoked_at.is_not(None), "revoked"),
    (Invitation.expires_at <= func.now(), "over"),
    (Invitation.uses_left == 0, "used"),
    else_="live",
)
# A giver from above the reader's range is not named.
GIVER = (
    select(RoleGrant.account_name)
    .where(RoleGrant.account_id == Invitation.given_by)
    .order_by(RoleGrant.given_at.desc(), RoleGrant.id.desc())
    .limit(1)
    .scalar_subquery()
)
WISHED = (
    Column("id", Application.id, exported=False),
    Column("name", Application.name, sortable=True),
    Column("code", Application.code, sortable=True),
    Column("level", Application.level, sortable=True, filtered=True, grouped=True, said=level_key),
    Column("category", Application.category, filtered=True, choices=CATEGORIES),
    Column("wish", Application.wish),
    Column("state", Application.state, filtered=True, choices=STATES),
    Column("submitted_at", Application.submitted_at, sortable=True),
    Column("decided_at", Application.decided_at, nullable=True),
    Column("reason", Application.reason),
)


def _of_tenant(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return (
        select()
        .select_from(Application)
        .join(Tenant, Tenant.id == Application.tenant_id)
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .where(Application.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
    )


def _of_roots(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return select().select_from(Application).where(Application.tenant_id.is_(None))


def _invitations(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return (
        select()
        .select_from(Invitation)
        .join(Role, Role.id == Invitation.role_id)
        .join(Tenant, Tenant.id == Invitation.tenant_id)
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .where(Invitation.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
    )


def _registrations(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return (
        select()
        .select_from(Registration)
        .join(Tenant, Tenant.id == Registration.tenant_id)
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .where(Registration.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
    )


def _applications(name: str, columns: tuple[Column, ...], source: Any, *, exported: bool) -> List:
    return List(
        name=name,
        permission="onboarding.application.read",
        columns=columns,
        key=Application.id,
        source=source,
        sort="-submitted_at",
        search=(Application.name, Application.code),
        since=Application.submitted_at,
        exported=exported,
        outside=not exported,
    )


APPLICATIONS = _applications(
    "onboarding.applications",
    (
        *WISHED,
        Column("tenant", TenantCode.code, filtered=True, grouped=True, named="tenant_name"),
        Column("tenant_name", Tenant.name),
    ),
    _of_tenant,
    exported=True,
)
ROOT_APPLICATIONS = _applications("onboarding.root_applications", WISHED, _of_roots, exported=False)
INVITATIONS = List(
    name="onboarding.invitations",
    permission="onboarding.invitation.read",
    columns=(
        Column("id", Invitation.id, exported=False),
        Column("role", Role.name, filtered=True, exported=False, grouped=True, named="label"),
        *CALLED,
        Column("uses", Invitation.uses, summed=True),
        Column("uses_left", Invitation.uses_left, summed=True),
        Column("state", LIFE, filtered=True, choices=LIVES),
        Column("given_by", GIVER, nullable=True),
        Column("created_at", Invitation.created_at, sortable=True),
        Column("expires_at", Invitation.expires_at, sortable=True),
        Column("tenant", TenantCode.code, filtered=True, grouped=True, named="tenant_name"),
        Column("tenant_name", Tenant.name),
    ),
    key=Invitation.id,
    source=_invitations,
    sort="-created_at",
)
REGISTRATIONS = List(
    name="onboarding.registrations",
    permission="onboarding.registration.review",
    columns=(
        Column("id", Registration.id, exported=False),
        Column("account_name", Registration.account_name, sortable=True),
        Column("note", Registration.note),
        Column("tenant", TenantCode.code, filtered=True, grouped=True, named="tenant_name"),
        Column("tenant_name", Tenant.name),
        Column("state", Registration.state, filtered=True, choices=STATES),
        Column("submitted_at", Registration.submitted_at, sortable=True),
        Column("decided_at", Registration.decided_at, nullable=True),
        Column("decided_by", named(Registration.reviewed_by), nullable=True),
        Column("reason", Registration.reason),
        Column("own", Registration.account_id == func.wuji.scope_account(), exported=False),
    ),
    key=Registration.id,
    source=_registrations,
    sort="-submitted_at",
    search=(Registration.account_name, Registration.note),
    since=Registration.submitted_at,
)
