"""Figures over HTTP: of the acting tenant and of those right below it. Whoever looks further down acts further down."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import request

from wuji.governance.active import ActiveSets
from wuji.kit.http.lists import serve_list
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Feature
from wuji.kit.problem import Fault, invalid
from wuji.kit.setting import read_setting
from wuji.plugin.figures import Figure
from wuji.plugin.plugins import Plugins
from wuji.rollup.lists import SUMS
from wuji.rollup.periods import Span, following, start
from wuji.rollup.permissions import READ
from wuji.rollup.registry import Figures, plugin_of
from wuji.rollup.schemas import (
    ChildrenQuery,
    FigureChildrenOut,
    FigureSeriesOut,
    FiguresPage,
    FigureValuesOut,
    SpanQuery,
    ValuesQuery,
)
from wuji.rollup.services.former import read_children_then, read_series_then, read_values_then, stand_then
from wuji.rollup.services.ground import get_ground
from wuji.rollup.services.reading import Shown, make_span, read_children, read_series, read_values
from wuji.rollup.settings import CARDS, MOST, pick_figures

feature = Feature("rollup")
ALL = "/tenants/<tenant_code>/figures"
ONE = f"{ALL}/<figure_id>"

serve_list(
    feature, "/tenants/<tenant_code>/figure-sums", SUMS, "list_sums", "Sums of the tenant and those right below it."
)


@feature.route("GET", ALL, permission=READ, answer=FiguresPage)
def show_figures(call: Call) -> Mapping[str, Any]:
    """Everything that is counted where the caller acts."""
    figures = active_figures(call)
    counted = get_ground(call.session, call.deployment.clock, figures).counted
    locale = read_locale(request)
    plugins = call.deployment.part(Plugins).by_id
    chosen = read_setting(call.session, call.deployment.settings[CARDS])
    cards = pick_figures(chosen, tuple(figure.name for figure in figures), MOST)

    def shown(figure: Figure) -> Mapping[str, Any]:
        plugin = plugins[plugin_of(figure.name)]
        same = ("name", "measure", "better", "decimals", "share", "people")
        return {
            **{name: getattr(figure, name) for name in same},
            "plugin": plugin.id,
            "plugin_name": plugin.manifest.name.say(locale),
            "title": call.deployment.texts.say(locale, figure.title),
            "unit": call.deployment.texts.say(locale, figure.unit),
            "target": None if figure.target is None else float(figure.target),
            "counted_at": counted.get(figure.name),
            "card": cards.index(figure.name) + 1 if figure.name in cards else None,
        }

    items = [shown(figure) for figure in figures]
    return {"items": items, "next": None, "total": {"value": len(items), "capped": False}}


@feature.route(
    "GET", "/tenants/<tenant_code>/figure-values", permission=READ, query=ValuesQuery, answer=FigureValuesOut
)
def show_figure_values(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every figure of the tenant in one period, with the one before and the same a year earlier."""
    figures, period = active_figures(call), asked["period"]
    ground = get_ground(call.session, call.deployment.clock, figures)
    day = asked.get("as_of")
    if day:
        ground = stand_then(ground, figures, day)
    on = asked.get("on", ground.today)
    starts_on = start(period, on)
    if day:
        items = read_values_then(call.session, ground, figures, Span(period, starts_on, starts_on), day)
    else:
        items = read_values(call.session, ground, figures, period, on)
    complete = following(period, starts_on) <= ground.today
    return {"period": period, "starts_on": starts_on, "complete": complete, "items": items}


@feature.route("GET", f"{ONE}/series", permission=READ, query=SpanQuery, answer=FigureSeriesOut)
def show_figure_series(call: Call, asked: Mapping[str, Any], figure_id: str) -> Mapping[str, Any]:
    """One figure of the tenant, at most 400 periods."""
    return _read_span(call, asked, figure_id, read_series, read_series_then)


@feature.route("GET", f"{ONE}/children", permission=READ, query=ChildrenQuery, answer=FigureChildrenOut)
def show_figure_children(call: Call, asked: Mapping[str, Any], figure_id: str) -> Mapping[str, Any]:
    """One figure of the tenant and of each right below it, side by side."""
    if not asked["together"]:
        return _read_span(call, asked, figure_id, read_children, read_children_then)
    figure = figure_of(call, figure_id)
    if figure.people or figure.measure == "distinct":
        raise invalid(Fault("?together", "rollup.invalid.together"))
    now, then = partial(read_children, together=True), partial(read_children_then, together=True)
    return _read_span(call, asked, figure_id, now, then)


def _read_span(
    call: Call, asked: Mapping[str, Any], figure_id: str, now: Callable[..., Shown], then: Callable[..., Shown]
) -> Shown:
    figure = figure_of(call, figure_id)
    span = make_span(asked["period"], asked["first"], asked["last"])
    ground = get_ground(call.session, call.deployment.clock, [figure])
    if day := asked.get("as_of"):
        return then(call.session, stand_then(ground, [figure], day), figure, span, day)
    return now(call.session, ground, figure, span)


def active_figures(call: Call) -> list[Figure]:
    return call.deployment.part(Figures).list_active(call.session, call.deployment.part(ActiveSets).active)


def figure_of(call: Call, name: str) -> Figure:
    return call.deployment.part(Figures).get(call.session, call.deployment.part(ActiveSets).active, name)
