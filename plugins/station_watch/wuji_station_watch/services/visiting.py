"""What everybody may know of a station: how busy it is in words, and a number only from ten people on."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from wuji.api import ScopedSession, not_found
from wuji.api.models import Tenant
from wuji_station_watch.models import WEEKDAYS, Station
from wuji_station_watch.opening import open_at
from wuji_station_watch.services.courses import read_local, show_opening
from wuji_station_watch.services.stations import find_place
from wuji_station_watch.services.weeks import list_days
from wuji_station_watch.texts import say

BUSY = text("select * from plugin_station_watch.busy(:id)")
USUAL = text("select plugin_station_watch.usual_steps(:id)")
SAME = ("id", "name", "kind", "state", "address", "phone", "capacity", "services", "closed_on")
SHOWN = Station.audience.bool_op("&&")(func.wuji.scope_tokens())
QUIET = 2  # steps up to which there is room
SPANS = 2  # of quiet hours that are named
LONG = 2  # hours that make one worth naming


def get_shown(session: ScopedSession, station_id: UUID) -> Station:
    """One that is shown to the public, in the tree of the acting tenant. Raises 404."""
    found = session.execute(
        select(Station)
        .join(Tenant, Tenant.id == Station.tenant_id)
        .where(Station.id == station_id, SHOWN, Station.state != "closed", Tenant.root_id == session.actor.root_id)
    ).scalar()
    if found is None:
        raise not_found()
    return found


def show_public(session: ScopedSession, station_id: UUID, locale: str) -> dict[str, Any]:
    station, local = get_shown(session, station_id), read_local(session)
    busy = session.execute(BUSY, {"id": station_id}).one()
    usual = session.execute(USUAL, {"id": station_id}).scalar()
    place = find_place(session, station.tenant_id)
    return {
        **{name: getattr(station, name) for name in SAME},
        "hours": {day: station.hours.get(day, []) for day in WEEKDAYS},
        "longitude": station.longitude and float(station.longitude),
        "latitude": station.latitude and float(station.latitude),
        "tenant": {"code": place.code, "name": place.name, "level": place.level},
        **show_opening(open_at(station, local)),
        "level": busy.step,
        "present": busy.present,
        "as_of": busy.as_of,
        "words": say_busy(locale, open_now=busy.open_now, step=busy.step),
        "typical": list_days(usual, "level") if usual else [],
        "best": say_best(locale, usual[local.weekday()]) if usual else "",
    }


def say_busy(locale: str, *, open_now: bool, step: int | None) -> str:
    """人不多, 很挤; that it is closed, or that nobody knows."""
    if not open_now:
        return say(locale, "step.shut")
    return say(locale, f"step.{step}" if step else "step.unknown")


def say_best(locale: str, steps: list[int | None]) -> str:
    """When today it is usually quiet, in words; empty where it always is, or never."""
    quiet = [hour for hour, step in enumerate(steps) if step is not None and step <= QUIET]
    if not quiet or len(quiet) == sum(step is not None for step in steps):
        return ""
    spans: list[list[int]] = []
    for hour in quiet:
        if spans and hour == spans[-1][1]:
            spans[-1][1] = hour + 1
        else:
            spans.append([hour, hour + 1])
    named = sorted(sorted((one for one in spans if one[1] - one[0] >= LONG), key=lambda one: one[0] - one[1])[:SPANS])
    said = say(locale, "page.and").join(say(locale, "page.span", start=start, end=end) for start, end in named)
    return say(locale, "page.best", spans=said) if said else ""


def say_hours(locale: str, spans: list[list[str]]) -> str:
    return "  ".join(f"{start}–{end}" for start, end in spans) or say(locale, "page.day_off")


def list_hours(station: Station, locale: str) -> list[tuple[str, str]]:
    """(weekday, hours) from Monday on."""
    return [(say(locale, f"weekday.{day}"), say_hours(locale, station.hours.get(day, []))) for day in WEEKDAYS]
