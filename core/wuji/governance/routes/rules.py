"""Rules of the acting tenant, for itself and for those below it."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.governance.active import ActiveSets
from wuji.governance.lists import RULES
from wuji.governance.routes.feature import feature
from wuji.governance.routes.plugins import explained, reader
from wuji.governance.schemas import DryRunQuery, ExplainedPluginOut, GridPage, GridQuery, RuleChangeOut, RuleIn
from wuji.governance.services.changes import Governing, Wish, foresee_change, pause, set_rule
from wuji.governance.services.effects import Effects
from wuji.governance.services.grid import read_grid
from wuji.governance.services.ground import get_ground, get_plugin
from wuji.kit.http.etag import asked_version
from wuji.kit.http.lists import serve_list
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.plugin.dispatcher import Dispatcher
from wuji.plugin.plugins import Plugins

ALL = "/tenants/<tenant_code>/plugin-rules"
ONE = f"{ALL}/<int(max=2147483647):tenant_id>/<plugin_id>"
READ, WRITE = "governance.rule.read", "governance.rule.write"
ROWS = 100

serve_list(feature, f"{ALL}/all", RULES, "list_plugin_rules", "Every rule that stands in the subtree.")


def governing(call: Call) -> Governing:
    return Governing(call.deployment.part(Dispatcher), call.deployment.part(ActiveSets))


@feature.route("GET", ALL, permission=READ, query=GridQuery, answer=GridPage)
def show_plugin_grid(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Plugins side by side for a tenant and those right below it; `parent_id` opens one further down."""
    asked = {**asked, "limit": min(max(asked.get("limit", 50), 1), ROWS)}
    return read_grid(call.session, call.deployment.part(Plugins), call.deployment.clock(), **asked)


@feature.route("GET", ONE, permission=READ, answer=ExplainedPluginOut)
def show_plugin_rule(call: Call, tenant_id: int, plugin_id: str) -> Answer:
    """One plugin at this tenant or one below it; the ETag is that of what the acting tenant says there."""
    return explained(call, plugin_id, tenant_id)


@feature.route("PUT", ONE, permission=WRITE, query=DryRunQuery, body=RuleIn, answer=RuleChangeOut)
def set_plugin_rule(
    call: Call, how: Mapping[str, Any], asked: Mapping[str, Any], tenant_id: int, plugin_id: str
) -> Answer:
    """Say where a plugin is on, may be chosen, or is forbidden; with dry_run only what that would switch. If-Match "0" where
    nothing has been said yet.
    """
    plugin = get_plugin(call.deployment.part(Plugins), plugin_id)
    ground = get_ground(call.session, call.deployment.clock(), tenant_id)
    wish = Wish(**asked)
    if how.get("dry_run"):
        effects = foresee_change(call.session, governing(call), ground, plugin, wish)
        return changed(call, plugin_id, tenant_id, effects, dry_run=True)
    effects = set_rule(call.session, governing(call), ground, plugin, wish, version=asked_version(request))
    return changed(call, plugin_id, tenant_id, effects)


@feature.route("POST", f"{ONE}/pause", permission=WRITE, answer=RuleChangeOut)
def pause_rollout(call: Call, tenant_id: int, plugin_id: str) -> Answer:
    """Keep the stages of a roll-out that have not begun from beginning."""
    return _pause(call, tenant_id, plugin_id, paused=True)


@feature.route("POST", f"{ONE}/resume", permission=WRITE, answer=RuleChangeOut)
def resume_rollout(call: Call, tenant_id: int, plugin_id: str) -> Answer:
    """Let a roll-out go on; stages whose day has come meanwhile begin now."""
    return _pause(call, tenant_id, plugin_id, paused=False)


def _pause(call: Call, tenant_id: int, plugin_id: str, *, paused: bool) -> Answer:
    plugin = get_plugin(call.deployment.part(Plugins), plugin_id)
    ground = get_ground(call.session, call.deployment.clock(), tenant_id)
    effects = pause(call.session, governing(call), ground, plugin, paused=paused)
    return changed(call, plugin_id, tenant_id, effects)


def changed(call: Call, plugin_id: str, tenant_id: int, effects: Effects, *, dry_run: bool = False) -> Answer:
    """The effects beside the plugin as it stands now."""
    shown = explained(call, plugin_id, tenant_id)
    listed = effects.shown(call.deployment.part(Plugins), reader(call).locale)
    return Answer({"dry_run": dry_run, "effects": listed, "plugin": shown.payload}, version=shown.version)
