"""Transfers as a list: those that one end of lies in the range. The function that reads them says which those are."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import DateTime, String, Uuid, and_, column, func, select
from sqlalchemy.orm import aliased

from wuji.kit.http.lists import Asker, Column, List, Rows
from wuji.tenancy.models import SIDES, TRANSFER_STATES, Tenant, TenantCode
from wuji.tenancy.models import TRANSFERS as OPS

SEEN = func.wuji.transfers_seen().table_valued(
    column("id", Uuid),
    column("op", String),
    column("subject_id"),
    column("parent_id"),
    column("side", String),
    column("mine", String),
    column("state", String),
    column("reason", String),
    column("created_at", DateTime(timezone=True)),
    column("expires_at", DateTime(timezone=True)),
    name="seen",
)
SUBJECT, PARENT = aliased(Tenant, name="transferred"), aliased(Tenant, name="parent")
CODE, PARENT_CODE = aliased(TenantCode, name="transferred_code"), aliased(TenantCode, name="parent_code")


def _transfers(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return (
        select()
        .select_from(SEEN)
        .outerjoin(SUBJECT, SUBJECT.id == SEEN.c.subject_id)
        .outerjoin(PARENT, PARENT.id == SEEN.c.parent_id)
        .outerjoin(CODE, and_(CODE.tenant_id == SEEN.c.subject_id, CODE.valid_to.is_(None)))
        .outerjoin(PARENT_CODE, and_(PARENT_CODE.tenant_id == SEEN.c.parent_id, PARENT_CODE.valid_to.is_(None)))
    )


TRANSFERS = List(
    name="tenancy.transfers",
    permission="tenancy.tenant.move",
    columns=(
        Column("id", SEEN.c.id, exported=False),
        Column("op", SEEN.c.op, filtered=True, choices=OPS),
        Column("code", CODE.code, nullable=True),
        Column("name", SUBJECT.name, nullable=True),
        Column("parent", PARENT_CODE.code, nullable=True),
        Column("parent_name", PARENT.name, nullable=True),
        Column("side", SEEN.c.side, filtered=True, choices=SIDES),
        Column("mine", SEEN.c.mine, choices=SIDES, nullable=True),
        Column("state", SEEN.c.state, filtered=True, choices=(*TRANSFER_STATES, "expired")),
        Column("created_at", SEEN.c.created_at, sortable=True),
        Column("expires_at", SEEN.c.expires_at),
        Column("reason", SEEN.c.reason),
    ),
    key=SEEN.c.id,
    source=_transfers,
    sort="-created_at",
)
