"""Who holds what: grants of a subtree, roles that can be given there, and the operators."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import fields
from sqlalchemy import ColumnElement, String, and_, case, func, or_, select

from wuji.identity.models import Role, RoleGrant
from wuji.kit.http.fields import Choice
from wuji.kit.http.lists import Asker, Column, List, Rows
from wuji.tenancy.models import Tenant, TenantCode

STATES = ("live", "expired", "revoked")
STANDING = func.wuji.account_standing(RoleGrant.account_id, type_=String)
STATE: ColumnElement[str] = case(
    (RoleGrant.revoked_at.is_not(None), "revoked"), (RoleGrant.expires_at <= func.now(), "expired"), else_="live"
)
SOON = timedelta(days=30)
ENDING: ColumnElement[str] = case(
    (or_(STATE != "live", RoleGrant.expires_at.is_(None)), "never"),
    (RoleGrant.expires_at <= func.now() + SOON, "soon"),
    else_="later",
)
# A built-in role's label is a text key; a role of a root brings its own words, by language in `labels`.
CALLED = (Column("label", Role.label, key=str), Column("labels", Role.labels, exported=False))
GIVEN = (
    Column("id", RoleGrant.id, exported=False),
    Column("account_id", RoleGrant.account_id, exported=False),
    Column("account_name", RoleGrant.account_name, sortable=True),
    Column("role", Role.name, filtered=True, sortable=True, exported=False, grouped=True, named="label"),
    *CALLED,
    Column("given_at", RoleGrant.given_at, sortable=True),
    Column("expires_at", RoleGrant.expires_at, nullable=True),
    Column("state", STATE, filtered=True, choices=STATES),
    Column("account_state", STANDING, choices=("active", "suspended"), nullable=True),
    Column("ending", ENDING, filtered=True, choices=("soon", "later", "never"), exported=False),
)


def _standing(rows: Rows, asked: Mapping[str, Any]) -> Rows:
    """Grants that give nothing now, because their holder is suspended."""
    if "account_state" not in asked:
        return rows
    return rows.where(RoleGrant.account_id.in_(select(func.wuji.accounts_suspended())), STATE == "live")


def _suspended() -> fields.Field[Any]:
    return Choice("suspended")


def _grants(_asker: Asker, asked: Mapping[str, Any]) -> Rows:
    """Row security also shows the reader's own grants elsewhere; this list is of the subtree alone."""
    rows = (
        select()
        .select_from(RoleGrant)
        .join(Role, Role.id == RoleGrant.role_id)
        .join(Tenant, Tenant.id == RoleGrant.tenant_id)
        .outerjoin(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .where(RoleGrant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
    )
    return _standing(rows, asked)


def _operators(_asker: Asker, asked: Mapping[str, Any]) -> Rows:
    rows = select().select_from(RoleGrant).join(Role, Role.id == RoleGrant.role_id)
    return _standing(rows.where(RoleGrant.tenant_id.is_(None)), asked)


def _roles(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    """Built in and of the root; the operator's is given nowhere in the tree, a device's by nobody."""
    return (
        select()
        .select_from(Role)
        .where(~and_(Role.tenant_id.is_(None), Role.name.in_(("operator", "device", "client"))))
    )


GRANTS = List(
    name="identity.grants",
    permission="identity.grant.read",
    columns=(
        *GIVEN,
        Column("tenant", TenantCode.code, filtered=True, grouped=True, named="tenant_name"),
        Column("tenant_name", Tenant.name),
    ),
    key=RoleGrant.id,
    source=_grants,
    sort="-given_at",
    search=(RoleGrant.account_name,),
    more={"account_state": _suspended},
)
OPERATORS = List(
    name="identity.operators",
    permission="identity.grant.read",
    columns=GIVEN,
    key=RoleGrant.id,
    source=_operators,
    sort="-given_at",
    search=(RoleGrant.account_name,),
    more={"account_state": _suspended},
    exported=False,
    outside=True,
)
ROLES = List(
    name="identity.roles",
    permission="identity.grant.read",
    columns=(
        Column("id", Role.id, exported=False),
        Column("name", Role.name, sortable=True),
        *CALLED,
        Column("permissions", Role.permissions, key=lambda name: name.replace(".", ".permission.", 1)),
        Column("reach", Role.reach, filtered=True, choices=("subtree", "audience")),
        Column("class", Role.class_, exported=False),
        Column("built_in", Role.tenant_id.is_(None)),
    ),
    key=Role.id,
    source=_roles,
    sort="name",
)
