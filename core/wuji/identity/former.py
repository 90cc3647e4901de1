"""Who held what on a day that is past, in the tree of that day."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields
from sqlalchemy import ColumnElement, Date, Integer, Uuid, and_, cast, column, func, or_, select

from wuji.identity.lists import CALLED
from wuji.identity.models import Role, RoleGrant
from wuji.kit.http.lists import Asker, Column, List, Rows
from wuji.tenancy.history import CODED, NAMED, counted, stood_below


def _day(moment: Any) -> ColumnElement[Any]:
    """In the time zone of the root."""
    return cast(func.timezone(func.wuji.scope_zone(), moment), Date)


def _held(asker: Asker, asked: Mapping[str, Any]) -> Rows:
    """What lies outside the range by now is not shown: whose names somebody may read is a matter of today. A role is held from
    the day on which it is given, and no more on the day on which it ends.
    """
    day = asked["as_of"]
    stood = stood_below(asker.tenant_id, day)
    moved = func.wuji.grants_moved(day).table_valued(column("role_grant_id", Uuid), column("tenant_id", Integer))
    moved = moved.alias("moved")
    ended = [or_(one.is_(None), _day(one) > day) for one in (RoleGrant.revoked_at, RoleGrant.expires_at)]
    return (
        select()
        .select_from(RoleGrant)
        .join(Role, Role.id == RoleGrant.role_id)
        .outerjoin(moved, moved.c.role_grant_id == RoleGrant.id)
        .join(stood, stood.c.tenant_id == func.coalesce(moved.c.tenant_id, RoleGrant.tenant_id))
        .join(NAMED, and_(NAMED.tenant_id == stood.c.tenant_id, counted(NAMED, day)))
        .join(CODED, and_(CODED.tenant_id == stood.c.tenant_id, counted(CODED, day)))
        .where(RoleGrant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
        .where(_day(RoleGrant.given_at) <= day, *ended)
    )


HELD = List(
    name="identity.held",
    permission="identity.grant.read",
    columns=(
        Column("id", RoleGrant.id, exported=False),
        Column("account_id", RoleGrant.account_id, exported=False),
        Column("account_name", RoleGrant.account_name, sortable=True),
        Column("role", Role.name, filtered=True, sortable=True, exported=False, grouped=True, named="label"),
        *CALLED,
        Column("given_at", RoleGrant.given_at, sortable=True),
        Column("tenant", CODED.code, filtered=True, grouped=True, named="tenant_name"),
        Column("tenant_name", NAMED.name),
    ),
    key=RoleGrant.id,
    source=_held,
    sort="-given_at",
    more={"as_of": lambda: fields.Date(required=True)},
    search=(RoleGrant.account_name,),
)
