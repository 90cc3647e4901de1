"""Trees that join and part: one side asks, the other agrees to the plan that it saw. Taking it back needs both sides as well."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text

from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem, invalid, not_found
from wuji.tenancy.services.contradicting import list_told, refuse
from wuji.tenancy.services.foreseeing import find_places
from wuji.tenancy.services.joining import NOTHING, Terms, Wanted, foresee, read_kept, read_terms
from wuji.tenancy.services.showing import UNSAID
from wuji.tenancy.services.surgery import FAULTS, PROBLEMS
from wuji.tenancy.services.switching import Switched, Switching

ASK = text("select wuji.transfer_ask(:op, :subject, :parent, :level, :code, :fingerprint, :reason)")
SEEN = text("select * from wuji.transfers_seen() where id = :transfer_id")
CONTRADICTIONS = text("select why, name, code from wuji.transfer_contradictions(:transfer_id)")
AGREE = text("select wuji.transfer_agree(:transfer_id, :fingerprint, cast(:plan as jsonb), :reason)")
CLOSE = text("select wuji.transfer_close(:transfer_id, :verb, :reason)")
UNDO = text("select wuji.transfer_undo(:transfer_id, :reason)")
OVER, CONTRADICTED = "tenancy.transfer_over", "tenancy.transfer_contradicted"
BACK = {"adopt": "release", "release": "adopt"}
refusals = partial(
    refusals_as,
    FAULTS,
    {
        **PROBLEMS,
        "transfer_place": ("tenancy.plan_changed", 409),
        "transfer_changed": ("tenancy.plan_changed", 409),
        "transfer_open": ("tenancy.transfer_open", 409),
        "transfer_side": ("tenancy.transfer_side", 409),
        "ck_tenant_transfer_answered_by": ("tenancy.transfer_side", 409),
    },
)


def plan_transfer(session: ScopedSession, switching: Switching, wanted: Wanted, locale: str) -> Mapping[str, Any]:
    """What it would change, as far as the caller's side may see it before the other has been asked."""
    return foresee(session, switching, _terms(session, wanted), locale)[0]


def ask_transfer(session: ScopedSession, wanted: Wanted, *, fingerprint: str, reason: str) -> UUID:
    """Puts it before the other side, for fourteen days. Raises 409 where it would change something else by now."""
    values = {**_terms(session, wanted).values, "fingerprint": fingerprint, "reason": reason}
    with refusals():
        made: UUID = session.execute(ASK, values).scalar_one()
    return made


def _terms(session: ScopedSession, wanted: Wanted) -> Terms:
    """Raises 422 where neither end is the caller's."""
    terms = read_terms(session, wanted)
    here = session.actor.tenant_id
    if here != terms.subject.id and here not in terms.parent.ancestors:
        raise invalid(Fault("#/subject", "tenancy.invalid.neither_side"))
    return terms


def get_transfer(session: ScopedSession, switching: Switching, transfer_id: UUID, locale: str) -> Mapping[str, Any]:
    """One transfer, with the plan as it is now while it is asked for, and what the caller's side may do. Raises 404."""
    found = _read(session, transfer_id)
    named = find_places(session, [found["subject_id"], found["parent_id"]])
    against = _contradictions(session, transfer_id) if found["state"] in {"asked", "applied"} else []
    mine: str | None = found["mine"]
    plan: Mapping[str, Any] | None = {**UNSAID, **found["plan"]} if found["plan"] else None
    if found["state"] == "asked" and mine and not against:
        plan = foresee(session, switching, read_kept(session, found), locale)[0]
    same = ("id", "op", "side", "mine", "state", "reason", "answer", "created_at", "expires_at", "answered_at")
    undone = ("undo_side", "undo_reason", "undone_at", "version")
    return {
        **{name: found[name] for name in (*same, *undone)},
        "by": found["asker"],
        "subject": _shown(named.get(found["subject_id"])),
        "parent": _shown(named.get(found["parent_id"])),
        "plan": plan,
        "changed": plan is not None and found["state"] == "asked" and plan["fingerprint"] != found["fingerprint"],
        "contradictions": against,
        **_allowed(found, mine, clear=not against),
    }


