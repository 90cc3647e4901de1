"""What each level wants to be told of, at its own tenant, for all stations at and below it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from wuji.api import Fault, Problem, ScopedSession, check_version, invalid, not_found, record
from wuji_station_watch.alarm_models import AlarmRule

KIND = "station_watch.alarm_rule"
MOST = 30  # at one tenant
OWN = AlarmRule.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())
CONTENT = ("kind", "measure", "share", "low", "high", "minutes", "escalate_minutes", "is_on")


def get_rule(session: ScopedSession, rule_id: UUID) -> AlarmRule:
    """One of the range or from above. Raises 404."""
    found = session.get(AlarmRule, rule_id)
    if found is None:
        raise not_found()
    return found


def add_rule(session: ScopedSession, sent: Mapping[str, Any]) -> AlarmRule:
    """At the acting tenant. Raises 422 where it says too little or too much, 409 where there are too many."""
    tenant_id = session.actor.tenant_id
    values = _checked({**dict.fromkeys(CONTENT), "is_on": True, **sent})
    there = select(func.count()).select_from(AlarmRule).where(AlarmRule.tenant_id == tenant_id)
    if session.execute(there).scalar_one() >= MOST:
        raise Problem("station_watch.too_many_rules", 409, most=MOST)
    rule = AlarmRule(tenant_id=tenant_id, **values)
    session.add(rule)
    session.flush()
    record(session, f"{KIND}.add", KIND, rule.id, tenant_id=tenant_id)
    return rule


def change_rule(session: ScopedSession, rule_id: UUID, sent: Mapping[str, Any], version: int) -> AlarmRule:
    rule = _get_own(session, rule_id)
    check_version(rule.version, version)
    values = _checked({**{name: getattr(rule, name) for name in CONTENT}, **sent})
    changed = sorted(name for name, value in values.items() if getattr(rule, name) != value)
    for name in changed:
        setattr(rule, name, values[name])
    if changed:
        record(session, f"{KIND}.change", KIND, rule.id, tenant_id=rule.tenant_id, fields=changed)
    return rule


def drop_rule(session: ScopedSession, rule_id: UUID, version: int | None) -> None:
    """Its alarms that are open close with the next look; those that were told stay."""
    rule = _get_own(session, rule_id)
    if version is not None:
        check_version(rule.version, version)
    record(session, f"{KIND}.drop", KIND, rule.id, tenant_id=rule.tenant_id)
    session.delete(rule)
    session.flush()


def _get_own(session: ScopedSession, rule_id: UUID) -> AlarmRule:
    """What stands above is read here and changed there."""
    found = session.execute(select(AlarmRule).where(AlarmRule.id == rule_id, OWN)).scalar()
    if found is None:
        raise not_found()
    return found


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the row has it: what does not belong to its kind is empty."""
    kind = values["kind"]
    faults = [
        Fault(f"#/{name}", "kit.invalid.required")
        for name in ("minutes", *{"full": ("share",), "reading": ("measure",)}.get(kind, ()))
        if values[name] in {None, ""}
    ]
    low, high = values["low"], values["high"]
    if kind == "reading" and low is None and high is None:
        faults.append(Fault("#/high", "station_watch.invalid.limits"))
    if kind == "reading" and low is not None and high is not None and low >= high:
        faults.append(Fault("#/high", "station_watch.invalid.upside_down"))
    if kind == "silent" and values["minutes"] is not None and values["minutes"] < 1:
        faults.append(Fault("#/minutes", "station_watch.invalid.range", {"least": 1, "most": 1440}))
    if faults:
        raise invalid(*faults)
    of_reading = kind == "reading"
    return {
        **{name: values[name] for name in ("kind", "minutes", "escalate_minutes", "is_on")},
        "measure": values["measure"] if of_reading else "",
        "low": low if of_reading else None,
        "high": high if of_reading else None,
        "share": values["share"] if kind == "full" else None,
    }
