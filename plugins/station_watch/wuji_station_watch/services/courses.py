"""The course of a station's days, as its quarter hours have it, and what follows for the next three hours."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, text

from wuji.api import ScopedSession, now, read_zone
from wuji.api.models import among
from wuji_station_watch.alarm_models import StationProfile
from wuji_station_watch.forecasting import QUARTERS, WEEKS, Errors, Expected, forecast
from wuji_station_watch.models import Slot, Station, StationState
from wuji_station_watch.opening import Opening, closed_reason, open_at, quarters_of, spans_of
from wuji_station_watch.services.stations import get_station

WEEK = timedelta(weeks=1)
QUARTER = timedelta(minutes=15)
HISTORY = timedelta(weeks=9)
STEPS = (0.2, 0.5, 0.8, 1.0)
# Some days of a whole subtree, each found by its times: a row a quarter hour, however many stations there are.
SUMS = text(
    "select s.starts_at, s.present from unnest(cast(:begins as timestamptz[])) b "
    "cross join lateral (select o.starts_at, sum(o.present_avg) as present from plugin_station_watch.slot o "
    "where o.starts_at >= b and o.starts_at < b + interval '1 day' and o.pos between :lo and :hi group by 1) s"
)
RANGE = text("select wuji.scope_lo() as lo, wuji.scope_hi() as hi")
TRIED = text("select * from plugin_station_watch.place_tried()")
Slots = Sequence[Row[*tuple[Any, ...]]]


def read_local(session: ScopedSession) -> datetime:
    """What the clock on the wall shows at the acting tenant's root."""
    return now().astimezone(read_zone(session))


def quarter_of(at: datetime) -> int:
    return (at.hour * 60 + at.minute) // 15


