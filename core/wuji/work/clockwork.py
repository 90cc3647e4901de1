"""The clock: makes the jobs of schedules when their times come, in each root's own time zone. The relay's part; any number of
relays may do it, and each time is taken once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine, text

from wuji.kit.clock import Clock
from wuji.kit.cron import next_time, times_before, zone_of

PLACES = text("select schedule_id, cron, missed, tenant_id, zone, last_at from wuji.schedule_places(:until)")
TAKE = text("select wuji.schedule_take(:schedule_id, :tenant_id, :due_at, :working)")
LATE = timedelta(minutes=1)  # a time that is older when it is noticed was missed; clocks differ by less
MOST = 100  # missed times that `all` makes up for


def run_due(system: Engine, clock: Clock) -> int:
    """Makes the job of every time that has come since the last one. Returns how many it made.

    A root that is seen for the first time, or a schedule, begins now. After a clock was ahead, counting goes on where it was
    before; a time that it took or skipped stays taken.
    """
    now, made = clock(), 0
    with system.connect() as connection:
        places = connection.execute(PLACES, {"until": now + LATE}).all()
    for place in places:
        if place.last_at is None:
            _take(system, place, now, working=False)
        elif next_time(place.cron, zone_of(place.zone), place.last_at) <= now:
            made += sum(_take(system, place, due_at, working=working) for due_at, working in _due(place, now))
    return made


def _due(place: Any, now: datetime) -> Sequence[tuple[datetime, bool]]:
    """What has come, oldest first, and whether it is worked for; the last time is noted always, so that counting goes on
    after it.
    """
    newest = islice(times_before(place.cron, zone_of(place.zone), place.last_at, now), MOST)
    match place.missed:
        case "all":
            return [(due_at, True) for due_at in newest][::-1]
        case "once":
            return [(due_at, True) for due_at in islice(newest, 1)]
        case _:
            return [(due_at, now - due_at <= LATE) for due_at in islice(newest, 1)]


def _take(system: Engine, place: Any, due_at: datetime, *, working: bool) -> bool:
    """Whether a job was made: somebody else may have taken that time."""
    values = {"schedule_id": place.schedule_id, "tenant_id": place.tenant_id, "due_at": due_at, "working": working}
    with system.begin() as connection:
        taken: bool = connection.execute(TAKE, values).scalar_one()
    return taken and working
