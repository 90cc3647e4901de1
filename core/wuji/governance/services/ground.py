"""What governing a place needs to know: the way down to it, the rules that stand on that way, the day it is there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import any_, func, or_, select

from wuji.governance.models import InstalledPlugin, PluginRule
from wuji.governance.resolution import Rule
from wuji.governance.standing import Spot, Standing, make_rule, stand
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import not_found
from wuji.plugin.plugins import Plugin, Plugins
from wuji.tenancy.models import Tenant, TenantCode
from wuji.tenancy.settings import read_zone

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """One tenant on the way down."""

    id: int
    code: str
    name: str
    level: int

    def shown(self) -> Mapping[str, Any]:
        return {"code": self.code, "name": self.name, "level": self.level}


@dataclass(frozen=True)
class Ground:
    """The way from the root down to one tenant, with every rule that stands on it, by plugin."""

    path: tuple[Place, ...]
    rows: Mapping[str, Mapping[Rule, Row]]
    suspended: frozenset[str]
    zone: ZoneInfo
    now: datetime
    named: Mapping[int, Place]  # tenants that stages name

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def here(self) -> Place:
        return self.path[-1]

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(place.id for place in self.path)

    @property
    def rules(self) -> dict[str, list[Rule]]:
        return {plugin: list(rules) for plugin, rules in self.rows.items()}

    def stand(self, plugins: Iterable[Plugin]) -> dict[str, Standing]:
        return stand(plugins, self.rules, self.spot(self.ids, self.here.level))

    def spot(self, path: Sequence[int], level: int) -> Spot:
        """A place on or below the way, on the same day."""
        return Spot(path, level, self.suspended, self.today)

    def depth(self, tenant_id: int) -> int:
        return self.ids.index(tenant_id)


def get_ground(session: ScopedSession, now: datetime, tenant_id: int | None = None) -> Ground:
    """Of the acting tenant or of one below it. Raises 404 outside the range."""
    wanted = tenant_id or session.actor.tenant_id
    in_range = or_(Tenant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()), Tenant.id == session.actor.tenant_id)
    ancestors = session.execute(select(Tenant.ancestors).where(Tenant.id == wanted, in_range)).scalar()
    if ancestors is None:
        raise not_found()
    path = tuple(list_places(session, ancestors))
    zone = read_zone(session)
    ids = [place.id for place in path]
    rows: dict[str, dict[Rule, Row]] = {}
    for row in list_rules(session, ids):
        rows.setdefault(row["plugin_id"], {})[make_rule(row, ids, zone)] = row
    return Ground(path, rows, list_suspended(session), zone, now, _named(session, rows))


def _named(session: ScopedSession, rows: Mapping[str, Mapping[Rule, Row]]) -> Mapping[int, Place]:
    stages = [stage for kept in rows.values() for row in kept.values() for stage in row["stages"] or ()]
    ids = {tenant_id for stage in stages for tenant_id in stage["tenant_ids"] or ()}
    return {place.id: place for place in list_places(session, sorted(ids))} if ids else {}


def list_places(session: ScopedSession, ids: Sequence[int]) -> list[Place]:
    """Tenants by id, higher ones first."""
    found = session.execute(
        select(Tenant.id, TenantCode.code, Tenant.name, Tenant.level)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(Tenant.id.in_(ids), TenantCode.valid_to.is_(None))
        .order_by(Tenant.level)
    )
    return [Place(*row) for row in found]


def list_rules(session: ScopedSession, tenant_ids: Sequence[int]) -> Sequence[Row]:
    """Rules that stand at these tenants, and speak: one set from above falls silent where its setter lies above no more."""
    asked = (
        select(PluginRule.__table__)
        .join(Tenant, Tenant.id == PluginRule.tenant_id)
        .where(PluginRule.tenant_id.in_(tenant_ids), PluginRule.by_tenant_id == any_(Tenant.ancestors))
    )
    return [dict(row) for row in session.execute(asked).mappings()]


def list_suspended(session: ScopedSession) -> frozenset[str]:
    """Plugins that the operator has taken out of service."""
    asked = select(InstalledPlugin.id).where(InstalledPlugin.state == "suspended")
    return frozenset(session.execute(asked).scalars())


def get_plugin(plugins: Plugins, plugin_id: str) -> Plugin:
    """Raises 404 for one that is not served."""
    if plugin_id not in plugins.by_id:
        raise not_found()
    return plugins.by_id[plugin_id]
