"""The screen over HTTP: its frame. Figures, cards and maps it asks where everybody does."""

from collections.abc import Mapping
from typing import Any

from flask import request
from sqlalchemy import func, select

from wuji.governance.active import ActiveSets
from wuji.kit.db.session import ScopedSession
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer, Feature
from wuji.kit.setting import read_setting
from wuji.plugin.plugins import Plugins
from wuji.rollup.permissions import READ
from wuji.rollup.registry import Figures
from wuji.rollup.settings import pick_figures
from wuji.screen.happenings import CORE, list_happenings
from wuji.screen.schemas import ScreenOut
from wuji.screen.settings import FIGURES, MOST
from wuji.tenancy.models import Tenant
from wuji.tenancy.services.directory import get_tenant
from wuji.tenancy.settings import read_zone

feature = Feature("screen")


@feature.route("GET", "/tenants/<tenant_code>/screen", permission=READ, answer=ScreenOut)
def show_screen(call: Call) -> Answer:
    """What the screen of a tenant shows beside figures."""
    session, now, zone = call.session, call.deployment.clock(), read_zone(call.session)
    here = get_tenant(session, call.actor.tenant_code or "")
    return Answer(
        {
            "tenant": {name: here[name] for name in ("code", "name", "level")},
            "below": _count_below(session),
            "zone": zone.key,
            "today": now.astimezone(zone).date(),
            "figures": _chosen(call),
            "happenings": _happened(call),
        },
        tagged=True,
    )


def _count_below(session: ScopedSession) -> list[Mapping[str, Any]]:
    rows = session.execute(
        select(Tenant.level, func.count().label("tenants"))
        .where(Tenant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()), Tenant.state == "active")
        .where(Tenant.id != session.actor.tenant_id)
        .group_by(Tenant.level)
        .order_by(Tenant.level)
    )
    return [dict(row) for row in rows.mappings()]


def _chosen(call: Call) -> list[str]:
    active = call.deployment.part(Figures).list_active(call.session, call.deployment.part(ActiveSets).active)
    chosen = read_setting(call.session, call.deployment.settings[FIGURES])
    return pick_figures(chosen, tuple(figure.name for figure in active), MOST)


def _happened(call: Call) -> list[Mapping[str, Any]]:
    active = call.deployment.part(ActiveSets).find(call.session).ids
    plugins = [plugin for plugin in call.deployment.part(Plugins) if plugin.id in active]
    verbs = [*CORE, *(verb for plugin in plugins for verb in plugin.happenings)]
    locale = read_locale(request)
    return [
        {
            "id": one["id"],
            "at": one["at"],
            "text": call.deployment.texts.say(locale, one["verb"].replace(".", ".verb.", 1)),
            "tenant": {name: one[name] for name in ("code", "name", "level")},
        }
        for one in list_happenings(call.session, verbs, call.deployment.clock())
    ]
