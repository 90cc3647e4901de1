"""The operator's view: every plugin that is there, served or not, and taking one out of service."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text

from wuji.governance.active import ActiveSets
from wuji.governance.models import InstalledPlugin
from wuji.journal.services import record
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import not_found
from wuji.plugin.plugins import Plugins

SET_STATE = text("select wuji.plugin_state_set(:plugin, :state, :reason)")
VERBS = {"suspended": "suspend", "active": "resume"}


def list_plugins(session: ScopedSession, plugins: Plugins, locale: str) -> list[Mapping[str, Any]]:
    """By id. A plugin that is installed and not found on this machine is named too."""
    rows = {row["id"]: dict(row) for row in session.execute(select(InstalledPlugin.__table__)).mappings()}
    out = {one.id: one for one in plugins.quarantined}
    names = sorted({*rows, *out, *plugins.by_id})
    return [_shown(name, rows.get(name), plugins, locale) for name in names]


def get_plugin_state(session: ScopedSession, plugins: Plugins, plugin_id: str, locale: str) -> Mapping[str, Any]:
    """One of them. Raises 404."""
    for one in list_plugins(session, plugins, locale):
        if one["id"] == plugin_id:
            return one
    raise not_found()


def _shown(name: str, row: Mapping[str, Any] | None, plugins: Plugins, locale: str) -> Mapping[str, Any]:
    loaded = plugins.by_id.get(name)
    out = next((one for one in plugins.quarantined if one.id == name), None)
    known = loaded or out
    manifest = known.manifest if known else None
    found = "quarantined" if out else "absent"
    return {
        "id": name,
        "name": manifest.name.say(locale) if manifest else name,
        "about": manifest.about.say(locale) if manifest else "",
        "version": manifest.version if manifest else None,
        "installed_version": row["version"] if row else None,
        "revision": row["revision"] if row else None,
        "state": row["state"] if loaded and row else found,
        "reason": row["reason"] if row else "",
        "quarantine": {"cause": out.cause, "detail": out.detail} if out else None,
        "fault": {**row["fault"], "at": row["fault_at"]} if row and row["fault"] else None,
    }


def set_plugin_state(session: ScopedSession, sets: ActiveSets, plugin_id: str, state: str, reason: str = "") -> None:
    """Takes it out of service everywhere, or puts it back; saying so again changes nothing. Raises 404 for what is not
    installed.
    """
    if session.execute(select(InstalledPlugin.id).where(InstalledPlugin.id == plugin_id)).first() is None:
        raise not_found()
    if session.execute(SET_STATE, {"plugin": plugin_id, "state": state, "reason": reason}).scalar():
        record(session, f"governance.plugin.{VERBS[state]}", "plugin", plugin_id, tenant_id=None, reason=reason)
        sets.changing(session)
