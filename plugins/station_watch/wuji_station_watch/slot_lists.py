"""Quarter hours of stations as a list, to be read page by page or taken along."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Double, cast, func, select

from wuji.api.http import Asker, Column, List, Rows
from wuji.api.models import Tenant, TenantCode
from wuji_station_watch.models import Slot, Station
from wuji_station_watch.permissions import READ

IN_RANGE = Slot.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())


def _slots(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return (
        select()
        .select_from(Slot)
        .join(Station, Station.id == Slot.station_id)
        .join(Tenant, Tenant.id == Slot.tenant_id)
        .join(TenantCode, (TenantCode.tenant_id == Tenant.id) & TenantCode.valid_to.is_(None))
        .where(IN_RANGE)
    )


SLOTS = List(
    name="station_watch.slots",
    permission=READ,
    columns=(
        Column("station_id", Slot.station_id, filtered=True, exported=False),
        Column("station", Station.name),
        # the only order there is: with the station it is a row's own, so pages lose nothing
        Column("starts_at", Slot.starts_at, sortable=True),
        Column("present", cast(Slot.present_avg, Double)),
        Column("most", Slot.present_max),
        Column("entered", Slot.entered, summed=True),
        Column("left", Slot.left_count, summed=True),
        Column("covered_seconds", Slot.covered_seconds),
        Column("tenant", TenantCode.code, filtered=True),
        Column("tenant_name", Tenant.name),
    ),
    key=Slot.station_id,
    source=_slots,
    sort="-starts_at",
    since=Slot.starts_at,
)
