"""Plugins side by side for one tenant and those right below it: a page of rows, each with every plugin's state."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from wuji.governance.resolution import Rule
from wuji.governance.services.ground import Ground, Place, get_ground, list_rules
from wuji.governance.standing import Standing, make_rule, stand
from wuji.kit.db.session import ScopedSession
from wuji.plugin.plugins import Plugins
from wuji.tenancy.models import Tenant, TenantCode

CHILD = aliased(Tenant)
CAP = 1000
Cells = Sequence[Mapping[str, Any]]


def read_grid(
    session: ScopedSession,
    plugins: Plugins,
    now: datetime,
    *,
    parent_id: int | None = None,
    cursor: str = "",
    limit: int = 50,
) -> Mapping[str, Any]:
    """The tenants right below `parent_id` by code, after `cursor`; the first page begins with the tenant itself."""
    ground = get_ground(session, now, parent_id)
    below = and_(Tenant.parent_id == ground.here.id, Tenant.state == "active")
    found = _children(session, below, cursor, limit + 1)
    page = found[:limit]
    rules = _rules_below(session, ground, [place.id for place, _ in page])
    own = [] if cursor else [_row(ground.here, None, list(ground.stand(plugins).values()), len(ground.path) - 1)]
    shown = [_child(plugins, ground, place, children, rules.get(place.id, {})) for place, children in page]
    total = session.execute(
        select(func.count()).select_from(select(Tenant.id).where(below).limit(CAP + 1).subquery())
    ).scalar_one()
    more = len(found) > limit
    return {
        "items": [*own, *shown],
        "next": page[-1][0].code if more else None,
        "total": {"value": min(total, CAP), "capped": total > CAP},
    }


def _children(
    session: ScopedSession, below: ColumnElement[bool], cursor: str, most: int
) -> Sequence[tuple[Place, int]]:
    counted = select(func.count()).where(CHILD.parent_id == Tenant.id, CHILD.state == "active").scalar_subquery()
    rows = session.execute(
        select(Tenant.id, TenantCode.code, Tenant.name, Tenant.level, counted)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(below, TenantCode.valid_to.is_(None), TenantCode.code > cursor)
        .order_by(TenantCode.code)
        .limit(most)
    )
    return [(Place(*row[:4]), row[4]) for row in rows]


def _rules_below(session: ScopedSession, ground: Ground, ids: Sequence[int]) -> Mapping[int, dict[str, list[Rule]]]:
    """Of those right below, by tenant and plugin."""
    found: dict[int, dict[str, list[Rule]]] = {}
    for row in list_rules(session, ids):
        rule = make_rule(row, (*ground.ids, row["tenant_id"]), ground.zone)
        found.setdefault(row["tenant_id"], {}).setdefault(row["plugin_id"], []).append(rule)
    return found


def _child(
    plugins: Plugins, ground: Ground, place: Place, children: int, own: Mapping[str, list[Rule]]
) -> Mapping[str, Any]:
    path = (*ground.ids, place.id)
    above = ground.rules
    rules = {name: [*above.get(name, ()), *own.get(name, ())] for name in {*above, *own}}
    standings = stand(plugins, rules, ground.spot(path, place.level))
    return _row(place, children, list(standings.values()), len(path) - 1)


def _row(place: Place, children: int | None, standings: Sequence[Standing], at: int) -> Mapping[str, Any]:
    cells = [
        {
            "plugin_id": one.plugin.id,
            "active": one.active,
            "cause": one.cause,
            "rule": one.resolution.in_force.word if one.resolution.in_force else "offer",
            "on": one.resolution.on,
            "inherited": one.resolution.in_force is None or one.resolution.in_force.at < at,
            "staged": bool(one.resolution.in_force and one.resolution.in_force.stages),
        }
        for one in standings
    ]
    tenant = {"id": place.id, **place.shown(), "children": children}
    return {"tenant": tenant, "self": children is None, "cells": cells}
