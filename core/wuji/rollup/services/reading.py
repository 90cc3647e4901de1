"""Figures of a tenant: side by side with earlier ones and with those right below it. From sums alone, never from what was
counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from wuji.kit.db.among import among
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, invalid
from wuji.plugin.figures import Figure
from wuji.rollup.models import Rollup
from wuji.rollup.periods import Period, Span, between, preceding, start, year_before
from wuji.rollup.services.ground import Ground, find_guards
from wuji.rollup.withholding import Guards, rest_of
from wuji.tenancy.models import Tenant, TenantCode

POINTS, CELLS = 400, 20_000
Shown = Mapping[str, Any]


class Sum(NamedTuple):
    """Both parts of a sum, and of how many facts."""

    sum: Decimal
    part: Decimal
    n: int

    def less(self, others: Iterable["Sum"]) -> "Sum":
        return Sum(*(mine - sum(theirs) for mine, *theirs in zip(self, *others, strict=True)))

    def more(self, other: "Sum") -> "Sum":
        return Sum(self.sum + other.sum, self.part + other.part, self.n + other.n)


NONE = Sum(Decimal(0), Decimal(0), 0)
Sums = Mapping[tuple[str, int, date], Sum]


def make_span(period: Period, first: date, last: date) -> Span:
    """Raises 422 where it ends before it begins, or has more points than anybody can look at."""
    if last < first:
        raise invalid(Fault("?last", "rollup.invalid.order"))
    days = {"day": 1, "month": 28, "year": 365}[period]
    if (last - first).days > POINTS * (days + 3) or len(list(between(period, first, last))) > POINTS:
        raise invalid(Fault("?last", "rollup.invalid.points", {"most": POINTS}))
    return Span(period, start(period, first), start(period, last))


def read_values(
    session: ScopedSession, ground: Ground, figures: Sequence[Figure], period: Period, on: date
) -> list[Shown]:
    """Each figure of the acting tenant in the period of a day, in the one before, and in the same a year earlier."""
    now = start(period, on)
    wanted = {"now": now, "before": preceding(period, now), "year_ago": year_before(period, now)}
    names = [figure.name for figure in figures]
    sums = _read(session, names, [ground.tenant_id], period, list(wanted.values()))
    found: list[Shown] = []
    for figure in figures:
        cells = {}
        for name, starts_on in wanted.items():
            guard = find_guards(session, ground, figure, Span(period, starts_on, starts_on))
            view = View(ground, figure, period, guard, sums)
            cells[name] = {"starts_on": starts_on, **view.cell(ground.tenant_id, starts_on)}
        found.append({"figure": figure.name, **cells})
    return found


def read_series(session: ScopedSession, ground: Ground, figure: Figure, span: Span) -> Shown:
    """One figure of the acting tenant, period by period."""
    sums = _read(session, [figure.name], [ground.tenant_id], span.period, span.starts)
    guard = find_guards(session, ground, figure, span)
    view = View(ground, figure, span.period, guard, sums)
    return {**headed(figure, span), "cells": view.cells(ground.tenant_id, span.starts)}


def read_children(
    session: ScopedSession, ground: Ground, figure: Figure, span: Span, *, together: bool = False
) -> Shown:
    """One figure of the acting tenant and of each right below it; `rest` is what belongs to none of those."""
    children = _list_children(session, ground)
    check_cells(len(children), span)
    ids = [ground.tenant_id, *(child["id"] for child in children)]
    sums = _read(session, [figure.name], ids, span.period, span.starts)
    guard = find_guards(session, ground, figure, span, below=ids[1:])
    view = View(ground, figure, span.period, guard, sums)
    view, starts = view.put_together(span) if together else (view, span.starts)
    counted = {tenant_id for _, tenant_id, _ in sums}
    items = [
        {"tenant": child, "cells": view.cells(child["id"], starts, child.pop("since"))}
        for child in map(dict, children)
        if child["state"] == "active" or child["id"] in counted
    ]
    return {
        **headed(figure, span),
        **({"starts": [span.first]} if together else {}),
        "cells": view.cells(ground.tenant_id, starts),
        "rest": None if figure.measure == "distinct" else [view.rest(one) for one in starts],
        "items": items,
    }


def check_cells(children: int, span: Span) -> None:
    """Raises 422 where there are more than anybody can look at."""
    if (children + 2) * len(span.starts) > CELLS:
        raise invalid(Fault("?last", "rollup.invalid.cells", {"most": CELLS // (children + 2)}))


@dataclass(frozen=True)
class View:
    """Sums of one figure as they may be shown. `until`: periods that begin after that day are not told."""

    ground: Ground
    figure: Figure
    period: Period
    guard: Guards | None
    sums: Sums
    until: date = date.max

    def cells(self, tenant_id: int, starts: Sequence[date], since: date | None = None) -> list[Shown]:
        return [self.cell(tenant_id, starts_on, since) for starts_on in starts]

    def cell(self, tenant_id: int, starts_on: date, since: date | None = None) -> Shown:
        """`value` is null where it is withheld, and where nobody knows."""
        known = self.ground.is_known(self.figure, self.period, starts_on, since)
        return self._shown(self.sums.get((self.figure.name, tenant_id, starts_on)), tenant_id, starts_on, known=known)

    def put_together(self, span: Span) -> tuple["View", list[date]]:
        """With one number of the whole span, which stands at the last of its periods that has begun: what is known of any of
        them is known of that one.
        """
        at = max(span.first, min(span.last, start(span.period, self.ground.today)))
        sums: dict[tuple[str, int, date], Sum] = {}
        for (figure, tenant_id, _), one in self.sums.items():
            sums[figure, tenant_id, at] = sums.get((figure, tenant_id, at), NONE).more(one)
        return replace(self, sums=sums), [at]

    def rest(self, starts_on: date) -> Shown:
        """What was counted at the acting tenant itself."""
        whole = self.sums.get((self.figure.name, self.ground.tenant_id, starts_on), NONE)
        below = [
            one
            for (_, tenant_id, at), one in self.sums.items()
            if at == starts_on and tenant_id != self.ground.tenant_id
        ]
        known = self.ground.is_known(self.figure, self.period, starts_on)
        rest = whole.less(below)
        return self._shown(rest if rest.n else None, rest_of(self.ground.tenant_id), starts_on, known=known)

    def _shown(self, found: Sum | None, row: int, starts_on: date, *, known: bool) -> Shown:
        if self.guard and starts_on <= self.until and self.guard.withholds(row, self.period, starts_on):
            return {"value": None, "withheld": True, "n": None}
        if found is None:
            return {"value": 0 if known else None, "withheld": False, "n": 0}
        return {"value": say_number(self.figure, found), "withheld": False, "n": found.n}


def say_number(figure: Figure, found: Sum) -> float | None:
    """As exactly as the figure says; a ratio of nothing is not a number."""
    number, decimals = found.sum, figure.decimals
    if figure.measure == "ratio":
        if not found.part:
            return None
        number, decimals = number / found.part, decimals + 2 * figure.share
    rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return float(rounded) if decimals else int(rounded)


def headed(figure: Figure, span: Span) -> Shown:
    return {"figure": figure.name, "period": span.period, "starts": span.starts}


def _read(
    session: ScopedSession, figures: Sequence[str], tenant_ids: Sequence[int], period: Period, starts: Sequence[date]
) -> Sums:
    """Sums by figure, tenant and start."""
    wanted = select(Rollup.figure, Rollup.tenant_id, Rollup.starts_on, Rollup.sum, Rollup.part, Rollup.n).where(
        among(Rollup.tenant_id, tenant_ids),
        among(Rollup.figure, figures),
        Rollup.period == period,
        among(Rollup.starts_on, starts) if len(starts) < 4 else Rollup.starts_on.between(starts[0], starts[-1]),  # noqa: PLR2004 - single days or a span
        Rollup.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()),
    )
    return {(row[0], row[1], row[2]): Sum(row[3], row[4], row[5]) for row in session.execute(wanted)}


def _list_children(session: ScopedSession, ground: Ground) -> list[dict[str, Any]]:
    """Right below, by code, of whatever state: what is closed, or is part of another now, has been counted."""
    child, former = aliased(Tenant), aliased(TenantCode)
    children = select(func.count()).where(child.parent_id == Tenant.id, child.state == "active").scalar_subquery()
    last = select(former.code).where(former.tenant_id == Tenant.id).order_by(former.valid_from.desc()).limit(1)
    code = func.coalesce(TenantCode.code, last.scalar_subquery()).label("code")
    rows = session.execute(
        select(
            Tenant.id,
            code,
            Tenant.name,
            Tenant.level,
            Tenant.state,
            children.label("children"),
            Tenant.created_at.label("since"),
        )
        .outerjoin(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .where(Tenant.parent_id == ground.tenant_id)
        .order_by(code)
    )
    return [{**row, "since": row["since"].astimezone(ground.zone).date()} for row in rows.mappings()]
