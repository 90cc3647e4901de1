"""Figures by the tree of a day that is past: no later merge or move alters such a report. From facts, because sums follow the
tree; what was corrected since is right in it too.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, literal, select, text

from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, invalid
from wuji.plugin.figures import Figure
from wuji.rollup.periods import Span, following, preceding, start, year_before
from wuji.rollup.services.ground import Ground, list_moved, make_guard
from wuji.rollup.services.reading import Shown, Sum, Sums, View, check_cells, headed
from wuji.rollup.withholding import Guard, Moved
from wuji.tenancy.history import CODED, LOWER, NAMED, PLACE, counted

THEN = text("select * from wuji.rollup_then(:figure, :day, :first, :last, :all_around)")
Rows = Sequence[Row[Any]]


def stand_then(ground: Ground, figures: Sequence[Figure], day: date) -> Ground:
    """The ground of that day. What nobody has counted was nothing: a report of a day that is past does not wait for the clock."""
    if day > ground.today:
        raise invalid(Fault("?as_of", "rollup.invalid.future", {"last": ground.today}))
    counted_then = {figure.name: ground.counted.get(figure.name) or ground.now for figure in figures}
    return replace(ground, today=day, counted=counted_then)


def read_series_then(session: ScopedSession, ground: Ground, figure: Figure, span: Span, day: date) -> Shown:
    """One figure of the acting tenant, period by period."""
    view = _view(session, ground, figure, span, day)
    return {**headed(figure, span), "cells": view.cells(ground.tenant_id, span.starts)}


def read_children_then(
    session: ScopedSession, ground: Ground, figure: Figure, span: Span, day: date, *, together: bool = False
) -> Shown:
    """One figure of the acting tenant and of each that stood right below it."""
    children = _list_children(session, ground, day)
    check_cells(len(children), span)
    view = _view(session, ground, figure, span, day)
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
            view = _view(session, ground, figure, Span(span.period, starts_on, starts_on), day)
            cells[name] = {"starts_on": starts_on, **view.cell(ground.tenant_id, starts_on)}
        found.append({"figure": figure.name, **cells})
    return found


def _view(session: ScopedSession, ground: Ground, figure: Figure, span: Span, day: date) -> View:
    rows = _read(session, figure, span, day)
    path = [row.tenant_id for row in sorted(rows, key=lambda row: row.depth) if row.depth <= 0]
    then = replace(ground, path=list(dict.fromkeys(path)))
    guard = _guard(then, rows, list_moved(session, figure, span, day)) if figure.people and path else None
    return View(then, figure, span.period, guard, _sums(figure, ground, span, rows), until=day)


def _guard(ground: Ground, rows: Rows, moved: Sequence[Moved]) -> Guard:
    around = {row.tenant_id: row.parent_id for row in rows}
    return make_guard(ground, around, [row for row in rows if row.period is not None], moved)


def _read(session: ScopedSession, figure: Figure, span: Span, day: date) -> Rows:
    """With the whole years around where people are counted: what is withheld is decided in them."""
    first, last = span.first, following(span.period, span.last)
    if figure.people:
        first, last = start("year", first), following("year", start("year", span.last))
    asked = {"figure": figure.name, "day": day, "first": first, "last": preceding("day", last)}
    return session.execute(THEN, {**asked, "all_around": figure.people}).all()


def _sums(figure: Figure, ground: Ground, span: Span, rows: Rows) -> Sums:
    """Of the acting tenant and those right below it, what may be told."""
    return {
        (figure.name, row.tenant_id, row.starts_on): Sum(
            Decimal(row.persons) if figure.measure == "distinct" else row.sum, row.part, row.facts
        )
        for row in rows
        if row.period == span.period and row.facts and ground.tenant_id in {row.tenant_id, row.parent_id}
    }


def _list_children(session: ScopedSession, ground: Ground, day: date) -> list[dict[str, Any]]:
    """By the code of that day."""
    children = select(func.count()).where(LOWER.parent_id == PLACE.tenant_id, counted(LOWER, day)).scalar_subquery()
    since = select(func.min(LOWER.valid_from)).where(LOWER.tenant_id == PLACE.tenant_id).scalar_subquery()
    rows = session.execute(
        select(
            PLACE.tenant_id.label("id"),
            CODED.code,
            NAMED.name,
            PLACE.level,
            literal("active").label("state"),
            children.label("children"),
            since.label("since"),
        )
        .join(CODED, CODED.tenant_id == PLACE.tenant_id)
        .join(NAMED, NAMED.tenant_id == PLACE.tenant_id)
        .where(PLACE.parent_id == ground.tenant_id, counted(PLACE, day), counted(CODED, day), counted(NAMED, day))
        .order_by(CODED.code)
    )
    return [dict(row) for row in rows.mappings()]
