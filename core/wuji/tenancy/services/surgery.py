"""Redrawing the tree: a plan says what would change, and carrying it out asks for the plan that was seen."""

from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text

from wuji.journal.services import record
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem
from wuji.tenancy.models import Tenant, TenantChange
from wuji.tenancy.services.foreseeing import (
    count_rows,
    count_tenants,
    foresee_rows,
    list_audiences,
    list_moved,
    list_namesakes,
    list_overtaken,
    list_sight,
    list_silenced,
    show_absorbed,
    show_steps,
)
from wuji.tenancy.services.showing import list_shown
from wuji.tenancy.services.steps import MADE, Absorbed, Step, Wish, read_absorbed, read_steps
from wuji.tenancy.services.switching import Switched, Switching
from wuji.tenancy.services.tree import ADD, NEW_ID

HOLD = text("select wuji.surgery_hold(:parents)")
APPLY = text(
    "select wuji.change_apply(:op, :subject, cast(:steps as jsonb), :made, cast(:taker as int), cast(:plan as jsonb), :reason)"
)
FAULTS = {"uq_tenant_code_now": Fault("#/code", "tenancy.invalid.code_taken")}
# What planning has said with words already comes up here only where somebody was faster.
PROBLEMS = {
    "tenant_slot": ("tenancy.no_place", 409),
    "surgery_contradicted": ("tenancy.plan_changed", 409),
    "surgery_below_itself": ("tenancy.plan_changed", 409),
    "surgery_parent_state": ("tenancy.plan_changed", 409),
    "surgery_level": ("tenancy.plan_changed", 409),
    "surgery_children": ("tenancy.plan_changed", 409),
}
GIVE = text("select wuji.change_keep(:change_id, wuji.rows_give(:giver, :taker))")
refusals = partial(refusals_as, FAULTS, PROBLEMS)


def plan_change(session: ScopedSession, switching: Switching, wish: Wish, locale: str) -> Mapping[str, Any]:
    """What the wish would change. Raises what carrying it out would raise."""
    steps = read_steps(session, wish)
    return _plan(session, switching, wish, steps, locale)[0]


def _plan(
    session: ScopedSession, switching: Switching, wish: Wish, steps: Sequence[Step], locale: str
) -> tuple[Mapping[str, Any], Switched]:
    switched = switching.foresee(session, [step.relocation for step in steps], None)
    absorbed = read_absorbed(session, wish)
    plan = {
        "op": wish.op,
        "steps": list(show_steps(session, steps)),
        "absorbed": show_absorbed(session, absorbed) if absorbed else None,
        "redirects": _redirects(steps, absorbed),
        "overtaken": list_overtaken(session, _codes(wish, steps)),
        "tenants": count_tenants(session, steps),
        "sight": list_sight(session, steps),
        "rules": list_silenced(session, steps),
        "namesakes": list_namesakes(session, steps),
    }
    seen = [plan, [step.kept(MADE) for step in steps], list_moved(session, steps), switched.on, switched.off]
    shown = {
        **plan,
        "rows": count_rows(session, steps),
        "absorbed_rows": foresee_rows(session, absorbed) if absorbed else [],
        "audiences": list_audiences(session, steps),
        "shown": list_shown(session, steps, absorbed),
        "plugins": switching.shown(switched, locale),
        "fingerprint": _fingerprint(seen),
    }
    return shown, switched


def _redirects(steps: Sequence[Step], absorbed: Absorbed | None) -> Sequence[Mapping[str, str]]:
    """Addresses that lead elsewhere from then on."""
    recoded = [{"old": step.tenant.code, "new": step.code} for step in steps if step.code != step.tenant.code]
    return [*recoded, *([{"old": absorbed.giver.code, "new": absorbed.taker.code}] if absorbed else [])]


def _codes(wish: Wish, steps: Sequence[Step]) -> Mapping[str, int]:
    """New ones, with the tenant that gets each."""
    recoded = {step.code: step.tenant.id for step in steps if step.code != step.tenant.code}
    return {**recoded, **({wish.code: MADE} if wish.op == "split" else {})}


