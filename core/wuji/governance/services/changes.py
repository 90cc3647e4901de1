"""Saying something about a plugin at the acting tenant or at one below it: first what would change, then the change itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import select, text

from wuji.governance.active import ActiveSets
from wuji.governance.resolution import BINDING, resolve
from wuji.governance.services.effects import Effects, foresee
from wuji.governance.services.explaining import WRITE
from wuji.governance.services.ground import Ground, Row
from wuji.journal.services import record
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem, check_version, forbidden, invalid
from wuji.plugin.dispatcher import Dispatcher
from wuji.plugin.plugins import Plugin
from wuji.plugin.records import TenantChange
from wuji.tenancy.models import Tenant, TenantCode

PUT = text(
    "select wuji.plugin_rule_put(:at, :plugin, :rule, :is_on, :reason, :until, cast(:stages as jsonb), :paused, "
    ":allows, :version)"
)
FAULTS = {
    "ck_plugin_rule_allows": Fault("#/allows", "governance.invalid.allows_reason"),
    "plugin_rule_allows_root": Fault("#/allows", "governance.invalid.allows_root"),
}
refusals = partial(refusals_as, FAULTS, {})


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be said, as the caller put it; stages as `[{on, codes}]`, codes of children or None for the rest."""

    rule: str
    on: bool | None = None
    reason: str = ""
    until: date | None = None
    stages: Sequence[Mapping[str, Any]] | None = None
    paused: bool = False
    allows: Sequence[str] = ()


@dataclass(frozen=True)
class Governing:
    """Who carries a change out: the plugins' dispatcher and the sets it makes stale."""

    dispatcher: Dispatcher
    sets: ActiveSets


def foresee_change(session: ScopedSession, governing: Governing, ground: Ground, plugin: Plugin, wish: Wish) -> Effects:
    """What the wish would switch on and off. Raises what carrying it out would raise."""
    return foresee(session, governing.dispatcher.plugins, ground, plugin, _row(session, ground, plugin, wish))


def set_rule(
    session: ScopedSession, governing: Governing, ground: Ground, plugin: Plugin, wish: Wish, *, version: int
) -> Effects:
    """Raises 412 where somebody else was faster, 409 where somebody above has decided, 422 for what fits nowhere."""
    if not session.actor.may(WRITE):
        raise forbidden(WRITE)
    check_version(own_version(session, ground, plugin), version)
    row = _row(session, ground, plugin, wish)
    effects = foresee(session, governing.dispatcher.plugins, ground, plugin, row)
    stages = msgspec.json.encode(row["stages"]).decode() if row["stages"] is not None else None
    values = {"at": ground.here.id, "plugin": plugin.id, "paused": wish.paused, "version": version, "stages": stages}
    values |= {name: row[name] for name in ("rule", "is_on", "reason", "until", "allows")}
    with refusals():
        made = session.execute(PUT, values).scalar()
    if made is None:
        raise Problem("kit.changed_meanwhile", 412)
    verb = f"governance.rule.{wish.rule}"
    fields = [name for name in ("on", "until", "stages", "paused", "allows") if getattr(wish, name)]
    record(session, verb, "plugin_rule", plugin.id, tenant_id=ground.here.id, fields=fields, reason=wish.reason)
    governing.sets.changing(session)
    tell(session, governing.dispatcher, effects)
    return effects


def tell(session: ScopedSession, dispatcher: Dispatcher, effects: Effects) -> None:
    """Plugins hear where they were switched."""
    for what, switched in (("deactivate", effects.off), ("activate", effects.on)):
        for name, tenants in switched.items():
            dispatcher.tell(name, session, [TenantChange(what, tenant_id) for tenant_id, _ in tenants])


def own_version(session: ScopedSession, ground: Ground, plugin: Plugin) -> int:
    """Of what the acting tenant says there; 0: nothing yet."""
    row = find_own(session, ground, plugin)
    return row["version"] if row else 0


def find_own(session: ScopedSession, ground: Ground, plugin: Plugin) -> Row | None:
    """What the acting tenant says there."""
    for row in ground.rows.get(plugin.id, {}).values():
        if row["tenant_id"] == ground.here.id and row["by_tenant_id"] == session.actor.tenant_id:
            return row
    return None


