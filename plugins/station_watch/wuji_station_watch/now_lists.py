"""Stations as they are now, and as they are in a usual week, of the acting tenant and all below it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Date, Double, Integer, SQLColumnExpression, and_, case, cast, func, select

from wuji.api.http import Asker, Choice, Column, List, Rows
from wuji.api.models import Tenant, TenantCode
from wuji_station_watch.alarm_models import Alarm, StationProfile
from wuji_station_watch.lists import DEVICES, KIND, STATE, of_range
from wuji_station_watch.models import Device, DeviceState, Station, StationState
from wuji_station_watch.permissions import READ

SUGGESTIONS = ("fine", "watch", "more_room", "unused", "unknown")
NEARLY_FULL = 90  # percent
ROOMY = 0.85  # of its room a station should not need more at its busy times
ZONE: ColumnElement[str] = func.wuji.scope_zone()
OPENED = func.plugin_station_watch.opened_at(Station.hours, Station.closed_on, func.now(), ZONE)
OPEN_NOW: ColumnElement[bool] = and_(Station.state == "open", OPENED.is_not(None))
SHARE: ColumnElement[int] = cast(func.round(100.0 * StationState.present / Station.capacity), Integer)
HEARD = func.coalesce(DeviceState.last_received_at, Device.registered_at)
MISSED = func.greatest(
    func.make_interval(0, 0, 0, 0, 0, 0, 3 * Device.interval_seconds), func.make_interval(0, 0, 0, 0, 0, 3)
)
SILENT: ColumnElement[int] = (
    select(func.count())
    .select_from(Device)
    .outerjoin(DeviceState, DeviceState.device_id == Device.id)
    .where(Device.station_id == Station.id, Device.state == "active", func.now() - MISSED > HEARD)
    .correlate(Station)
    .scalar_subquery()
)
ALARMS: ColumnElement[int] = (
    select(func.count())
    .select_from(Alarm)
    .where(Alarm.station_id == Station.id, Alarm.state != "closed")
    .correlate(Station)
    .scalar_subquery()
)
WHAT = (
    Column("id", Station.id, exported=False),
    Column("name", Station.name, sortable=True),
)
WHERE = (
    Column("tenant", TenantCode.code, filtered=True, sortable=True),
    Column("tenant_name", Tenant.name),
    Column("tenant_level", Tenant.level, exported=False),
)
CAPACITY = Column("capacity", Station.capacity, sortable=True)


def _flag() -> Choice:
    """There or not: only `yes` can be asked."""
    return Choice("yes")


def _states(_asker: Asker, asked: Mapping[str, Any]) -> Rows:
    today = cast(func.timezone(ZONE, func.now()), Date)
    rows = of_range().outerjoin(StationState, and_(StationState.station_id == Station.id, StationState.day == today))
    if "open" in asked:
        rows = rows.where(OPEN_NOW)
    if "silent" in asked:
        rows = rows.where(SILENT > 0)
    if "over" in asked:
        rows = rows.where(OPEN_NOW, SHARE >= NEARLY_FULL)
    return rows


def _planned(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return (
        of_range().where(Station.state != "closed").outerjoin(StationProfile, StationProfile.station_id == Station.id)
    )


def _number(name: str, sql: SQLColumnExpression[Any]) -> Column:
    """Of the usual week; nothing where nothing is known yet."""
    return Column(name, cast(func.coalesce(sql, 0), Double), sortable=True)


STATES = List(
    name="station_watch.station_states",
    permission=READ,
    columns=(
        *WHAT,
        KIND,
        STATE,
        Column("address", Station.address),
        Column("longitude", cast(Station.longitude, Double), nullable=True),
        Column("latitude", cast(Station.latitude, Double), nullable=True),
        CAPACITY,
        Column("present", StationState.present, nullable=True),
        Column("share", SHARE, nullable=True),
        # to sort by: a station of which nothing is known today comes before the empty ones
        Column("fill", func.coalesce(SHARE, -1), sortable=True, exported=False),
        Column("entered_today", func.coalesce(StationState.entered_today, 0), sortable=True),
        Column("open_now", OPEN_NOW),
        Column("as_of", StationState.as_of, nullable=True),
        Column("devices", DEVICES),
        Column("silent", SILENT),
        Column("alarms", ALARMS, sortable=True),
        *WHERE,
    ),
    key=Station.id,
    source=_states,
    sort="tenant",
    search=(Station.name, Station.address, Tenant.name),
    more={"open": _flag, "silent": _flag, "over": _flag},
)
# What is written of it at the desk: more than two hours a week full, or five nearly full, is worth a word.
SUGGESTION: ColumnElement[str] = case(
    (StationProfile.tries.is_(None) | (StationProfile.peak == 0), "unknown"),
    (StationProfile.hours_over_100 >= 2, "more_room"),  # noqa: PLR2004 - said above
    (StationProfile.hours_over_80 >= 5, "watch"),  # noqa: PLR2004
    ((StationProfile.hours_over_80 == 0) & (StationProfile.mean_present < 0.08 * Station.capacity), "unused"),
    else_="fine",
)
PLANNING = List(
    name="station_watch.planning",
    permission=READ,
    columns=(
        *WHAT,
        CAPACITY,
        _number("open_hours", StationProfile.open_hours),
        _number("mean_share", func.round(100 * StationProfile.mean_present / Station.capacity, 1)),
        Column("peak", func.coalesce(StationProfile.peak, 0), sortable=True),
        _number("hours_over_80", func.round(StationProfile.hours_over_80, 1)),
        _number("hours_over_100", func.round(StationProfile.hours_over_100, 1)),
        _number("visits", func.round(StationProfile.visits)),
        Column(
            "suggestion",
            SUGGESTION,
            filtered=True,
            choices=SUGGESTIONS,
            key=lambda word: f"station_watch.suggestion.{word}",
        ),
        Column(
            "suggested_capacity",
            case(
                (
                    StationProfile.hours_over_100 >= 2,  # noqa: PLR2004
                    cast(func.ceil(StationProfile.busy_present / ROOMY / 5) * 5, Integer),
                )
            ),
            nullable=True,
        ),
        *WHERE,
    ),
    key=Station.id,
    source=_planned,
    sort="-hours_over_80",
    search=(Station.name, Tenant.name),
)
