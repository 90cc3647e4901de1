"""Plugins at the acting tenant."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.governance.routes.feature import feature
from wuji.governance.schemas import ExplainedPluginOut, PluginsPage
from wuji.governance.services.changes import own_version
from wuji.governance.services.explaining import Reader, explain, list_standings
from wuji.governance.services.ground import get_ground, get_plugin
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.plugin.plugins import Plugins

ALL = "/tenants/<tenant_code>/plugins"


def reader(call: Call) -> Reader:
    """The reader's language, and how governance says something in it."""
    locale = read_locale(request)
    return Reader(locale, lambda key, params: call.deployment.texts.say(locale, f"governance.{key}", params))


@feature.route("GET", ALL, permission="governance.rule.read", answer=PluginsPage)
def show_plugins(call: Call) -> Mapping[str, Any]:
    """Every plugin that is served, whether it is active here, and why."""
    plugins, ground = call.deployment.part(Plugins), get_ground(call.session, call.deployment.clock())
    items = list_standings(call.session, plugins, ground, reader(call))
    return {"items": items, "next": None, "total": {"value": len(items), "capped": False}}


@feature.route("GET", f"{ALL}/<plugin_id>", permission="governance.rule.read", answer=ExplainedPluginOut)
def show_plugin(call: Call, plugin_id: str) -> Answer:
    """One plugin, and every step of the way down that makes it what it is here."""
    return explained(call, plugin_id, None)


def explained(call: Call, plugin_id: str, tenant_id: int | None) -> Answer:
    """At the acting tenant or at one below it; the ETag is that of what the acting tenant says there, 0 for nothing."""
    plugins = call.deployment.part(Plugins)
    plugin = get_plugin(plugins, plugin_id)
    ground = get_ground(call.session, call.deployment.clock(), tenant_id)
    payload = explain(call.session, plugins, plugin, ground, reader(call))
    return Answer(payload, version=own_version(call.session, ground, plugin))
