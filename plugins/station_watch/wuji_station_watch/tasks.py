"""What runs by the clock: each minute a look at all stations of a tree, each night what the last weeks come to."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select, text
from sqlalchemy.orm import aliased

from wuji.api import LiveTopic, Run, Schedule, ScopedSession, Task, Topic, list_holders, notify, now, record, task
from wuji.api.models import Tenant, TenantCode, among
from wuji_station_watch.alarm_models import Alarm
from wuji_station_watch.models import Device, Station
from wuji_station_watch.permissions import HANDLE, READ
from wuji_station_watch.profiling import PROFILE, profile_stations
from wuji_station_watch.saying import Said, say_alarm
from wuji_station_watch.services.alarms import KIND
from wuji_station_watch.services.stations import KIND as STATION

NAME = "station_watch"
WATCH = f"{NAME}.watch"
PLACES = text("select plugin_station_watch.watch_places()")
LOOK = text("select * from plugin_station_watch.watch(:tenants, :at)")
SILENCE = text("select * from plugin_station_watch.watch_silence(:tenants, :at)")
LANGUAGES = ("zh-CN", "en")
TOLD = {"open", "escalate"}  # what people hear of
TOPICS = (Topic(name="alarm", email="off", permission=HANDLE),)
SCHEDULES = (
    Schedule(name="watch", cron="* * * * *", task=WATCH, missed="skip"),
    Schedule(name="profile", cron="20 3 * * *", task=PROFILE, missed="once"),
)
# Numbers go to officials, words to everybody; both are read once a second where somebody listens.
LIVE = (
    LiveTopic(name="station", of="subject", permission=READ, body="plugin_station_watch.live_of_station"),
    LiveTopic(name="busy", of="subject", body="plugin_station_watch.live_of_busy"),
    LiveTopic(name="stations", of="tenant", permission=READ, body="plugin_station_watch.live_of_stations"),
    LiveTopic(name="alarms", of="tenant", kinds=frozenset({KIND, "station_watch.alarm_rule"}), permission=READ),
)


class WatchArgs(Struct):
    """Of the minute in which the job runs."""


class Followed(NamedTuple):
    """What a look has done to an alarm."""

    alarm_id: UUID
    tenant_id: int
    did: str


@task(WATCH, WatchArgs, limit=120, attempts=2)
def watch_stations(run: Run, _args: WatchArgs) -> None:
    """At a root, for its whole tree; what was found before is not told again, however often it runs."""
    session = run.session
    places = [
        tenant_id
        for tenant_id in session.execute(PLACES).scalars()
        if run.deployment.active_at(session, NAME, tenant_id)
    ]
    asked = {"tenants": places, "at": now()}
    for row in session.execute(SILENCE, asked).all():
        record(session, f"{STATION}.{row.did}", STATION, row.station_id, tenant_id=row.tenant_id)
    found = session.execute(LOOK, asked)
    followed = [Followed(row.alarm_id, row.tenant_id, row.did) for row in found]
    for one in followed:
        record(session, f"{KIND}.{one.did}", KIND, one.alarm_id, tenant_id=one.tenant_id)
    _tell(session, [one.alarm_id for one in followed if one.did in TOLD])


TASKS: tuple[Task, ...] = (watch_stations, profile_stations)


def _tell(session: ScopedSession, alarm_ids: Sequence[UUID]) -> None:
    """Whoever handles alarms at the level that has its turn; nobody hears of one alarm twice."""
    told = aliased(Tenant, name="told")
    rows = session.execute(
        select(Alarm, Station.name.label("station"), Device.name.label("device"), told.id, TenantCode.code)
        .join(Station, Station.id == Alarm.station_id)
        .outerjoin(Device, Device.id == Alarm.device_id)
        .join(told, told.id == Alarm.told_at_id)
        .join(TenantCode, TenantCode.tenant_id == told.id)
        .where(among(Alarm.id, alarm_ids), TenantCode.valid_to.is_(None))
        .execution_options(populate_existing=True)
    )
    for alarm, station, device, tenant_id, code in rows:
        notify(
            session,
            f"{NAME}.alarm",
            list_holders(session, HANDLE, tenant_id),
            str(alarm.id),
            values={
                "station": station,
                "what": {
                    locale: say_alarm(
                        locale, Said(alarm.kind, alarm.measure, float(alarm.value), float(alarm.bound)), device
                    )
                    for locale in LANGUAGES
                },
            },
            path=f"/console/{code}/x/{NAME}/stations/{alarm.station_id}",
            tenant_id=alarm.tenant_id,
        )