def _allowed(found: Mapping[str, Any], mine: str | None, *, clear: bool) -> Mapping[str, bool]:
    """What the caller's side may do next; nobody answers what they asked for themselves."""
    asked = found["state"] == "asked"
    asker = found["side"] if asked else found["undo_side"]
    open_ = bool(mine) and found["state"] in {"asked", "applied"}
    other = open_ and asker is not None and asker != mine
    return {
        "may_agree": other and asked and clear and not found["own"],
        "may_decline": other,
        "may_withdraw": open_ and asker is not None and asker == mine,
        "may_undo": open_ and not asked and clear and (asker is None or (other and not found["own"])),
    }


def agree_transfer(
    session: ScopedSession, switching: Switching, transfer_id: UUID, *, fingerprint: str, reason: str, locale: str
) -> None:
    """Carries it out. Raises 409 where it is over, or would change something else by now."""
    found = _open(session, transfer_id, "asked")
    refuse(CONTRADICTED, _contradictions(session, transfer_id))
    terms = read_kept(session, found)
    plan, switched = foresee(session, switching, terms, locale)
    values = {"transfer_id": transfer_id, "fingerprint": fingerprint, "reason": reason}
    with _telling(session, switching, terms, plan["side"], switched), refusals():
        done = session.execute(AGREE, {**values, "plan": msgspec.json.encode(plan).decode()}).scalar_one()
    if not done:
        raise Problem(OVER, 409)


@contextmanager
def _telling(
    session: ScopedSession, switching: Switching, terms: Terms, side: str, switched: Switched
) -> Iterator[None]:
    """Plugins hear of it while the caller's range holds what goes: it ends where the tenants leave it."""
    before = side == "subject" or terms.op == "release"
    if before:
        switching.carry(session, switched)
    yield
    session.expire_all()
    if not before:
        switching.carry(session, switched)


def close_transfer(session: ScopedSession, transfer_id: UUID, verb: str, reason: str) -> None:
    """Withdraws or declines what was asked for, or that it be taken back."""
    _read(session, transfer_id)
    with refusals():
        done = session.execute(CLOSE, {"transfer_id": transfer_id, "verb": verb, "reason": reason}).scalar_one()
    if not done:
        raise Problem(OVER, 409)


def undo_transfer(session: ScopedSession, switching: Switching, transfer_id: UUID, *, reason: str, locale: str) -> None:
    """Asks that it be taken back or, where the other side has asked, takes it back. Raises 409 naming what contradicts it."""
    found = _open(session, transfer_id, "applied")
    refuse(CONTRADICTED, _contradictions(session, transfer_id))
    back = {**found, **found["undo"], "op": BACK[found["op"]], "parent_id": found["parent_id"]}
    terms = read_kept(session, back)
    plan, switched = foresee(session, switching, terms, locale)
    asked = found["undo_side"] in {None, plan["side"]}
    with _telling(session, switching, terms, plan["side"], NOTHING if asked else switched), refusals():
        done = session.execute(UNDO, {"transfer_id": transfer_id, "reason": reason}).scalar_one()
    if done is None:
        raise Problem(OVER, 409)


def _open(session: ScopedSession, transfer_id: UUID, state: str) -> Mapping[str, Any]:
    """Raises 409 where it is not in that state, or acting here is acting for neither side."""
    found = _read(session, transfer_id)
    if found["mine"] is None:
        raise Problem("tenancy.transfer_side", 409)
    if found["state"] != state:
        raise Problem(OVER, 409)
    return found


def _read(session: ScopedSession, transfer_id: UUID) -> Mapping[str, Any]:
    found = session.execute(SEEN, {"transfer_id": transfer_id}).mappings().first()
    if found is None:
        raise not_found()
    return dict(found)


def _contradictions(session: ScopedSession, transfer_id: UUID) -> list[Mapping[str, Any]]:
    return list_told(session, CONTRADICTIONS.bindparams(transfer_id=transfer_id))


def _shown(place: Any) -> Mapping[str, Any] | None:
    return {"code": place.code, "name": place.name, "level": place.level} if place else None
