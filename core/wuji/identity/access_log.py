"""What happened to somebody's account, for themselves to read (PIPL 44 and 45; GB/T 35273-2020, 8.1)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import DateTime, Integer, String, Uuid, and_, column, func, select

from wuji.kit.http.columns import Asker, Column, List, Rows
from wuji.tenancy.models import Tenant, TenantCode

AUTHORS = ("oneself", "official", "system", "command_line", "visitor")
CONCERNED = func.wuji.account_concerned().table_valued(
    column("id", Uuid),
    column("at", DateTime(timezone=True)),
    column("verb", String),
    column("author", String),
    column("tenant_id", Integer),
    column("reason", String),
)


def _concerned(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    """A place that is out of the person's sight is not named either."""
    return (
        select()
        .select_from(CONCERNED)
        .outerjoin(Tenant, Tenant.id == CONCERNED.c.tenant_id)
        .outerjoin(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
    )


ACCESS = List(
    name="identity.access",
    permission="account",
    columns=(
        Column("id", CONCERNED.c.id),
        Column("at", CONCERNED.c.at, sortable=True),
        Column("verb", CONCERNED.c.verb),
        Column("said", CONCERNED.c.verb),  # in the reader's words once it is answered
        Column("author", CONCERNED.c.author, choices=AUTHORS),
        Column("tenant_code", TenantCode.code, nullable=True),
        Column("tenant_name", Tenant.name, nullable=True),
        Column("reason", CONCERNED.c.reason),
    ),
    key=CONCERNED.c.id,
    source=_concerned,
    sort="-at",
    exported=False,
)