def moment(day: date, quarter: int, zone: ZoneInfo) -> datetime:
    """When a quarter hour of a day begins; the 97th is the next day's first."""
    whole = datetime.combine(day, time(), zone) + timedelta(days=quarter // QUARTERS)
    return whole.replace(hour=quarter % QUARTERS // 4, minute=quarter % 4 * 15)


def list_slots(session: ScopedSession, station_ids: Sequence[UUID], since: date, until: date) -> Slots:
    """In order of time; both days included."""
    zone = read_zone(session)
    columns = (
        Slot.station_id,
        Slot.starts_at,
        Slot.day,
        Slot.present_avg,
        Slot.present_max,
        Slot.entered,
        Slot.left_count,
    )
    return session.execute(
        select(*columns)
        .where(
            among(Slot.station_id, station_ids),
            Slot.starts_at >= moment(since, 0, zone),
            Slot.starts_at < moment(until, QUARTERS, zone),
        )
        .order_by(Slot.station_id, Slot.starts_at)
    ).all()


def read_course(station: Station, slots: Iterable[Any], zone: ZoneInfo) -> dict[date, dict[int, float]]:
    """People present while it was open; days on which it was closed are not there."""
    course: dict[date, dict[int, float]] = defaultdict(dict)
    opened: dict[date, set[int]] = {}
    for slot in slots:
        local = slot.starts_at.astimezone(zone)
        day, quarter = local.date(), quarter_of(local)
        if day not in opened:
            opened[day] = quarters_of(station.hours, station.closed_on, day)
        if quarter in opened[day]:
            course[day][quarter] = float(slot.present_avg)
    return dict(course)


def show_now(session: ScopedSession, station_id: UUID) -> dict[str, Any]:
    """How it is there at this moment; what was said on another day is not said of today."""
    station, local = get_station(session, station_id), read_local(session)
    state = session.get(StationState, station_id)
    today = state if state and state.day == local.date() else None
    present = today.present if today else None
    opening = open_at(station, local)
    level = step_of(present, station.capacity) if present is not None and opening.open_now else None
    return {
        "state": station.state,
        "present": present,
        "capacity": station.capacity,
        "share": None if present is None else round(100 * present / station.capacity),
        "entered_today": today.entered_today if today else None,
        "left_today": today.left_today if today else None,
        "as_of": today.as_of if today else None,
        "level": level,
        **show_opening(opening),
    }


def step_of(present: int, capacity: int) -> int:
    """Five steps of what a station holds: 1 few … 5 full (functions/live.sql has the same)."""
    return 1 + sum(present >= share * capacity for share in STEPS)


def show_opening(opening: Opening) -> dict[str, Any]:
    return {
        "open_now": opening.open_now,
        "closes_at": opening.closes,
        "opens_at": opening.opens,
        "closed_reason": opening.closed_reason or "",
    }


def show_day(session: ScopedSession, station_id: UUID, on: date | None) -> dict[str, Any]:
    """A day in quarter hours, and how many were there a week before."""
    station, zone = get_station(session, station_id), read_zone(session)
    day = on or read_local(session).date()
    slots = list_slots(session, [station_id], day - WEEK, day)
    return {
        "on": day,
        "capacity": station.capacity,
        "hours": [[_clock(start), _clock(end)] for start, end in spans_of(station.hours, station.closed_on, day)],
        "closed_reason": closed_reason(station.closed_on, day) or "",
        "slots": [
            {
                "at": slot.starts_at.astimezone(zone),
                "present": float(slot.present_avg),
                "most": slot.present_max,
                "entered": slot.entered,
                "left": slot.left_count,
            }
            for slot in slots
            if slot.day == day
        ],
        "last_week": [
            {"at": slot.starts_at.astimezone(zone) + WEEK, "present": float(slot.present_avg)}
            for slot in slots
            if slot.day == day - WEEK
        ],
    }


def show_forecast(session: ScopedSession, station_id: UUID) -> dict[str, Any]:
    """The next three hours, while it is open, and how far such forecasts have been off."""
    station, local = get_station(session, station_id), read_local(session)
    zone = read_zone(session)
    slots = list_slots(session, [station_id], (local - HISTORY).date(), local.date())
    profile = session.get(StationProfile, station_id)
    spread = [float(one) for one in profile.spread] if profile else []
    expected = expect(station, slots, local, zone, spread)
    known = [one for one in expected if one.present is not None]
    peak = max(known, key=lambda one: one.present or 0, default=None)
    return {
        "made_at": local,
        "slots": [_show(one, local.date(), zone) for one in known],
        "peak": {"at": moment(local.date(), peak.quarter, zone), "present": peak.present} if peak else None,
        **show_errors(profile),
    }


def expect(
    station: Station, slots: Iterable[Any], local: datetime, zone: ZoneInfo, spread: Sequence[float]
) -> list[Expected]:
    """After the last quarter hour that is over; only those in which it is open."""
    course, day = read_course(station, slots, zone), local.date()
    opened = quarters_of(station.hours, station.closed_on, day)
    last = quarter_of(local) - 1
    course.get(day, {}).pop(last + 1, None)  # what has just begun says little yet
    return [one for one in forecast(course, day, last, spread) if one.quarter in opened]


def show_errors(profile: Any) -> dict[str, Any]:
    """Of a station's profile or a place's: in people, and in percent against copying the week before; below zero where copying
    is better.
    """
    if profile is None or profile.error is None or profile.copied_error is None:
        return {"mae": None, "naive_mae": None, "better": None, "samples": 0}
    errors = Errors(float(profile.error), float(profile.copied_error), profile.tries, ())
    return {"mae": errors.mean, "naive_mae": errors.copied, "better": errors.better, "samples": errors.tries}


def show_curve(session: ScopedSession, on: date | None) -> dict[str, Any]:
    """All stations of the range together, as if they were one: a day, the week before, and today the next three hours."""
    zone, local = read_zone(session), read_local(session)
    day = on or local.date()
    weeks = range(WEEKS + 1) if day == local.date() else range(2)
    here = session.execute(RANGE).one()
    course = read_sums(session, [day - week * WEEK for week in weeks], zone, (here.lo, here.hi))
    tried = session.execute(TRIED).first()
    spread = [float(one) for one in tried.spread] if tried else []
    ahead = forecast(course, day, quarter_of(local) - 1, spread) if day == local.date() else []
    return {
        "on": day,
        **{
            name: [{"at": moment(day, quarter, zone), "present": people} for quarter, people in sorted(curve.items())]
            for name, curve in (("slots", course.get(day, {})), ("last_week", course.get(day - WEEK, {})))
        },
        "forecast": [_show(one, day, zone) for one in ahead if one.present is not None],
        **show_errors(tried),
    }


def read_sums(
    session: ScopedSession, days: Sequence[date], zone: ZoneInfo, within: tuple[int, int]
) -> dict[date, dict[int, float]]:
    """People present in all stations of a stretch of the tree."""
    lo, hi = within
    course: dict[date, dict[int, float]] = defaultdict(dict)
    for row in session.execute(SUMS, {"begins": [moment(day, 0, zone) for day in days], "lo": lo, "hi": hi}):
        local = row.starts_at.astimezone(zone)
        course[local.date()][quarter_of(local)] = float(row.present)
    return dict(course)


def _show(one: Expected, day: date, zone: ZoneInfo) -> dict[str, Any]:
    return {"at": moment(day, one.quarter, zone), "p50": one.present, "low": one.low, "high": one.high}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