def pause(session: ScopedSession, governing: Governing, ground: Ground, plugin: Plugin, *, paused: bool) -> Effects:
    """Keeps a roll-out from going on, or lets it. Raises 409 where there is none."""
    row = find_own(session, ground, plugin)
    if row is None or row["stages"] is None:
        raise Problem("governance.no_rollout", 409)
    codes = _codes(session, ground)
    named = [
        {
            "on": date.fromisoformat(s["on"]),
            "codes": s["tenant_ids"] and [codes[i] for i in s["tenant_ids"] if i in codes],
        }
        for s in row["stages"]
    ]
    said = {name: row[name] for name in ("rule", "reason", "until", "allows")}
    wish = Wish(**said, on=row["is_on"], stages=named, paused=paused)
    return set_rule(session, governing, ground, plugin, wish, version=row["version"])


def _codes(session: ScopedSession, ground: Ground) -> dict[int, str]:
    """Those right below, whatever their state: id to code."""
    asked = (
        select(Tenant.id, TenantCode.code)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(Tenant.parent_id == ground.here.id, TenantCode.valid_to.is_(None))
    )
    return {row.id: row.code for row in session.execute(asked)}


def _row(session: ScopedSession, ground: Ground, plugin: Plugin, wish: Wish) -> Row:
    """The wish as plugin_rule keeps it."""
    by = ground.depth(session.actor.tenant_id or 0)
    _check(ground, plugin, wish)
    others = [r for r in ground.rows.get(plugin.id, {}) if (r.at, r.by) != (len(ground.path) - 1, by)]
    last = resolve(others, ground.ids, ground.today).in_force
    if wish.rule != "inherit" and last is not None and last.word in BINDING and last.by < by:
        above = ground.path[last.by]
        raise Problem("governance.bound", 409, tenant=above.name, code=above.code)
    return {
        "tenant_id": ground.here.id,
        "plugin_id": plugin.id,
        "by_tenant_id": session.actor.tenant_id,
        "rule": wish.rule,
        "is_on": wish.on,
        "reason": wish.reason,
        "until": wish.until,
        "stages": _stages(session, ground, wish),
        "paused_at": ground.now if wish.paused else None,
        "allows": sorted(set(wish.allows)),
    }


def _check(ground: Ground, plugin: Plugin, wish: Wish) -> None:
    faults: list[Fault] = []
    if wish.on is not None and wish.rule != "offer":
        faults.append(Fault("#/on", "governance.invalid.on"))
    if wish.until is not None and wish.until < ground.today:
        faults.append(Fault("#/until", "governance.invalid.past"))
    if wish.stages is not None and not (wish.rule == "require" or (wish.rule == "offer" and wish.on)):
        faults.append(Fault("#/stages", "governance.invalid.stages_rule"))
    if wish.stages is not None and not wish.stages:
        faults.append(Fault("#/stages", "kit.invalid.required"))
    known = {one.id for one in plugin.manifest.sensitive}
    if strange := set(wish.allows) - known:
        faults.append(Fault("#/allows", "governance.invalid.allows", {"feature": min(strange)}))
    if wish.allows and len(ground.path) > 1:
        faults.append(Fault("#/allows", "governance.invalid.allows_root"))
    if wish.allows and not (wish.reason and wish.until):
        faults.append(Fault("#/allows", "governance.invalid.allows_reason"))
    if faults:
        raise invalid(*faults)


def _stages(session: ScopedSession, ground: Ground, wish: Wish) -> list[dict[str, Any]] | None:
    if wish.stages is None:
        return None
    known = {code: tenant_id for tenant_id, code in _codes(session, ground).items()}
    kept = []
    for number, stage in enumerate(wish.stages):
        codes = stage["codes"]
        if strange := [code for code in codes or () if code not in known]:
            raise invalid(Fault(f"#/stages/{number}/codes", "governance.invalid.child", {"code": strange[0]}))
        kept.append(
            {"on": stage["on"].isoformat(), "tenant_ids": [known[c] for c in codes] if codes is not None else None}
        )
    return kept
