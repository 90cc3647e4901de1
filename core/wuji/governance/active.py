"""Which plugins are active where a session acts. Worked out once for each tenant and day, and again once rules change: a
process asks at most once a second whether any has, by one number.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from time import monotonic
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from wuji.governance.standing import Spot, find_zone, make_rule, midnight_after, stand
from wuji.kit.clock import Clock
from wuji.kit.db.session import ScopedSession
from wuji.kit.sensitive import UndeclaredFeatureError
from wuji.plugin.plugins import Plugins

PATIENCE = 1.0  # seconds
EPOCH = text("select n from wuji.plugin_epoch where id = 1")
# One statement, one snapshot: rules, and the number that says of which change they are.
STANDING = """
  select coalesce((select n from wuji.plugin_epoch where id = 1), 0) as epoch, {path} as path,
         (select coalesce(array_agg(p.id), '{{}}') from wuji.plugin p where p.state = 'suspended') as suspended,
         (select s.value #>> '{{}}' from wuji.setting_value s
           where s.tenant_id = ({path})[1] and s.key = 'tenancy.time_zone') as zone,
         (select coalesce(jsonb_agg(to_jsonb(r)), '[]') from wuji.plugin_rule r
           where r.tenant_id = any({path}) and r.by_tenant_id = any({path})) as rules"""
HERE = text(STANDING.format(path="wuji.scope_anc()"))
THERE = text(STANDING.format(path="(select t.ancestors from wuji.tenant t where t.id = :tenant_id)::int[]"))
LEVEL = text("select t.level from wuji.tenant t where t.id = :tenant_id")
CHANGED = "governance.changed"


@dataclass(frozen=True)
class Active:
    """Ids of plugins, and those of their sensitive features that the root allows. `epoch` and `until` say how long it holds."""

    ids: frozenset[str]
    allows: frozenset[str]
    epoch: int
    until: datetime


class ActiveSets:
    """Of one program."""

    def __init__(self, plugins: Plugins, clock: Clock) -> None:
        self._plugins, self._clock = plugins, clock
        self._sensitive = frozenset[str]().union(*(plugin.sensitive for plugin in plugins))
        self._sets: dict[int, Active] = {}
        self._shared: dict[frozenset[str], frozenset[str]] = {}
        self._epoch = -1
        self._asked = float("-inf")

    def ids(self, session: ScopedSession) -> frozenset[str]:
        """Equal sets are one object, whose hash is worked out once."""
        return self.find(session).ids

    def active(self, session: ScopedSession, plugin: str) -> bool:
        return plugin in self.find(session).ids

    def allows(self, session: ScopedSession, feature: str) -> bool:
        """Raises UndeclaredFeatureError."""
        if feature not in self._sensitive:
            raise UndeclaredFeatureError(feature)
        return feature in self.find(session).allows

    def ids_at(self, session: ScopedSession, tenant_id: int) -> frozenset[str]:
        """At a tenant in the session's range, whether or not it is the acting one. One that is out of sight has none."""
        return self.find(session, tenant_id).ids

    def active_at(self, session: ScopedSession, plugin: str, tenant_id: int) -> bool:
        return plugin in self.ids_at(session, tenant_id)

    def find(self, session: ScopedSession, at: int | None = None) -> Active:
        """At the acting tenant, or at another one in its range. Without an acting tenant nothing is active."""
        tenant_id = at or session.actor.tenant_id
        if tenant_id is None:
            return Active(frozenset(), frozenset(), -1, self._clock())
        if CHANGED in session.info:  # what this transaction has changed nobody else may see before it commits
            return self._work_out(session, tenant_id)
        if monotonic() - self._asked > PATIENCE:
            self._epoch = session.execute(EPOCH).scalar() or 0
            self._asked = monotonic()
        known = self._sets.get(tenant_id)
        if known is None or known.epoch != self._epoch or known.until <= self._clock():
            known = self._sets[tenant_id] = self._work_out(session, tenant_id)
            self._epoch = max(self._epoch, known.epoch)
        return known

    def changing(self, session: ScopedSession) -> None:
        """Rules change in this transaction: it works with them itself, and once it commits this process looks at once."""
        session.info[CHANGED] = True
        event.listen(session, "after_commit", self._forget, once=True)

    def _forget(self, _session: Session) -> None:
        self._asked = float("-inf")

    def _work_out(self, session: ScopedSession, tenant_id: int) -> Active:
        actor = session.actor
        if tenant_id == actor.tenant_id:
            row, level = session.execute(HERE).one(), actor.level
        else:
            row = session.execute(THERE, {"tenant_id": tenant_id}).one()
            level = session.execute(LEVEL, {"tenant_id": tenant_id}).scalar()
        if row.path is None:
            return Active(frozenset(), frozenset(), row.epoch, self._clock())
        zone, now = find_zone(row.zone), self._clock()
        rules = defaultdict(list)
        for kept in row.rules:
            rules[kept["plugin_id"]].append(make_rule(_read(kept), row.path, zone))
        today = now.astimezone(zone).date()
        spot = Spot(row.path, level or 0, frozenset(row.suspended), today)
        found = stand(self._plugins, rules, spot)
        ids = frozenset(name for name, one in found.items() if one.active)
        allows = frozenset(f"{name}.{feature}" for name in ids for feature in found[name].resolution.allows)
        return Active(self._shared.setdefault(ids, ids), allows, row.epoch, midnight_after(now, zone))


def _read(kept: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row as JSON has it, with its days and times."""
    until, paused = kept["until"], kept["paused_at"]
    return {
        **kept,
        "until": date.fromisoformat(until) if until else None,
        "paused_at": datetime.fromisoformat(paused) if paused else None,
    }
