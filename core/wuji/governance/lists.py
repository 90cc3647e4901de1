"""Rules as a list, to be looked through and taken away."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from wuji.governance.models import PluginRule
from wuji.governance.resolution import WORDS
from wuji.kit.http.lists import Asker, Column, List, Rows, level_key
from wuji.tenancy.models import Tenant, TenantCode

SETTER = aliased(Tenant, name="setter")


def _rules(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    """Those that stand in the subtree; what stands above is inherited and belongs to others."""
    return (
        select()
        .select_from(PluginRule)
        .join(Tenant, Tenant.id == PluginRule.tenant_id)
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .join(SETTER, SETTER.id == PluginRule.by_tenant_id)
        .where(PluginRule.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
    )


RULES = List(
    name="governance.rules",
    permission="governance.rule.read",
    columns=(
        Column("tenant_id", Tenant.id),
        Column("code", TenantCode.code, sortable=True, grouped=True, named="name"),
        Column("name", Tenant.name, sortable=True),
        Column("level", Tenant.level, sortable=True, filtered=True, grouped=True, said=level_key),
        Column("plugin_id", PluginRule.plugin_id, sortable=True, filtered=True, grouped=True),
        Column("rule", PluginRule.rule, filtered=True, choices=WORDS),
        Column("on", PluginRule.is_on, nullable=True),
        Column("set_by", SETTER.name),
        Column("reason", PluginRule.reason),
        Column("until", func.to_char(PluginRule.until, "YYYY-MM-DD"), nullable=True),
        Column("paused_at", PluginRule.paused_at, nullable=True),
        Column("updated_at", PluginRule.updated_at, sortable=True),
    ),
    key=PluginRule.id,
    source=_rules,
    sort="-updated_at",
    search=(Tenant.name_key, TenantCode.code),
)
