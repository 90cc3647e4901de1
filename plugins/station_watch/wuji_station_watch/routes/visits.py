"""Stations as everybody finds them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.api.http import Call, read_locale, serve_list
from wuji_station_watch.public_lists import PUBLIC
from wuji_station_watch.routes.feature import AT, feature
from wuji_station_watch.services.visiting import show_public
from wuji_station_watch.watch_schemas import PublicStationOut

ALL = f"{AT}/public-stations"

serve_list(
    feature,
    ALL,
    PUBLIC,
    "list_public_stations",
    "Stations at and below the tenant, or `near` it, with how busy they are.",
)


@feature.route("GET", f"{ALL}/<uuid:station_id>", permission="public", answer=PublicStationOut)
def show_public_station(call: Call, station_id: UUID) -> Mapping[str, Any]:
    """One station: when it is open, what it offers, how busy it is and usually is."""
    return show_public(call.session, station_id, read_locale(request))
