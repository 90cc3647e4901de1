"""Alarms, and the rules that open them, as lists."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Double, and_, cast, select
from sqlalchemy.orm import aliased

from wuji.api.http import Asker, Choice, Column, List, Rows
from wuji.api.models import Tenant, TenantCode, named
from wuji_station_watch.alarm_models import ALARM_STATES, RULE_KINDS, RULED, Alarm, AlarmRule
from wuji_station_watch.models import Device, Station
from wuji_station_watch.permissions import READ
from wuji_station_watch.services.alarms import IN_RANGE
from wuji_station_watch.services.rules import OWN

TOLD, TAKEN = aliased(Tenant, name="told"), aliased(Tenant, name="taken")
CURRENT: ColumnElement[bool] = and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None))
PLACE = (
    Column("tenant", TenantCode.code, filtered=True),
    Column("tenant_name", Tenant.name),
    Column("tenant_level", Tenant.level, exported=False),
)


def _kind(of: Any) -> Column:
    return Column("kind", of, filtered=True, choices=RULE_KINDS, key=lambda kind: f"station_watch.alarm_kind.{kind}")


def _alarms(_asker: Asker, asked: Mapping[str, Any]) -> Rows:
    rows = (
        select()
        .select_from(Alarm)
        .join(Station, Station.id == Alarm.station_id)
        .outerjoin(Device, Device.id == Alarm.device_id)
        .join(Tenant, Tenant.id == Alarm.tenant_id)
        .join(TenantCode, CURRENT)
        .join(TOLD, TOLD.id == Alarm.told_at_id)
        .outerjoin(TAKEN, TAKEN.id == Alarm.taken_at_id)
        .where(IN_RANGE)
    )
    return rows.where(Alarm.state != "closed") if "unclosed" in asked else rows


def _rules(_asker: Asker, asked: Mapping[str, Any]) -> Rows:
    """Own ones, those below, and those from above that speak of these stations too."""
    rows = select().select_from(AlarmRule).join(Tenant, Tenant.id == AlarmRule.tenant_id).join(TenantCode, CURRENT)
    return rows.where(OWN) if "own" in asked else rows


ALARMS = List(
    name="station_watch.alarms",
    permission=READ,
    columns=(
        Column("id", Alarm.id, exported=False),
        Column("station_id", Alarm.station_id, filtered=True, exported=False),
        Column("station", Station.name),
        Column("device", Device.name, nullable=True),
        _kind(Alarm.kind),
        Column("measure", Alarm.measure),
        Column("bound", cast(Alarm.bound, Double)),
        Column("value", cast(Alarm.value, Double)),
        Column("since", Alarm.since),
        Column("opened_at", Alarm.opened_at, sortable=True),
        Column(
            "state",
            Alarm.state,
            filtered=True,
            choices=ALARM_STATES,
            key=lambda state: f"station_watch.alarm_state.{state}",
        ),
        Column("told_name", TOLD.name),
        Column("told_level", TOLD.level, exported=False),
        Column("taken_at", Alarm.taken_at, nullable=True),
        Column("taken_role", Alarm.taken_role, nullable=True, exported=False),
        Column("taken_name", TAKEN.name, nullable=True),
        Column("taken_by", named(Alarm.taken_by), nullable=True),
        Column("note", Alarm.note),
        Column("result", Alarm.result),
        Column("closed_at", Alarm.closed_at, nullable=True),
        Column("by_itself", and_(Alarm.state == "closed", Alarm.closed_by.is_(None))),
        *PLACE,
    ),
    key=Alarm.id,
    source=_alarms,
    sort="-opened_at",
    search=(Station.name, Device.name, Tenant.name),
    since=Alarm.opened_at,
    more={"unclosed": lambda: Choice("yes")},
)
RULES = List(
    name="station_watch.alarm_rules",
    permission=READ,
    columns=(
        Column("id", AlarmRule.id, exported=False),
        _kind(AlarmRule.kind),
        Column(
            "measure",
            AlarmRule.measure,
            choices=("", *RULED),
            key=lambda name: f"station_watch.measure.{name or 'none'}",
        ),
        Column("share", AlarmRule.share, nullable=True),
        Column("low", cast(AlarmRule.low, Double), nullable=True),
        Column("high", cast(AlarmRule.high, Double), nullable=True),
        Column("minutes", AlarmRule.minutes),
        Column("escalate_minutes", AlarmRule.escalate_minutes, nullable=True),
        Column("is_on", AlarmRule.is_on),
        Column("own", OWN),
        Column("version", AlarmRule.version, exported=False),
        Column("created_at", AlarmRule.created_at, sortable=True),
        *PLACE,
    ),
    key=AlarmRule.id,
    source=_rules,
    sort="created_at",
    more={"own": lambda: Choice("yes")},
)
