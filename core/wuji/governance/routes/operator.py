"""The deployment's plugins, for the operator."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.governance.active import ActiveSets
from wuji.governance.routes.feature import feature
from wuji.governance.schemas import OperatedPluginOut, OperatedPluginsPage, SuspensionIn
from wuji.governance.services.operating import get_plugin_state, list_plugins, set_plugin_state
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.plugin.plugins import Plugins

ALL = "/operator/plugins"
ONE = f"{ALL}/<plugin_id>"


@feature.route("GET", ALL, permission="governance.plugin.read", answer=OperatedPluginsPage)
def list_deployment_plugins(call: Call) -> Mapping[str, Any]:
    """Every plugin with version, state, last fault and, where it is not served, why."""
    items = list_plugins(call.session, call.deployment.part(Plugins), read_locale(request))
    return {"items": items, "next": None, "total": {"value": len(items), "capped": False}}


@feature.route("GET", ONE, permission="governance.plugin.read", answer=OperatedPluginOut)
def show_deployment_plugin(call: Call, plugin_id: str) -> Mapping[str, Any]:
    """One plugin of the deployment."""
    return shown(call, plugin_id)


def shown(call: Call, plugin_id: str) -> Mapping[str, Any]:
    return get_plugin_state(call.session, call.deployment.part(Plugins), plugin_id, read_locale(request))


@feature.route(
    "POST", f"{ONE}/suspend", permission="governance.plugin.suspend", body=SuspensionIn, answer=OperatedPluginOut
)
def suspend_plugin(call: Call, asked: Mapping[str, Any], plugin_id: str) -> Mapping[str, Any]:
    """Take a plugin out of service everywhere; its data stay."""
    set_plugin_state(call.session, call.deployment.part(ActiveSets), plugin_id, "suspended", asked["reason"])
    return shown(call, plugin_id)


@feature.route("POST", f"{ONE}/resume", permission="governance.plugin.suspend", answer=OperatedPluginOut)
def resume_plugin(call: Call, plugin_id: str) -> Mapping[str, Any]:
    """Put a plugin back into service, where rules have it on."""
    set_plugin_state(call.session, call.deployment.part(ActiveSets), plugin_id, "active")
    return shown(call, plugin_id)
