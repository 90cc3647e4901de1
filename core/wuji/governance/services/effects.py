"""What a rule would switch on or off, tenant by tenant, before it is written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import any_, select
from sqlalchemy.orm import aliased

from wuji.governance.models import PluginRule
from wuji.governance.resolution import Rule
from wuji.governance.services.ground import Ground, Row
from wuji.governance.standing import Rules, make_rule, stand
from wuji.kit.db.session import ScopedSession
from wuji.plugin.plugins import Plugin, Plugins
from wuji.tenancy.models import Tenant

TOP = aliased(Tenant)
Switched = dict[str, list[tuple[int, int]]]  # plugin -> (tenant, its level)


@dataclass(frozen=True)
class Effects:
    """Tenants where a plugin becomes active, and where it stops being so; not the changed plugin alone: others need it."""

    on: Switched
    off: Switched

    def shown(self, plugins: Plugins, locale: str) -> Sequence[Mapping[str, Any]]:
        """By plugin and level, how many."""
        return [
            self._of(plugins.by_id[name], locale) for name in plugins.by_id if self.on.get(name) or self.off.get(name)
        ]

    def _of(self, plugin: Plugin, locale: str) -> Mapping[str, Any]:
        on = Counter(level for _, level in self.on.get(plugin.id, ()))
        off = Counter(level for _, level in self.off.get(plugin.id, ()))
        levels = [{"level": level, "on": on[level], "off": off[level]} for level in sorted({*on, *off})]
        name = plugin.manifest.name.say(locale)
        return {"plugin_id": plugin.id, "name": name, "on": on.total(), "off": off.total(), "levels": levels}


def foresee(session: ScopedSession, plugins: Plugins, ground: Ground, plugin: Plugin, wanted: Row) -> Effects:
    """Of `wanted`, a row of plugin_rule for the tenant at the end of the ground, in place of the one by the same setter."""
    concerned = _concerned(plugins, plugin)
    new = make_rule(wanted, ground.ids, ground.zone)
    on: Switched = {}
    off: Switched = {}
    below = _rules_below(session, ground, [one.id for one in concerned])
    for tenant_id, ancestors, level in _subtree(session, ground):
        path = tuple(ancestors)
        before = _gather(ground, below, path)
        now = [rule for rule in before.get(plugin.id, ()) if (rule.at, rule.by) != (new.at, new.by)]
        after = {**before, plugin.id: [*now, new]}
        spot = ground.spot(path, level)
        first, second = stand(concerned, before, spot), stand(concerned, after, spot)
        for name, one in second.items():
            if one.active != first[name].active:
                (on if one.active else off).setdefault(name, []).append((tenant_id, level))
    return Effects(on, off)


def _concerned(plugins: Plugins, plugin: Plugin) -> list[Plugin]:
    """The plugin, those that need it, and whatever all of these need, in the order of needs."""
    wanted = {plugin.id}
    for one in plugins:
        if wanted & set(one.manifest.needs):
            wanted.add(one.id)
    for one in reversed(plugins.loaded):
        if one.id in wanted:
            wanted.update(one.manifest.needs)
    return [one for one in plugins if one.id in wanted]


def _subtree(session: ScopedSession, ground: Ground) -> Sequence[Any]:
    """The tenant and all active ones below it: (id, ancestors, level)."""
    found = session.execute(
        select(Tenant.id, Tenant.ancestors, Tenant.level)
        .join(TOP, Tenant.pos.between(TOP.pos, TOP.pos_hi))
        .where(TOP.id == ground.here.id, Tenant.state == "active")
    )
    return found.all()


def _rules_below(
    session: ScopedSession, ground: Ground, names: Sequence[str]
) -> Mapping[int, Mapping[str, list[Rule]]]:
    """Rules that stand below the end of the ground, by tenant and plugin."""
    rows = session.execute(
        select(PluginRule.__table__, Tenant.ancestors)
        .join(Tenant, Tenant.id == PluginRule.tenant_id)
        .join(TOP, Tenant.pos.between(TOP.pos, TOP.pos_hi))
        .where(TOP.id == ground.here.id, Tenant.id != TOP.id, PluginRule.plugin_id.in_(names))
        .where(PluginRule.by_tenant_id == any_(Tenant.ancestors))
    )
    found: dict[int, dict[str, list[Rule]]] = {}
    for row in rows.mappings():
        rule = make_rule(dict(row), row["ancestors"], ground.zone)
        found.setdefault(row["tenant_id"], {}).setdefault(row["plugin_id"], []).append(rule)
    return found


def _gather(ground: Ground, below: Mapping[int, Mapping[str, list[Rule]]], path: Sequence[int]) -> Rules:
    """Rules on a path that leads through the end of the ground."""
    found = ground.rules
    for tenant_id in path[len(ground.path) :]:
        for name, rules in below.get(tenant_id, {}).items():
            found[name] = [*found.get(name, ()), *rules]
    return found
