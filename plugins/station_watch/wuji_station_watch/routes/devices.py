"""Devices of a station, and their tokens."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.api import DeviceToken
from wuji.api.http import Answer, Call, asked_version
from wuji_station_watch.permissions import DEVICES, READ
from wuji_station_watch.routes.feature import AT, feature
from wuji_station_watch.schemas import (
    StationDeviceChangeIn,
    StationDeviceIn,
    StationDeviceOut,
    StationDeviceSecretOut,
    StationDevicesOut,
)
from wuji_station_watch.services.devices import (
    change_device,
    get_device,
    is_silent,
    list_devices,
    register_device,
    revoke,
    rotate,
)
from wuji_station_watch.services.stations import find_place

ALL = f"{AT}/stations/<uuid:station_id>/devices"
ONE = f"{AT}/devices/<uuid:device_id>"
NONE: Mapping[str, Any] = {
    "last_values": {},
    "skew_seconds": 0,
    "gaps": 0,
    "repeated": 0,
    "conflicts": 0,
    "rejected": 0,
}


@feature.route("GET", ALL, permission=READ, answer=StationDevicesOut)
def list_station_devices(call: Call, station_id: UUID) -> Mapping[str, Any]:
    """What counts and measures in a station, with what each said last."""
    return {"items": [shown(one) for one in list_devices(call.session, station_id)]}


@feature.route(
    "POST", ALL, permission=DEVICES, body=StationDeviceIn, answer=StationDeviceSecretOut, status=201, secret=True
)
def register_station_device(call: Call, body: Mapping[str, Any], station_id: UUID) -> Mapping[str, Any]:
    """Register a device. Its token is shown this once."""
    device_id, opened = register_device(call.session, call.deployment, station_id, body)
    return secret(call, device_id, opened)


@feature.route("GET", ONE, permission=READ, answer=StationDeviceOut)
def show_station_device(call: Call, device_id: UUID) -> Answer:
    """One device, with what it said last."""
    return show(call, device_id)


@feature.route("PATCH", ONE, permission=DEVICES, body=StationDeviceChangeIn, answer=StationDeviceOut)
def patch_station_device(call: Call, body: Mapping[str, Any], device_id: UUID) -> Answer:
    """Change its name, or how often it reports."""
    change_device(call.session, device_id, body, asked_version(request))
    return show(call, device_id)


@feature.route("POST", f"{ONE}/rotate", permission=DEVICES, answer=StationDeviceSecretOut, secret=True)
def rotate_station_device(call: Call, device_id: UUID) -> Mapping[str, Any]:
    """Give it another token, shown this once. The one before works some minutes longer."""
    return secret(call, device_id, rotate(call.session, call.deployment, device_id))


@feature.route("POST", f"{ONE}/revoke", permission=DEVICES, answer=StationDeviceOut)
def revoke_station_device(call: Call, device_id: UUID) -> Answer:
    """Take its token away, at once and for good. What it has said stays."""
    revoke(call.session, call.deployment, device_id)
    return show(call, device_id)


def shown(device: Any) -> dict[str, Any]:
    row = device._mapping  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    said = {name: row[name] for name in StationDeviceOut().fields if name in row}
    never = NONE if device.last_received_at is None else {}
    return {**said, **never, "silent": is_silent(device)}


def show(call: Call, device_id: UUID) -> Answer:
    device = get_device(call.session, device_id)
    return Answer(shown(device), version=device.version)


def secret(call: Call, device_id: UUID, opened: DeviceToken) -> Mapping[str, Any]:
    device = get_device(call.session, device_id)
    path = f"/api/v1/tenants/{place_of(call, device.tenant_id)}/station_watch/readings"
    return {"device": shown(device), "token": opened.token, "push_path": path, "old_until": opened.old_until}


def place_of(call: Call, tenant_id: int) -> str:
    """A device speaks to its station's own tenant, wherever it was registered from."""
    code: str = find_place(call.session, tenant_id).code
    return code
