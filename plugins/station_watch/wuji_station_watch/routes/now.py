"""How stations are now, today and in a usual week, for officials."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import text

from wuji.api.http import Call, read_locale, serve_list
from wuji_station_watch.now_lists import PLANNING, STATES
from wuji_station_watch.permissions import READ
from wuji_station_watch.routes.feature import AT, feature
from wuji_station_watch.services.courses import show_curve, show_day, show_forecast, show_now
from wuji_station_watch.services.visiting import say_busy
from wuji_station_watch.services.weeks import compare_children, show_use, show_week
from wuji_station_watch.slot_lists import SLOTS
from wuji_station_watch.watch_schemas import (
    OnQuery,
    StationComparisonOut,
    StationCurveOut,
    StationDayOut,
    StationForecastOut,
    StationNowOut,
    StationOverviewOut,
    StationUseOut,
    StationWeekOut,
)

ONE = f"{AT}/stations/<uuid:station_id>"
OVERVIEW = text("select plugin_station_watch.overview()")

serve_list(feature, f"{AT}/station-states", STATES, "list_station_states", "Stations at and below, as they are now.")
serve_list(
    feature, f"{AT}/planning", PLANNING, "list_station_planning", "Where room is short, by the last eight weeks."
)
serve_list(
    feature, f"{AT}/slots", SLOTS, "list_station_slots", "Quarter hours of stations, or of the one that is asked for."
)


@feature.route("GET", f"{AT}/overview", permission=READ, answer=StationOverviewOut)
def show_station_overview(call: Call) -> Mapping[str, Any]:
    """All of them in a few numbers: what the live topic `station_watch.stations` tells."""
    found: Mapping[str, Any] = call.session.execute(OVERVIEW).scalar_one()
    return found


@feature.route("GET", f"{AT}/curve", permission=READ, query=OnQuery, answer=StationCurveOut)
def show_station_curve(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """A day of all stations together, the week before, and what is expected."""
    return show_curve(call.session, asked.get("on"))


@feature.route("GET", f"{AT}/comparison", permission=READ, answer=StationComparisonOut)
def compare_stations(call: Call) -> Mapping[str, Any]:
    """The tenants directly below, side by side."""
    return compare_children(call.session)


@feature.route("GET", f"{ONE}/now", permission=READ, answer=StationNowOut)
def show_station_now(call: Call, station_id: UUID) -> Mapping[str, Any]:
    """How many are there, and whether it is open."""
    found = show_now(call.session, station_id)
    words = say_busy(read_locale(request), open_now=found["open_now"], step=found["level"])
    return {**found, "words": words}


@feature.route("GET", f"{ONE}/day", permission=READ, query=OnQuery, answer=StationDayOut)
def show_station_day(call: Call, asked: Mapping[str, Any], station_id: UUID) -> Mapping[str, Any]:
    """A day in quarter hours, and the same weekday before."""
    return show_day(call.session, station_id, asked.get("on"))


@feature.route("GET", f"{ONE}/forecast", permission=READ, answer=StationForecastOut)
def show_station_forecast(call: Call, station_id: UUID) -> Mapping[str, Any]:
    """The next three hours, and how far such forecasts have been off."""
    return show_forecast(call.session, station_id)


@feature.route("GET", f"{ONE}/week", permission=READ, answer=StationWeekOut)
def show_station_week(call: Call, station_id: UUID) -> Mapping[str, Any]:
    """Mean people by weekday and hour."""
    return show_week(call.session, station_id)


@feature.route("GET", f"{ONE}/use", permission=READ, answer=StationUseOut)
def show_station_use(call: Call, station_id: UUID) -> Mapping[str, Any]:
    """What is used of its room in a week."""
    return show_use(call.session, station_id)
