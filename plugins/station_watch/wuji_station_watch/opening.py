"""When a station is open, by the wall clock of its root; functions/hours.sql says the same of one moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from wuji_station_watch.models import WEEKDAYS

HOUR, QUARTER = 60, 15  # minutes
LOOKED = 8  # days ahead
Hours = Mapping[str, Sequence[Sequence[str]]]
ClosedOn = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Opening:
    """At one moment. `closes` and `opens` are wall clock times without a zone."""

    open_now: bool
    closes: datetime | None
    opens: datetime | None
    closed_reason: str | None


def spans_of(hours: Hours, closed_on: ClosedOn, day: date) -> list[tuple[int, int]]:
    """Minutes of that day from and to which it is open."""
    if closed_reason(closed_on, day) is not None:
        return []
    return [(_minutes(start), _minutes(end)) for start, end in hours.get(WEEKDAYS[day.weekday()], ())]


def closed_reason(closed_on: ClosedOn, day: date) -> str | None:
    """Why it is closed on a day on which it is."""
    return next((one["reason"] for one in closed_on if one["on"] == day.isoformat()), None)


def quarters_of(hours: Hours, closed_on: ClosedOn, day: date) -> set[int]:
    """The quarter hours of that day in which it is open all the time."""
    return {
        quarter
        for start, end in spans_of(hours, closed_on, day)
        for quarter in range(-(-start // QUARTER), end // QUARTER)
    }


def open_at(station: Any, local: datetime) -> Opening:
    """`local` is the wall clock there."""
    clock = local.hour * HOUR + local.minute
    reason = closed_reason(station.closed_on, local.date())
    running = station.state == "open"
    today = spans_of(station.hours, station.closed_on, local.date()) if running else []
    until = next((end for start, end in today if start <= clock < end), None)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    closes = None if until is None else midnight + timedelta(minutes=until)
    opens = next(_openings(station, local), None) if running and until is None else None
    return Opening(until is not None, closes, opens, reason)


def _openings(station: Any, local: datetime) -> Iterator[datetime]:
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in (midnight + timedelta(days=ahead) for ahead in range(LOOKED)):
        for start, _end in spans_of(station.hours, station.closed_on, day.date()):
            if day + timedelta(minutes=start) > local:
                yield day + timedelta(minutes=start)


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * HOUR + int(minutes)
