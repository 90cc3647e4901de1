"""What a pack says about plugins: rules of its root, and data that plugins bring or that lie in the pack."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from wuji.governance.models import PluginRule
from wuji.governance.services.changes import Governing, Wish, own_version, set_rule
from wuji.governance.services.ground import get_ground
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Problem
from wuji.plugin.plugins import Plugins
from wuji.plugin.records import ImportSource
from wuji.tenancy.models import Tenant, TenantCode
from wuji.tenancy.packs.finding import Finding, PackError
from wuji.tenancy.packs.pack import TENANT, Pack, PackRule

Said = tuple[str, str, str, bool | None, str, date | None]


def list_changed_rules(session: ScopedSession | None, plugins: Plugins, pack: Pack) -> list[PackRule]:
    """Those that the root does not have as the pack says them; without a session there is no root yet. Rules about plugins
    that are not served are left out.
    """
    there: set[Said] = set()
    if session is not None:
        rows = session.execute(
            select(
                PluginRule.plugin_id,
                TenantCode.code,
                PluginRule.rule,
                PluginRule.is_on,
                PluginRule.reason,
                PluginRule.until,
            )
            .join(TenantCode, TenantCode.tenant_id == PluginRule.tenant_id)
            .where(TenantCode.valid_to.is_(None), PluginRule.by_tenant_id == session.actor.tenant_id)
        )
        there = {(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows}
    return [
        rule
        for plugin in pack.plugins
        if plugin.id in plugins.by_id
        for rule in plugin.rules
        if (rule.plugin, rule.code, rule.rule, rule.on, rule.reason, rule.until) not in there
    ]


def put_rules(session: ScopedSession, governing: Governing, rules: Sequence[PackRule], now: datetime) -> None:
    """In the scope of the root. Raises PackError that names the line."""
    ids = _tenants(session)
    for rule in rules:
        plugin = governing.dispatcher.plugins.by_id[rule.plugin]
        ground = get_ground(session, now, ids[rule.code])
        wish = Wish(rule=rule.rule, on=rule.on, reason=rule.reason, until=rule.until)
        try:
            set_rule(session, governing, ground, plugin, wish, version=own_version(session, ground, plugin))
        except Problem as problem:
            keys = ", ".join(fault.key for fault in problem.faults) or problem.slug
            raise PackError([Finding(TENANT, rule.line, f"this rule cannot be set: {keys}")]) from problem


def import_data(session: ScopedSession, deployment: Deployment, pack: Pack) -> Iterator[tuple[str, Mapping[str, int]]]:
    """(title of an importer, what it did) of every plugin that has a folder; in the scope of the root. Raises PackError."""
    tenants, plugins = _tenants(session), deployment.part(Plugins)
    for one in pack.plugins:
        plugin = plugins.by_id.get(one.id)
        if plugin is None:
            continue
        folder = plugin.found.package / one.data if one.data else pack.folder / one.id
        if one.data and not folder.is_dir():
            raise PackError([Finding(TENANT, one.rules[0].line, f"the plugin {one.id} has no folder {one.data}")])
        for importer in plugin.importers if folder.is_dir() else ():
            try:
                yield (
                    importer.title,
                    importer.run(session, ImportSource(str(folder), tenants, deployment.files, deployment)),
                )
            except ValueError as error:
                raise PackError([Finding(one.id, 0, str(error))]) from error


def _tenants(session: ScopedSession) -> dict[str, int]:
    """Of the acting tenant's subtree, by code."""
    found = session.execute(
        select(TenantCode.code, Tenant.id)
        .join(Tenant, Tenant.id == TenantCode.tenant_id)
        .where(TenantCode.valid_to.is_(None), Tenant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
    )
    return {row.code: row.id for row in found}
