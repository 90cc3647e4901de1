"""Rows, ids and bodies for the isolation matrix."""

from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4

from wuji.testing import World
from wuji.testing.factories import factories as rows
from wuji.testing.factories import factory
from wuji.testing.operations import body, parameter

Row = dict[str, object]
STATION, DEVICE = "plugin_station_watch.station", "plugin_station_watch.device"
ALARM = "plugin_station_watch.alarm"
MONTHS = 15


def service_account(world: World, tenant: str) -> UUID:
    """As the core opens one for a device."""
    key: UUID = rows["wuji.account"](world, tenant, type="service")
    given = {"account_id": key, "account_name": "device", "role_id": world.role["device"], "given_by": world.system}
    rows["wuji.role_grant"](world, tenant, **given)
    until = datetime.now(UTC) + timedelta(days=1)
    world.run(
        "insert into wuji.account_session(token_hash, account_id, idle_at, ends_at) values (%s, %s, %s, %s)",
        *(token_bytes(32), key, until, until),
    )
    return key


@factory(STATION)
def station(_world: World, tenant: str) -> Row:
    return {"name": f"station of {tenant}", "kind": "courier", "capacity": 30}


@factory(DEVICE)
def device(world: World, tenant: str) -> Row:
    said = {"name": f"door of {tenant}", "kind": "counter", "measures": ["in", "out"]}
    return {"station_id": rows[STATION](world, tenant), "account_id": service_account(world, tenant), **said}


@factory("plugin_station_watch.device_state", "device_id")
def device_state(world: World, tenant: str) -> Row:
    return {"device_id": rows[DEVICE](world, tenant), "last_received_at": datetime.now(UTC)}


@factory("plugin_station_watch.reading", "device_id", "measure", "at", "month")
def reading(world: World, tenant: str) -> Row:
    at = datetime.now(UTC)
    month = (at.year * 12 + at.month) % MONTHS
    return {"device_id": rows[DEVICE](world, tenant), "measure": "in", "at": at, "month": month, "value": 1}


@factory("plugin_station_watch.station_state", "station_id")
def station_state(world: World, tenant: str) -> Row:
    now = datetime.now(UTC)
    numbers = {"present": 1, "entered_today": 1, "left_today": 0}
    return {"station_id": rows[STATION](world, tenant), "day": now.date(), "as_of": now, **numbers}


@factory("plugin_station_watch.slot", "station_id", "starts_at")
def slot(world: World, tenant: str) -> Row:
    begins = datetime(2026, 7, 1, tzinfo=UTC)
    return {"station_id": rows[STATION](world, tenant), "starts_at": begins, "day": begins.date(), "entered": 1}


@parameter("station_id")
def some_station(world: World, _who: str, tenant: str) -> str:
    return str(rows[STATION](world, tenant))


@parameter("device_id")
def some_device(world: World, _who: str, tenant: str) -> str:
    return str(rows[DEVICE](world, tenant))


@body("StationIn")
def station_in(_world: World, _who: str) -> dict[str, Any]:
    hours = {"mon": [["08:00", "12:00"], ["14:00", "24:00"]]}
    closed = [{"on": "2026-10-01", "reason": "国庆节"}]
    place = {"longitude": 117.81, "latitude": 30.94, "services": ["water"], "hours": hours, "closed_on": closed}
    return {"name": "长江路驿站", "kind": "courier", "capacity": 40, **place}


@body("StationDeviceIn")
def station_device_in(_world: World, _who: str) -> dict[str, Any]:
    return {"name": "东门", "kind": "counter"}


@body("StationDeviceChangeIn")
def station_device_change_in(_world: World, _who: str) -> dict[str, Any]:
    return {"interval_seconds": 120}


@body("StationReadingsIn")
def station_readings_in(_world: World, _who: str) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat()
    return {"sent_at": at, "readings": [{"measure": "in", "at": at, "value": 1}]}


@factory("plugin_station_watch.alarm_rule")
def alarm_rule(_world: World, _tenant: str) -> Row:
    return {"kind": "silent", "minutes": 15}


@factory("plugin_station_watch.alarm_pending", "rule_id", "subject_id")
def alarm_pending(world: World, tenant: str) -> Row:
    of = {"rule_id": rows["plugin_station_watch.alarm_rule"](world, tenant), "subject_id": uuid4()}
    return {**of, "station_id": rows[STATION](world, tenant), "since": datetime.now(UTC)}


@factory("plugin_station_watch.place_profile", "place_id")
def place_profile(world: World, tenant: str) -> Row:
    return {"place_id": world.tenant[tenant], "tries": 0, "computed_at": datetime.now(UTC)}


@factory(ALARM)
def alarm(world: World, tenant: str) -> Row:
    of, at = rows[STATION](world, tenant), datetime.now(UTC)
    rule = rows["plugin_station_watch.alarm_rule"](world, tenant)
    told = {"told_at_id": world.tenant[tenant], "told_at": at, "since": at, "opened_at": at}
    return {"rule_id": rule, "subject_id": of, "station_id": of, "kind": "full", "bound": 90, "value": 95, **told}


@factory("plugin_station_watch.station_profile", "station_id")
def station_profile(world: World, tenant: str) -> Row:
    numbers = (
        "open_hours",
        "hours_over_80",
        "hours_over_100",
        "visits",
        "mean_present",
        "busy_present",
        "peak",
        "tries",
    )
    days = {"since": "2026-05-28", "until": "2026-07-22", "week": "[]", "computed_at": datetime.now(UTC)}
    return {"station_id": rows[STATION](world, tenant), **days, **dict.fromkeys(numbers, 0)}


@parameter("station_id", of=("show_public_station",), shared=True)
def shown_station(world: World, _who: str, tenant: str) -> str:
    return str(rows[STATION](world, tenant, audience=[0]))


@parameter("alarm_id")
def some_alarm(world: World, _who: str, tenant: str) -> str:
    return str(rows[ALARM](world, tenant))


@parameter("alarm_rule_id")
def some_rule(world: World, _who: str, tenant: str) -> str:
    return str(rows["plugin_station_watch.alarm_rule"](world, tenant))


@body("AlarmTakeIn")
def alarm_take_in(_world: World, _who: str) -> dict[str, Any]:
    return {"note": "马上去看"}


@body("AlarmCloseIn")
def alarm_close_in(_world: World, _who: str) -> dict[str, Any]:
    return {"result": "换了电池"}


@body("AlarmRuleIn")
def alarm_rule_in(_world: World, _who: str) -> dict[str, Any]:
    return {"kind": "full", "share": 90, "minutes": 10, "escalate_minutes": 30}


@body("AlarmRuleChangeIn")
def alarm_rule_change_in(_world: World, _who: str) -> dict[str, Any]:
    return {"minutes": 20}
