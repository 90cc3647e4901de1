"""Stations where they are kept."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.api import ScopedSession
from wuji.api.http import Answer, Call, asked_version, serve_list
from wuji_station_watch.lists import STATIONS
from wuji_station_watch.models import WEEKDAYS, Station
from wuji_station_watch.permissions import READ, WRITE
from wuji_station_watch.routes.feature import AT, feature
from wuji_station_watch.schemas import StationIn, StationOut
from wuji_station_watch.services.stations import add_station, change_station, find_place, get_station, list_rights

ALL = f"{AT}/stations"
ONE = f"{ALL}/<uuid:station_id>"
SAME = tuple(StationOut().fields.keys() - {"public", "tenant", "may", "hours", "longitude", "latitude"})

serve_list(feature, ALL, STATIONS, "list_stations", "Stations of the tenant and of all below it.")


@feature.route("POST", ALL, permission=WRITE, body=StationIn, answer=StationOut, status=201)
def make_station(call: Call, body: Mapping[str, Any]) -> Answer:
    """Add a station at the tenant. It is shown to the public unless `public` says otherwise."""
    return show(call.session, add_station(call.session, body))


@feature.route("GET", ONE, permission=READ, answer=StationOut)
def show_station(call: Call, station_id: UUID) -> Answer:
    """One station, as it is kept."""
    return show(call.session, get_station(call.session, station_id))


@feature.route("PATCH", ONE, permission=WRITE, body=StationIn, answer=StationOut)
def patch_station(call: Call, body: Mapping[str, Any], station_id: UUID) -> Answer:
    """Change what is named."""
    return show(call.session, change_station(call.session, station_id, body, asked_version(request)))


def show(session: ScopedSession, station: Station) -> Answer:
    place = find_place(session, station.tenant_id)
    shown = {
        **{name: getattr(station, name) for name in SAME},
        "hours": {day: station.hours.get(day, []) for day in WEEKDAYS},
        "longitude": _degrees(station.longitude),
        "latitude": _degrees(station.latitude),
        "public": station.audience is not None,
        "tenant": {"code": place.code, "name": place.name, "level": place.level},
        "may": list_rights(session),
    }
    return Answer(shown, version=station.version)


def _degrees(value: Any) -> float | None:
    return None if value is None else float(value)
