"""What a station's last eight weeks come to, each night for every station of a tree."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import select, text

from wuji.api import Run, ScopedSession, now, read_zone, task
from wuji.api.models import among
from wuji_station_watch.forecasting import WEEKS, Course, measure, percentile
from wuji_station_watch.models import Station
from wuji_station_watch.opening import quarters_of
from wuji_station_watch.services.courses import list_slots, moment, read_course, read_sums
from wuji_station_watch.services.stations import IN_RANGE

PROFILE = "station_watch.profile"
CHUNK = 20
DAYS, HOURS = 7, 24
NEARLY, FULL = 0.8, 1.0
BUSY = 0.95
MONDAY = date(2024, 1, 1)  # any will do
PUT = text("select plugin_station_watch.profile_put(cast(:profiles as jsonb))")
# Those of the range that have stations at or below them, and which: some have the same, and so the same sums.
PLACES = text(
    "select t.id, t.pos, t.pos_hi, array_agg(s.id order by s.id) as station_ids from wuji.tenant t "
    "join plugin_station_watch.station s on s.pos between t.pos and t.pos_hi "
    "where t.pos between wuji.scope_lo() and wuji.scope_hi() group by t.id, t.pos, t.pos_hi"
)
PUT_PLACES = text("select plugin_station_watch.places_put(cast(:places as jsonb))")


class ProfileArgs(Struct):
    """Of the eight weeks before the day on which the job runs."""


@task(PROFILE, ProfileArgs, limit=3600, attempts=3)
def profile_stations(run: Run, _args: ProfileArgs) -> None:
    """At a root, for its whole tree: forecasts are tried on what has come since, and weeks are summed up."""
    put_profiles(run.session)
    put_places(run.session)


def put_profiles(session: ScopedSession) -> int:
    """Of all stations of the range; returns how many. Written by the program's own account alone."""
    zone = read_zone(session)
    until = now().astimezone(zone).date() - timedelta(days=1)
    found = [
        profile
        for ids in _chunks(session)
        for profile in _profile(session, ids, until, zone)
    ]  # fmt: skip
    session.execute(PUT, {"profiles": json.dumps(found)})
    return len(found)


def put_places(session: ScopedSession) -> int:
    """How far off forecasts of the stations of each place together are; returns of how many places."""
    zone = read_zone(session)
    today = now().astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(1, 7 * (WEEKS + 4) + 1)]
    tried: dict[tuple[UUID, ...], dict[str, Any]] = {}
    found = []
    for place in session.execute(PLACES).all():
        key = tuple(place.station_ids)
        if key not in tried:
            tried[key] = _tried(read_sums(session, days, zone, (place.pos, place.pos_hi)), today)
        found.append({"place_id": place.id, **tried[key]})
    session.execute(PUT_PLACES, {"places": json.dumps(found)})
    return len(found)


def _chunks(session: ScopedSession) -> Iterator[Sequence[UUID]]:
    ids = session.scalars(select(Station.id).where(IN_RANGE).order_by(Station.id)).all()
    return (ids[place : place + CHUNK] for place in range(0, len(ids), CHUNK))


def _profile(session: ScopedSession, ids: Sequence[UUID], until: date, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    # Forecasts of the last four weeks are tried with the eight weeks before each of them.
    since = until - timedelta(weeks=WEEKS + 4)
    slots = list_slots(session, ids, since, until)
    by_station = {key: list(rows) for key, rows in groupby(slots, key=lambda slot: slot.station_id)}
    for station in session.scalars(select(Station).where(among(Station.id, ids))):
        rows = by_station.get(station.id, [])
        course = read_course(station, rows, zone)
        begin = until - timedelta(weeks=WEEKS) + timedelta(days=1)
        recent = {day: people for day, people in course.items() if day >= begin}
        entered = sum(slot.entered for slot in rows if slot.day >= begin)
        yield {
            "station_id": str(station.id),
            "since": begin.isoformat(),
            "until": until.isoformat(),
            **sum_up(station, recent, entered, zone),
            **_tried(course, until + timedelta(days=1)),
        }


def sum_up(station: Station, course: Course, entered: int, zone: ZoneInfo) -> dict[str, Any]:
    """Of the days that are known, as of one week: a station that is new has fewer of them."""
    people = [present for quarters in course.values() for present in quarters.values()]
    weeks = len(course) / DAYS or 1
    peak = max(((present, day, at) for day, row in course.items() for at, present in row.items()), default=None)
    return {
        "week": mean_week(course),
        "open_hours": _open_hours(station),
        "hours_over_80": sum(one >= NEARLY * station.capacity for one in people) / 4 / weeks,
        "hours_over_100": sum(one >= FULL * station.capacity for one in people) / 4 / weeks,
        "visits": entered / weeks,
        "mean_present": sum(people) / len(people) if people else 0,
        "busy_present": percentile(people, BUSY),
        "peak": round(peak[0]) if peak else 0,
        "peak_at": moment(peak[1], peak[2], zone).isoformat() if peak else None,
    }


def mean_week(course: Course) -> list[list[float | None]]:
    """Mean people by weekday (Monday first) and hour; null where it was never open."""
    found: list[list[list[float]]] = [[[] for _ in range(HOURS)] for _ in range(DAYS)]
    for day, quarters in course.items():
        for quarter, present in quarters.items():
            found[day.weekday()][quarter // 4].append(present)
    return [[round(sum(one) / len(one), 1) if one else None for one in hours] for hours in found]


def _open_hours(station: Station) -> float:
    """A usual week's, by its present hours."""
    return sum(len(quarters_of(station.hours, (), MONDAY + timedelta(days=day))) for day in range(DAYS)) / 4


def _tried(course: Course, before: date) -> dict[str, Any]:
    errors = measure(course, before)
    if errors is None:
        return {"error": None, "copied_error": None, "tries": 0, "spread": []}
    return {
        "error": errors.mean,
        "copied_error": errors.copied,
        "tries": errors.tries,
        "spread": list(errors.spread),
    }
