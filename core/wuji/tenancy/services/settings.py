"""Settings of a tenant: what counts here and why, and saying something of one's own."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from wuji.journal.services import record
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem, check_version, forbidden, invalid, not_found
from wuji.kit.setting import Mode, Setting, Step, UnfitError, decide, judge, read_steps
from wuji.tenancy.models import SettingValue, Tenant

Settings = Mapping[str, Setting[Any]]
DEFAULT = "default"


def get_setting(settings: Settings, key: str) -> Setting[Any]:
    """Raises 404 for a key that nothing declares."""
    if key not in settings:
        raise not_found()
    return settings[key]


def list_settings(session: ScopedSession, settings: Settings) -> Sequence[Mapping[str, Any]]:
    """Every declared setting with the value that counts at the acting tenant."""
    steps = read_steps(session, settings)
    return [_shown(session, setting, steps[key]) for key, setting in sorted(settings.items())]


def explain_setting(session: ScopedSession, setting: Setting[Any]) -> Mapping[str, Any]:
    """The same of one setting, with every step of the way down and how many below say something of their own."""
    steps = read_steps(session, [setting.key])[setting.key]
    decider = decide(setting, steps)
    below = (
        select(Tenant.level, func.count().label("tenants"))
        .join(SettingValue, SettingValue.tenant_id == Tenant.id)
        .where(SettingValue.key == setting.key, Tenant.id != session.actor.tenant_id)
        .where(SettingValue.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
        .group_by(Tenant.level)
        .order_by(Tenant.level)
    )
    return {
        **_shown(session, setting, steps),
        "ladder": [_rung(step, decider) for step in steps],
        "below": [dict(row) for row in session.execute(below).mappings()],
    }


def _shown(session: ScopedSession, setting: Setting[Any], steps: Sequence[Step]) -> Mapping[str, Any]:
    decider = decide(setting, steps)
    own = steps[-1]
    lock = _lock_above(setting, steps)
    stands = setting.stands_at(own.level, root=len(steps) == 1)
    return {
        "key": setting.key,
        "schema": setting.schema,
        "choices": setting.choices or (),
        "default": setting.default,
        "value": setting.accept(decider.value) if decider else setting.default,
        "source": decider.mode if decider else DEFAULT,
        "source_tenant": _named(decider) if decider else None,
        "own_mode": own.mode,
        "own_value": own.value,
        "may_change": stands and lock is None and session.actor.may(setting.permission),
    }


def _named(step: Step) -> Mapping[str, Any]:
    return {"code": step.code, "name": step.name, "level": step.level}


def _rung(step: Step, decider: Step | None) -> Mapping[str, Any]:
    said = {"mode": step.mode, "value": step.value, "reason": step.reason, "at": step.at}
    return {"tenant": _named(step), **said, "verdict": judge(step, decider)}


def _lock_above(setting: Setting[Any], steps: Sequence[Step]) -> Step | None:
    above = decide(setting, steps[:-1])
    return above if above and above.mode == "lock" else None


def own_version(session: ScopedSession, setting: Setting[Any]) -> int:
    """The version of what the acting tenant itself says; 0: nothing."""
    row = _own(session, setting)
    return row.version if row else 0


def _own(session: ScopedSession, setting: Setting[Any]) -> SettingValue | None:
    mine = SettingValue.tenant_id == session.actor.tenant_id
    found: SettingValue | None = session.execute(
        select(SettingValue).where(mine, SettingValue.key == setting.key)
    ).scalar()
    return found


def put_setting(
    session: ScopedSession, setting: Setting[Any], *, mode: Mode, value: object, version: int, reason: str = ""
) -> None:
    """Sets, suggests or locks a value at the acting tenant. Raises 409 naming the tenant that locked it or where it belongs,
    422 for a value it does not take, 412 where somebody else was faster.
    """
    if not session.actor.may(setting.permission):
        raise forbidden(setting.permission)
    accepted = _accepted(session, setting, value)
    row = _own(session, setting)
    check_version(row.version if row else 0, version)
    if row is None:
        row = SettingValue(tenant_id=session.actor.tenant_id, key=setting.key)
        session.add(row)
    row.mode, row.value, row.reason = mode, accepted, reason
    try:
        session.flush()
    except IntegrityError as error:  # somebody else said something for the first time, just now
        raise Problem("kit.changed_meanwhile", 412) from error
    _note(session, f"tenancy.setting.{mode}", setting, reason)


def _accepted(session: ScopedSession, setting: Setting[Any], value: object) -> object:
    steps = read_steps(session, [setting.key])[setting.key]
    if not setting.stands_at(steps[-1].level, root=len(steps) == 1):
        raise Problem("tenancy.setting_elsewhere", 409)
    lock = _lock_above(setting, steps)
    if lock:
        raise Problem("tenancy.setting_locked", 409, tenant=lock.name, code=lock.code)
    try:
        accepted: object = setting.accept(value)
    except UnfitError as error:
        if error.unknown:
            names = {"names": ", ".join(error.unknown)}
            raise invalid(Fault("#/value", "tenancy.invalid.unknown_choice", names)) from error
        raise invalid(Fault("#/value", f"{setting.texts}.rule")) from error
    return accepted


def clear_setting(session: ScopedSession, setting: Setting[Any]) -> None:
    """Back to what is inherited; also below a lock, where the own value counts for nothing anyway."""
    if not session.actor.may(setting.permission):
        raise forbidden(setting.permission)
    row = _own(session, setting)
    if row is not None:
        session.delete(row)
        _note(session, "tenancy.setting.clear", setting, "")


def _note(session: ScopedSession, verb: str, setting: Setting[Any], reason: str) -> None:
    """The subject is the key, which says more than the id of a row that may be gone."""
    tenant_id = session.actor.tenant_id
    fields = () if verb.endswith("clear") else ("mode", "value")
    record(session, verb, "setting_value", setting.key, tenant_id=tenant_id, fields=fields, reason=reason)
