"""Stations as everybody may know them: where, when, what for, and how busy in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Double,
    Integer,
    and_,
    any_,
    case,
    cast,
    column,
    func,
    select,
    text,
    true,
)

from wuji.api.http import Asker, Choice, Column, List, Rows
from wuji.api.models import Tenant, TenantCode
from wuji_station_watch.models import STATION_KINDS, STATION_STATES, Station

BUSY = (
    func.plugin_station_watch.busy(Station.id)
    .table_valued(
        column("open_now", Boolean),
        column("step", Integer),
        column("present", Integer),
        column("as_of", DateTime(timezone=True)),
        name="busy",
    )
    .render_derived(name="busy")
)
HERE = func.wuji.scope_tenant()
# Of the acting tenant's street, where it lies in one; of everything below it where it does not.
STREET = text("coalesce((wuji.scope_anc())[3], wuji.scope_tenant()) = any(tenant.ancestors)")
TURNS = func.plugin_station_watch.turns_at(Station.hours, Station.closed_on, func.now(), func.wuji.scope_zone())
SHOWN: ColumnElement[bool] = Station.audience.bool_op("&&")(func.wuji.scope_tokens())


def _turns(when: ColumnElement[bool]) -> ColumnElement[datetime]:
    return cast(case((when, TURNS)), DateTime(timezone=True))


def _shown(_asker: Asker, asked: Mapping[str, Any]) -> Rows:
    """Those at and below the acting tenant, or `near` it: the whole street of a village."""
    here = and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None))
    rows = (
        select()
        .select_from(Station)
        .join(BUSY, true())
        .join(Tenant, Tenant.id == Station.tenant_id)
        .join(TenantCode, here)
        .where(SHOWN, Station.state != "closed")
    )
    rows = rows.where(STREET if "near" in asked else any_(Tenant.ancestors) == HERE)
    return rows.where(BUSY.c.open_now) if "open" in asked else rows


PUBLIC = List(
    name="station_watch.public_stations",
    permission="public",
    columns=(
        Column("id", Station.id),
        Column("name", Station.name, sortable=True),
        Column("kind", Station.kind, filtered=True, choices=STATION_KINDS, grouped=False),
        Column("state", Station.state, choices=STATION_STATES, grouped=False),
        Column("address", Station.address),
        Column("phone", Station.phone),
        Column("longitude", cast(Station.longitude, Double), nullable=True),
        Column("latitude", cast(Station.latitude, Double), nullable=True),
        Column("capacity", Station.capacity),
        Column("services", Station.services),
        Column("open_now", BUSY.c.open_now, grouped=False),
        Column("closes_at", _turns(BUSY.c.open_now), nullable=True, grouped=False),
        Column("opens_at", _turns(and_(Station.state == "open", ~BUSY.c.open_now)), nullable=True, grouped=False),
        Column("level", BUSY.c.step, nullable=True),
        Column("present", BUSY.c.present, nullable=True),
        Column("as_of", BUSY.c.as_of, nullable=True, grouped=False),
        Column("tenant", TenantCode.code, filtered=True),
        Column("tenant_name", Tenant.name),
        Column("tenant_level", Tenant.level),
    ),
    key=Station.id,
    source=_shown,
    sort="name",
    search=(Station.name, Station.address, Tenant.name),
    exported=False,
    more={"near": lambda: Choice("yes"), "open": lambda: Choice("yes")},
)
