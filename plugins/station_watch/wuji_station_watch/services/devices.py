"""Devices: registered by whoever may, at the tenant of their station; their tokens are the core's."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from wuji.api import (
    Deployment,
    DeviceToken,
    ScopedSession,
    check_version,
    not_found,
    now,
    open_device,
    record,
    revoke_device,
    rotate_device,
)
from wuji_station_watch.models import MEASURES, Device, DeviceState
from wuji_station_watch.permissions import DEVICES
from wuji_station_watch.services.stations import get_station

KIND = "station_watch.device"
IN_RANGE = Device.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())
# A device that has said nothing for so many of its intervals is silent, and after this many seconds at the earliest.
SILENT_INTERVALS, SILENT_SECONDS = 3, 180
Found = Row[*tuple[Any, ...]]


def list_devices(session: ScopedSession, station_id: UUID) -> Sequence[Found]:
    """Of one station of the range, those that count first. Raises 404."""
    get_station(session, station_id)
    rows = session.execute(
        _devices().where(Device.station_id == station_id).order_by(Device.state, Device.name, Device.id)
    )
    return rows.all()


def get_device(session: ScopedSession, device_id: UUID) -> Found:
    """With what it said last. Raises 404."""
    found = session.execute(_devices().where(Device.id == device_id)).first()
    if found is None:
        raise not_found()
    return found


def _devices() -> Any:
    # the table's columns, so that nothing of a row that was read before is shown again
    state = [column for column in DeviceState.__table__.c if column.name not in {"device_id", "tenant_id", "pos"}]
    return (
        select(*Device.__table__.c, *state).outerjoin(DeviceState, DeviceState.device_id == Device.id).where(IN_RANGE)
    )


def is_silent(device: Found) -> bool:
    """Whether it should have said something by now."""
    waits = timedelta(seconds=max(SILENT_SECONDS, SILENT_INTERVALS * device.interval_seconds))
    heard: datetime = device.last_received_at or device.registered_at
    return bool(device.state == "active") and heard < now() - waits


def register_device(
    session: ScopedSession, deployment: Deployment, station_id: UUID, sent: Mapping[str, Any]
) -> tuple[UUID, DeviceToken]:
    """Its id, and its token, which is shown this once."""
    station = get_station(session, station_id)
    opened = open_device(session, deployment, DEVICES, tenant_id=station.tenant_id, name=sent["name"])
    measures = [one for one in MEASURES[sent["kind"]] if one in sent.get("measures", MEASURES[sent["kind"]])]
    device = Device(
        tenant_id=station.tenant_id,
        station_id=station.id,
        account_id=opened.account_id,
        name=sent["name"],
        kind=sent["kind"],
        measures=measures,
        interval_seconds=sent["interval_seconds"],
    )
    session.add(device)
    session.flush()
    _note(session, "register", device)
    return device.id, opened


def change_device(session: ScopedSession, device_id: UUID, sent: Mapping[str, Any], version: int) -> None:
    """Its name, and how often it reports."""
    device = _get(session, device_id)
    check_version(device.version, version)
    changed = {name: value for name, value in sent.items() if getattr(device, name) != value}
    for name, value in changed.items():
        setattr(device, name, value)
    if changed:
        session.flush()
        _note(session, "change", device, sorted(changed))


def rotate(session: ScopedSession, deployment: Deployment, device_id: UUID) -> DeviceToken:
    """Another token; the one before works some minutes longer."""
    device = _get(session, device_id)
    made = rotate_device(session, deployment, DEVICES, device.account_id)
    _note(session, "rotate", device)
    return made


def revoke(session: ScopedSession, deployment: Deployment, device_id: UUID) -> None:
    """At once and for good; what it has said stays."""
    device = _get(session, device_id)
    revoke_device(session, deployment, DEVICES, device.account_id)
    device.state, device.revoked_at = "revoked", now()
    session.flush()
    _note(session, "revoke", device, ["state"])


def _get(session: ScopedSession, device_id: UUID) -> Device:
    found = session.execute(select(Device).where(Device.id == device_id, IN_RANGE)).scalar()
    if found is None:
        raise not_found()
    return found


def _note(session: ScopedSession, verb: str, device: Device, fields: Sequence[str] = ()) -> None:
    record(session, f"{KIND}.{verb}", KIND, device.id, tenant_id=device.tenant_id, fields=fields)