def _fingerprint(seen: object) -> str:
    """Of all that a plan says but how many rows and people there are, which change by themselves."""
    return sha256(msgspec.json.encode(seen, order="deterministic")).hexdigest()


def apply_change(
    session: ScopedSession, switching: Switching, wish: Wish, *, fingerprint: str, reason: str, locale: str
) -> UUID:
    """Carries out the plan with that fingerprint. Raises 409 where it would change something else by now."""
    steps = read_steps(session, wish)
    absorbed = read_absorbed(session, wish)
    parents = {step.old.id for step in steps} | {step.above[-1] for step in steps} - {MADE}
    parents |= {absorbed.giver.parent_id, absorbed.taker.id} if absorbed else set()
    session.execute(HOLD, {"parents": sorted(parents)})
    steps = read_steps(session, wish)
    plan, switched = _plan(session, switching, wish, steps, locale)
    if plan["fingerprint"] != fingerprint:
        raise Problem("tenancy.plan_changed", 409)
    with refusals():
        made = _add(session, wish, steps[0]) if wish.op == "split" else None
        values = {"op": wish.op, "subject": wish.tenant_id, "made": [made] if made else [], "reason": reason}
        values |= {"taker": absorbed.taker.id if absorbed else None, "plan": _json(plan)}
        values |= {"steps": _json([step.kept(made) for step in steps])}
        change: UUID = session.execute(APPLY, values).scalar_one()
        if absorbed:
            given = {"change_id": change, "giver": absorbed.giver.id, "taker": absorbed.taker.id}
            session.execute(GIVE, given)
    session.expire_all()
    note_change(session, change, [(step.tenant.id, _fields(step)) for step in steps], reason, made=made)
    switching.carry(session, switched)
    return change


def _add(session: ScopedSession, wish: Wish, step: Step) -> int:
    """The tenant that a split makes, beside the one that is split."""
    origin = session.get_one(Tenant, step.old.id)
    values = {"parent": origin.parent_id, "name": wish.name, "name_key": wish.name.casefold(), "code": wish.code}
    made: int = session.execute(ADD, {**values, "level": origin.level, "category": origin.category}).scalar_one()
    return made


def _fields(step: Step) -> list[str]:
    """What changes of a tenant, by the name of its column."""
    changed = {
        "parent_id": step.new.id != step.old.id,
        "level": step.level != step.tenant.level,
        "code": step.code != step.tenant.code,
    }
    return [name for name, so in changed.items() if so]


def note_change(
    session: ScopedSession,
    change: UUID,
    moved: Sequence[tuple[int, Sequence[str]]],
    reason: str,
    *,
    made: int | None = None,
) -> None:
    """One event: a record at each tenant that got another place, and one of the change itself where it stands."""
    event_id = session.execute(NEW_ID).scalar_one()
    kept = session.get_one(TenantChange, change)
    if made:
        told = ("name", "code", "category", "level")
        record(
            session,
            "tenancy.tenant.add",
            "tenant",
            made,
            tenant_id=made,
            fields=told,
            event_id=event_id,
            reason=reason,
        )
    if "taker" in kept.carried:
        verb = f"tenancy.tenant.{'merge' if kept.state == 'applied' else 'restore'}"
        subject, closed = kept.subject_id, ("state", "code")
        record(session, verb, "tenant", subject, tenant_id=subject, fields=closed, event_id=event_id, reason=reason)
    for tenant_id, fields in moved:
        verb = f"tenancy.tenant.{'move' if 'parent_id' in fields else 'relevel'}"
        record(session, verb, "tenant", tenant_id, tenant_id=tenant_id, fields=fields, event_id=event_id, reason=reason)
    verb = f"tenancy.change.{'apply' if kept.state == 'applied' else 'undo'}"
    record(session, verb, "tenant_change", change, tenant_id=kept.tenant_id, event_id=event_id, reason=reason)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
