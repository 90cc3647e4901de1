"""Stations: kept by their tenant, or by those above it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from wuji.api import Fault, ScopedSession, check_version, invalid, not_found, record
from wuji.api.models import Tenant, TenantCode
from wuji_station_watch.models import WEEKDAYS, Station
from wuji_station_watch.permissions import DEVICES, WRITE

KIND = "station_watch.station"
NEEDED = ("name", "kind", "capacity")
EVERYBODY = [0]  # the audience token that everybody holds everywhere
IN_RANGE = Station.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())


def get_station(session: ScopedSession, station_id: UUID) -> Station:
    """One of the acting tenant's range. Raises 404."""
    found = session.execute(select(Station).where(Station.id == station_id, IN_RANGE)).scalar()
    if found is None:
        raise not_found()
    return found


def add_station(session: ScopedSession, sent: Mapping[str, Any]) -> Station:
    """At the acting tenant. Raises 422 that names what is missing."""
    if missing := [name for name in NEEDED if name not in sent]:
        raise invalid(*(Fault(f"#/{name}", "kit.invalid.required") for name in missing))
    tenant_id = session.actor.tenant_id
    station = Station(tenant_id=tenant_id, **read_values({"public": True, "hours": {}, **sent}))
    session.add(station)
    session.flush()
    record(session, f"{KIND}.add", KIND, station.id, tenant_id=tenant_id)
    return station


def change_station(session: ScopedSession, station_id: UUID, sent: Mapping[str, Any], version: int) -> Station:
    station = get_station(session, station_id)
    check_version(station.version, version)
    changed = {name: value for name, value in read_values(sent).items() if getattr(station, name) != value}
    for name, value in changed.items():
        setattr(station, name, value)
    if changed:
        session.flush()
        record(session, f"{KIND}.change", KIND, station.id, tenant_id=station.tenant_id, fields=sorted(changed))
    return station


def read_values(sent: Mapping[str, Any]) -> dict[str, Any]:
    """As the row has them: all weekdays, closed days in order, each service once."""
    values = {name: value for name, value in sent.items() if name != "public"}
    if "public" in sent:
        values["audience"] = EVERYBODY if sent["public"] else None
    if "hours" in sent:
        values["hours"] = {day: sent["hours"].get(day, []) for day in WEEKDAYS}
    if "services" in sent:
        values["services"] = list(dict.fromkeys(sent["services"]))
    if "closed_on" in sent:
        days = sorted(sent["closed_on"], key=lambda one: one["on"])
        values["closed_on"] = [{"on": one["on"].isoformat(), "reason": one["reason"]} for one in days]
    return values


def find_place(session: ScopedSession, tenant_id: int) -> Row[*tuple[Any, ...]]:
    """Code, name and level of a tenant."""
    return session.execute(
        select(TenantCode.code, Tenant.name, Tenant.level)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(Tenant.id == tenant_id, TenantCode.valid_to.is_(None))
    ).one()


def list_rights(session: ScopedSession) -> list[str]:
    """What whoever asks may do with a station of the range."""
    rights = {"edit": WRITE, "devices": DEVICES}
    return [name for name, permission in rights.items() if session.actor.may(permission)]
