"""Taking a change of the tree back, for thirty days and as long as nothing contradicts it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select, text

from wuji.journal.services import record
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Problem, not_found
from wuji.tenancy.models import TenantChange
from wuji.tenancy.naming import CHANGED_BY
from wuji.tenancy.services.contradicting import list_settled, list_told, refuse
from wuji.tenancy.services.foreseeing import find_places
from wuji.tenancy.services.leaving import list_left
from wuji.tenancy.services.showing import UNSAID
from wuji.tenancy.services.steps import read_back
from wuji.tenancy.services.surgery import HOLD, note_change, refusals
from wuji.tenancy.services.switching import Switching

RETURN = text(
    "select wuji.rows_return(c.carried -> 'app', :giver, :taker) from wuji.tenant_change c where c.id = :change_id"
)
UNDO = text("select wuji.change_undo(:change_id, :reason, cast(:stays as jsonb))")
CONTRADICTIONS = text("select why, name, code from wuji.change_contradictions(:change_id)")


def get_change(session: ScopedSession, change_id: UUID) -> Mapping[str, Any]:
    """One change with what keeps it from being taken back, or what that leaves as it is. Raises 404 outside the range."""
    found = _read(session, change_id)
    subject = find_places(session, [found.subject_id]).get(found.subject_id)
    live, by = session.execute(
        select(TenantChange.expires_at > func.now(), CHANGED_BY).where(TenantChange.id == change_id)
    ).one()
    open_ = found.state == "applied" and live
    against = _contradictions(session, found) if open_ else []
    left = list_left(session, found) if open_ and not against else found.carried.get("left", [])
    shown = ("id", "op", "state", "reason", "created_at", "expires_at", "undone_at", "undo_reason", "version")
    return {
        **{name: getattr(found, name) for name in shown},
        "plan": {**UNSAID, **found.plan},
        "by": by,
        "subject": {"code": subject.code, "name": subject.name, "level": subject.level} if subject else None,
        "contradictions": against,
        "left": left,
        "may_undo": open_ and not against,
    }


def _read(session: ScopedSession, change_id: UUID) -> TenantChange:
    found = session.execute(select(TenantChange).where(TenantChange.id == change_id)).scalar()
    if found is None:
        raise not_found()
    return found


def _contradictions(session: ScopedSession, change: TenantChange) -> Sequence[Mapping[str, Any]]:
    """Of a split also what its new half has come to hold."""
    told = list_told(session, CONTRADICTIONS.bindparams(change_id=change.id))
    return [*told, *list_settled(session, change.made)]


def undo_change(session: ScopedSession, switching: Switching, change_id: UUID, reason: str) -> None:
    """Raises 409 naming what contradicts it, and where it is over."""
    found = _read(session, change_id)
    session.execute(HOLD, {"parents": [found.tenant_id]})
    session.refresh(found)
    if found.state != "applied":
        raise Problem("tenancy.change_over", 409)
    refuse("tenancy.change_contradicted", _contradictions(session, found))
    switched = switching.foresee(session, read_back(session, found.undo), None)
    stays = msgspec.json.encode(list_left(session, found)).decode()
    with refusals():
        if "taker" in found.carried:
            given = {"change_id": change_id, "giver": found.subject_id, "taker": found.carried["taker"]}
            session.execute(RETURN, given)
        done = session.execute(UNDO, {"change_id": change_id, "reason": reason, "stays": stays}).scalar_one()
    if not done:
        raise Problem("tenancy.change_over", 409)
    steps, made = found.undo, found.made
    session.expire_all()
    note_change(session, change_id, [(step["tenant_id"], _fields_back(step)) for step in steps], reason)
    for tenant_id in made:
        record(
            session,
            "tenancy.tenant.archive",
            "tenant",
            tenant_id,
            tenant_id=tenant_id,
            fields=("state",),
            reason=reason,
        )
    switching.carry(session, switched)


def _fields_back(step: Mapping[str, Any]) -> list[str]:
    pairs = (("parent_id", "from_parent_id"), ("level", "from_level"), ("code", "from_code"))
    return [name for name, other in pairs if step[name] != step[other]]
