"""Figures by the tree of a day that is past: no later merge or move alters such a report. From facts, because sums follow the
tree; what was corrected since is right in it too. A tenant that was founded later counts where it was founded.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, literal, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from wuji.kit.db.among import among
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, invalid
from wuji.plugin.figures import Figure
from wuji.rollup.periods import Span, following, preceding, year_before
from wuji.rollup.services.ground import Ground, find_guards
from wuji.rollup.services.reading import Shown, Sum, Sums, View, check_cells, headed
from wuji.tenancy.history import LOWER, counted
from wuji.tenancy.models import TenantCode, TenantName, TenantPlace

THEN = text("select * from wuji.rollup_then(:figure, :period, :day, :first, :last)")
Rows = Sequence[Row[Any]]


def stand_then(ground: Ground, figures: Sequence[Figure], day: date) -> Ground:
    """The ground of that day. What nobody has counted was nothing: a report of a day that is past does not wait for the clock."""
    if day > ground.today:
        raise invalid(Fault("?as_of", "rollup.invalid.future", {"last": ground.today}))
    counted_then = {figure.name: ground.counted.get(figure.name) or ground.now for figure in figures}
    return replace(ground, today=day, counted=counted_then)


def read_series_then(session: ScopedSession, ground: Ground, figure: Figure, span: Span, day: date) -> Shown:
    """One figure of the acting tenant, period by period."""
    view = _view(session, ground, figure, span, _read(session, figure, span, day), day=day)
    return {**headed(figure, span), "cells": view.cells(ground.tenant_id, span.starts)}


def read_children_then(
    session: ScopedSession, ground: Ground, figure: Figure, span: Span, day: date, *, together: bool = False
) -> Shown:
    """One figure of the acting tenant and of each that stood right below it."""
    rows = _read(session, figure, span, day)
    below = {row.tenant_id for row in rows if row.stood or row.facts} - {ground.tenant_id}
    check_cells(len(below), span)
    children = _list_children(session, day, below)
    view = _view(session, ground, figure, span, rows, day=day, below=below)
    view, starts = view.put_together(span) if together else (view, span.starts)
    items = [{"tenant": child, "cells": view.cells(child["id"], starts, child.pop("since"))} for child in children]
    return {
        **headed(figure, span),
        **({"starts": [span.first]} if together else {}),
        "cells": view.cells(ground.tenant_id, starts),
        "rest": None if figure.measure == "distinct" else [view.rest(one) for one in starts],
        "items": items,
    }


def read_values_then(
    session: ScopedSession, ground: Ground, figures: Sequence[Figure], span: Span, day: date
) -> list[Shown]:
    """Each figure of the acting tenant in one period, in the one before, and in the same a year earlier."""
    now = span.first
    wanted = {"now": now, "before": preceding(span.period, now), "year_ago": year_before(span.period, now)}
    found: list[Shown] = []
    for figure in figures:
        cells = {}
        for name, starts_on in wanted.items():
            one = Span(span.period, starts_on, starts_on)
            view = _view(session, ground, figure, one, _read(session, figure, one, day), day=day)
            cells[name] = {"starts_on": starts_on, **view.cell(ground.tenant_id, starts_on)}
        found.append({"figure": figure.name, **cells})
    return found


def _view(
    session: ScopedSession,
    ground: Ground,
    figure: Figure,
    span: Span,
    rows: Rows,
    *,
    day: date,
    below: Collection[int] = (),
) -> View:
    guards = find_guards(session, ground, figure, span, below=below, day=day)
    return View(ground, figure, span.period, guards, _sums(figure, rows), until=day)


def _read(session: ScopedSession, figure: Figure, span: Span, day: date) -> Rows:
    last = preceding("day", following(span.period, span.last))
    asked = {"figure": figure.name, "period": span.period, "day": day, "first": span.first, "last": last}
    return session.execute(THEN, asked).all()


def _sums(figure: Figure, rows: Rows) -> Sums:
    """Of the acting tenant and those right below it, what may be told."""
    return {
        (figure.name, row.tenant_id, row.starts_on): Sum(
            Decimal(row.persons) if figure.measure == "distinct" else row.sum, row.part, row.facts
        )
        for row in rows
        if row.facts
    }


def _list_children(session: ScopedSession, day: date, below: Collection[int]) -> list[dict[str, Any]]:
    """By the code of that day, or the nearest to it."""
    place, named, coded = (_nearest(history, day, below) for history in (TenantPlace, TenantName, TenantCode))
    children = select(func.count()).where(LOWER.parent_id == place.tenant_id, counted(LOWER, day)).scalar_subquery()
    since = select(func.min(LOWER.valid_from)).where(LOWER.tenant_id == place.tenant_id).scalar_subquery()
    rows = session.execute(
        select(
            place.tenant_id.label("id"),
            coded.code,
            named.name,
            place.level,
            literal("active").label("state"),
            children.label("children"),
            since.label("since"),
        )
        .join(coded, coded.tenant_id == place.tenant_id)
        .join(named, named.tenant_id == place.tenant_id)
        .order_by(coded.code)
    )
    return [dict(row) for row in rows.mappings()]


def _nearest(history: Any, day: date, below: Collection[int]) -> Any:
    """What counted on a day; where nothing did, what came next or had been last."""
    nearest = (func.coalesce(counted(history, day), False).desc(), func.abs(history.valid_from - day))
    rows = select(history).where(among(history.tenant_id, below)).ext(distinct_on(history.tenant_id))
    return aliased(history, rows.order_by(history.tenant_id, *nearest).subquery())
