"""Recoveries of accounts of a tenant's subtree, as officials see them, and those of oneself."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import aliased

from wuji.identity.models import RoleGrant
from wuji.identity.recovery.models import STATES, AccountRecovery
from wuji.kit.http.columns import Asker, Column, List, Rows
from wuji.tenancy.models import Tenant, TenantCode

STATE: ColumnElement[str] = case(
    (AccountRecovery.agreed_at.is_not(None), "done"),
    (AccountRecovery.ended_at.is_not(None), "withdrawn"),
    (AccountRecovery.expires_at <= func.now(), "over"),
    else_="waiting",
)


def _name_of(account: Any) -> Any:
    """An official from above the reader's range is not named."""
    held = aliased(RoleGrant)
    newest = select(held.account_name).where(held.account_id == account).order_by(held.given_at.desc(), held.id.desc())
    return newest.limit(1).scalar_subquery()


def _of_tenant(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return (
        select()
        .select_from(AccountRecovery)
        .join(Tenant, Tenant.id == AccountRecovery.tenant_id)
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .where(AccountRecovery.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
    )


RECOVERIES = List(
    name="identity.recoveries",
    permission="identity.account.reset",
    columns=(
        Column("id", AccountRecovery.id, exported=False),
        Column("account_id", AccountRecovery.account_id, exported=False),
        Column("account_name", AccountRecovery.account_name, sortable=True),
        Column("tenant", TenantCode.code),
        Column("tenant_name", Tenant.name),
        Column("reason", AccountRecovery.reason),
        Column("asked_by", _name_of(AccountRecovery.asked_by), nullable=True),
        Column("asked_at", AccountRecovery.created_at, sortable=True),
        Column("agreed_by", _name_of(AccountRecovery.agreed_by), nullable=True),
        Column("expires_at", AccountRecovery.expires_at),
        Column("own", AccountRecovery.asked_by == func.wuji.scope_account(), exported=False),
        Column("state", STATE, filtered=True, choices=STATES),
    ),
    key=AccountRecovery.id,
    source=_of_tenant,
    sort="-asked_at",
    search=(AccountRecovery.account_name,),
)
