"""Times of a schedule: five fields (minute hour day month weekday) in a time zone.

Where a clock is put forward, a time that is skipped comes right after; where it is put back, one that would come twice comes
once: as in Debian's cron.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from wuji.kit.clock import ZONE

FIELDS = 5


def find_cron_fault(cron: str) -> str | None:
    """What is wrong with it."""
    if len(cron.split()) != FIELDS:
        return "a schedule has five fields: minute hour day month weekday"
    try:
        next(CronSim(cron, datetime(2000, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        return str(error)
    except StopIteration:
        return "it never comes"
    return None


def zone_of(name: str) -> ZoneInfo:
    """What cannot be a zone is the default, as it is for the tree's own days."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZONE


@lru_cache(10_000)
def next_time(cron: str, zone: ZoneInfo, after: datetime) -> datetime:
    """The first time after that one, in UTC."""
    return next(CronSim(cron, after.astimezone(zone))).astimezone(UTC)


def times_before(cron: str, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[datetime]:
    """Times after the one and not after the other, in UTC, newest first."""
    for found in CronSim(cron, until.astimezone(zone) + timedelta(seconds=1), reverse=True):
        moment = found.astimezone(UTC)
        if moment <= after:
            return
        if moment <= until:
            yield moment
