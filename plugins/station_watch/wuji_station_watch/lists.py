"""Stations as a list: of the acting tenant and all below it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from wuji.api.http import Asker, Column, List, Rows
from wuji.api.models import Tenant, TenantCode
from wuji_station_watch.models import STATION_KINDS, STATION_STATES, Device, Station
from wuji_station_watch.permissions import READ
from wuji_station_watch.services.stations import IN_RANGE

DEVICES: ColumnElement[int] = (
    select(func.count())
    .select_from(Device)
    .where(Device.station_id == Station.id, Device.state == "active")
    .correlate(Station)
    .scalar_subquery()
)


def of_range() -> Rows:
    """With their place; what else is read of them, a list joins to it."""
    here = and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None))
    return (
        select()
        .select_from(Station)
        .join(Tenant, Tenant.id == Station.tenant_id)
        .join(TenantCode, here)
        .where(IN_RANGE)
    )


def _stations(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return of_range()


KIND = Column("kind", Station.kind, filtered=True, choices=STATION_KINDS, key=lambda kind: f"station_watch.kind.{kind}")
STATE = Column(
    "state", Station.state, filtered=True, choices=STATION_STATES, key=lambda state: f"station_watch.state.{state}"
)

STATIONS = List(
    name="station_watch.stations",
    permission=READ,
    columns=(
        Column("id", Station.id, exported=False),
        Column("name", Station.name, sortable=True),
        KIND,
        Column("address", Station.address),
        Column("phone", Station.phone),
        Column("capacity", Station.capacity, sortable=True),
        STATE,
        Column("public", Station.audience.is_not(None)),
        Column("devices", DEVICES),
        Column("tenant", TenantCode.code, filtered=True, sortable=True),
        Column("tenant_name", Tenant.name),
        Column("tenant_level", Tenant.level, exported=False),
        Column("updated_at", Station.updated_at, sortable=True),
    ),
    key=Station.id,
    source=_stations,
    sort="name",
    search=(Station.name, Station.address, Tenant.name),
)
