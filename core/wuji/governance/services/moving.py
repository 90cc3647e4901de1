"""What redrawing the tree would switch on and off: rules are heard on the way down, and the way changes."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import false, or_, select

from wuji.governance.models import PluginRule
from wuji.governance.services.changes import Governing, tell
from wuji.governance.services.effects import Effects
from wuji.governance.services.ground import list_suspended
from wuji.governance.standing import Rules, Spot, Standing, make_rule, stand
from wuji.kit.db.session import ScopedSession
from wuji.tenancy.models import Tenant
from wuji.tenancy.services.steps import Relocation
from wuji.tenancy.services.switching import Switched, Switching
from wuji.tenancy.settings import read_zone

Rows = Sequence[Mapping[str, Any]]


def switching(governing: Governing, now: Callable[[], datetime]) -> Switching:
    """What tenancy asks of governance when it redraws."""
    plugins = governing.dispatcher.plugins

    def foresee(session: ScopedSession, moves: Sequence[Relocation], rules: Rows | None = None) -> Switched:
        return foresee_moves(session, governing, now(), moves, rules)

    def carry(session: ScopedSession, switched: Switched) -> None:
        governing.sets.changing(session)
        tell(session, governing.dispatcher, Effects(dict(switched.on), dict(switched.off)))

    def name(plugin_id: str, locale: str) -> str:
        return plugins.by_id[plugin_id].manifest.name.say(locale)

    return Switching(foresee, carry, name)


def foresee_moves(
    session: ScopedSession,
    governing: Governing,
    now: datetime,
    moves: Sequence[Relocation],
    rules: Rows | None = None,
) -> Switched:
    """Of every active tenant that is moved, itself or with one above it. Without rules: from those in sight."""
    plugins, zone = governing.dispatcher.plugins, read_zone(session)
    moved = _moved(session, moves)
    paths = {tenant_id for move in moves for tenant_id in move.after} | {i for row in moved for i in row.ancestors}
    rows = _by_tenant(_rules(session, paths | {row.id for row in moved}) if rules is None else rules)
    suspended, today = list_suspended(session), now.astimezone(zone).date()

    def standing(path: Sequence[int], level: int) -> dict[str, Standing]:
        return stand(plugins, _heard(rows, path, zone), Spot(path, level, suspended, today))

    on: dict[str, list[tuple[int, int]]] = {}
    off: dict[str, list[tuple[int, int]]] = {}
    for row in moved:
        move = next(one for one in moves if one.tenant_id in row.ancestors)
        level = move.level if row.id == move.tenant_id else row.level
        after = (*move.after, *row.ancestors[row.ancestors.index(move.tenant_id) :])
        before = standing(row.ancestors, row.level)
        for name, one in standing(after, level).items():
            if one.active != before[name].active:
                (on if one.active else off).setdefault(name, []).append((row.id, level))
    return Switched(on, off)


def _moved(session: ScopedSession, moves: Sequence[Relocation]) -> Sequence[Any]:
    within = or_(false(), *(Tenant.pos.between(move.lo, move.hi) for move in moves))
    asked = select(Tenant.id, Tenant.ancestors, Tenant.level).where(within, Tenant.state == "active")
    return session.execute(asked.order_by(Tenant.id)).all()


def _rules(session: ScopedSession, tenant_ids: Iterable[int]) -> Rows:
    asked = select(PluginRule.__table__).where(PluginRule.tenant_id.in_(sorted(tenant_ids)))
    return [dict(row) for row in session.execute(asked).mappings()]


def _by_tenant(rows: Rows) -> Mapping[int, Rows]:
    """By the tenant that they stand at; whoever set them."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["tenant_id"], []).append(dict(row))
    return found


def _heard(rows: Mapping[int, Rows], path: Sequence[int], zone: Any) -> Rules:
    found = defaultdict(list)
    for row in (row for tenant_id in path for row in rows.get(tenant_id, ())):
        if row["by_tenant_id"] in path:
            found[row["plugin_id"]].append(make_rule(row, path, zone))
    return found
