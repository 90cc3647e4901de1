"""Alarms: somebody takes one, does something about it, and says what came of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update

from wuji.api import Problem, ScopedSession, not_found, now, record
from wuji.api.models import Tenant
from wuji_station_watch.alarm_models import Alarm

KIND = "station_watch.alarm"
OWN_ROLE = text("select * from plugin_station_watch.own_role()")
IN_RANGE = Alarm.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())


def get_alarm(session: ScopedSession, alarm_id: UUID) -> Alarm:
    """One of the range. Raises 404."""
    found = session.execute(
        select(Alarm).where(Alarm.id == alarm_id, IN_RANGE).execution_options(populate_existing=True)
    ).scalar()
    if found is None:
        raise not_found()
    return found


def take_alarm(session: ScopedSession, alarm_id: UUID, note: str, role: Mapping[str, str], locale: str) -> Alarm:
    """Of two who take it at once one does; the other is told who, by role and place. Raises 409."""
    get_alarm(session, alarm_id)
    values = {
        "state": "taken",
        "taken_by": session.actor.account_id,
        "taken_at": now(),
        "taken_at_id": session.actor.tenant_id,
        "taken_role": dict(role),
        "note": note,
    }
    return _move(session, alarm_id, ("open",), values, ("take", locale))


def close_alarm(session: ScopedSession, alarm_id: UUID, result: str, locale: str) -> Alarm:
    """What came of it. One that nobody took can be closed as well. Raises 409 where it is closed already."""
    get_alarm(session, alarm_id)
    values = {"state": "closed", "closed_at": now(), "closed_by": session.actor.account_id, "result": result}
    return _move(session, alarm_id, ("open", "taken"), values, ("close", locale))


def _move(
    session: ScopedSession, alarm_id: UUID, states: tuple[str, ...], values: Mapping[str, Any], doing: tuple[str, str]
) -> Alarm:
    """Whoever comes second finds the row as the first one left it."""
    verb, locale = doing
    moved = session.execute(
        update(Alarm)
        .where(Alarm.id == alarm_id, Alarm.state.in_(states))
        .values(**values)
        .returning(Alarm.tenant_id)
        .execution_options(synchronize_session=False)
    ).scalar()
    alarm = get_alarm(session, alarm_id)
    if moved is None:
        raise _too_late(session, alarm, locale)
    fields = sorted(name for name in values if name in {"note", "result"} and values[name])
    record(session, f"{KIND}.{verb}", KIND, alarm_id, tenant_id=moved, fields=fields)
    return alarm


def _too_late(session: ScopedSession, alarm: Alarm, locale: str) -> Problem:
    if alarm.state == "closed":
        return Problem("station_watch.closed", 409)
    place = session.get(Tenant, alarm.taken_at_id)
    role = (alarm.taken_role or {}).get(locale, "")
    return Problem("station_watch.taken", 409, role=role, place=place.name if place else "")


def find_role(session: ScopedSession) -> tuple[str, Mapping[str, str]] | None:
    """As what whoever acts handles alarms here: a role's name and, of a root's own role, its labels."""
    row = session.execute(OWN_ROLE).first()
    return (row.name, row.labels) if row else None
