"""The notifications of the account that asks."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields
from sqlalchemy import and_, select

from wuji.inbox.models import Notification
from wuji.kit.http.columns import Asker, Column, List, Rows
from wuji.tenancy.models import Tenant, TenantCode


def _own(asker: Asker, asked: Mapping[str, Any]) -> Rows:
    code = and_(TenantCode.tenant_id == Notification.place_id, TenantCode.valid_to.is_(None))
    rows = (
        select()
        .select_from(Notification)
        .outerjoin(Tenant, Tenant.id == Notification.place_id)
        .outerjoin(TenantCode, code)
        .where(Notification.account_id == asker.account_id, Notification.shown)
    )
    return rows.where(Notification.read_at.is_(None) == asked["unread"]) if "unread" in asked else rows


NOTIFICATIONS = List(
    name="inbox.notifications",
    permission="account",
    columns=(
        Column("id", Notification.id),
        Column("topic", Notification.topic, filtered=True),
        Column("told", Notification.told),
        Column("path", Notification.path),
        Column("place_id", Notification.place_id, nullable=True),
        Column("place_code", TenantCode.code, nullable=True),
        Column("place_name", Tenant.name, nullable=True),
        Column("created_at", Notification.created_at, sortable=True),
        Column("read_at", Notification.read_at, nullable=True),
    ),
    key=Notification.id,
    source=_own,
    sort="-created_at",
    more={"unread": fields.Boolean},
    exported=False,
)
