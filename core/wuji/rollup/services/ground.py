"""What reading figures at a place needs to know: its path, its days, what has been counted there, and who is withheld."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, text

from wuji.kit.clock import Clock
from wuji.kit.db.session import ScopedSession
from wuji.plugin.figures import Figure
from wuji.rollup.periods import Period, Span, following, preceding, start
from wuji.rollup.withholding import Guard, Guards, Moved, Redrawn, rest_of
from wuji.tenancy.models import Tenant
from wuji.tenancy.settings import read_zone

COUNTED = text("select figure, swept_at from wuji.figures_counted(:figures)")
PEOPLE = text("select * from wuji.rollup_people(:figure, :first, :last, :days)")
MOVED = text("select * from wuji.rollup_moved(:figure, :day, :first, :last)")
BEGAN = text("select * from wuji.rollup_began(:figure, :began, :days, :around, :moved)")


@dataclass(frozen=True)
class Ground:
    """The acting tenant. `since`: the day it joined; before that nothing is known of it, unless something was counted."""

    tenant_id: int
    path: Sequence[int]
    since: date
    now: datetime
    today: date
    zone: ZoneInfo
    counted: Mapping[str, datetime | None]

    def is_known(self, figure: Figure, period: Period, starts_on: date, since: date | None = None) -> bool:
        """Whether no facts mean: nothing. Otherwise nobody knows."""
        if figure.gaps or figure.measure == "ratio" or not self.counted.get(figure.name):
            return False
        return starts_on <= self.today and following(period, starts_on) > (since or self.since)


def get_ground(session: ScopedSession, clock: Clock, figures: Sequence[Figure]) -> Ground:
    """Of whoever acts at a tenant."""
    here = session.execute(
        select(Tenant.id, Tenant.ancestors, Tenant.created_at).where(Tenant.id == session.actor.tenant_id)
    ).one()
    zone = read_zone(session)
    counted = {
        row.figure: row.swept_at for row in session.execute(COUNTED, {"figures": [figure.name for figure in figures]})
    }
    now = clock()
    since = here.created_at.astimezone(zone).date()
    return Ground(here.id, here.ancestors, since, now, now.astimezone(zone).date(), zone, counted)


def find_guards(
    session: ScopedSession,
    ground: Ground,
    figure: Figure,
    span: Span,
    *,
    below: Collection[int] = (),
    day: date | None = None,
) -> Guards | None:
    """What of a figure about people is withheld by the tree of a day, or of now; None: it is about nobody. `below`: who is
    shown right below the acting tenant, where nobody may have been counted.
    """
    if not figure.people:
        return None
    asked = {"figure": figure.name, "first": span.first, "last": span.last, "days": span.period == "day"}
    parents = dict(zip(ground.path[1:], ground.path, strict=False)) | dict.fromkeys(below, ground.tenant_id)
    guard = _make_guard(session.execute(PEOPLE, asked).all(), parents, ground.path)
    now = _list_moved(session, figure, span, None)
    then = _list_moved(session, figure, span, day) if day else now
    redrawn: dict[date, Redrawn] = {}
    for began in {one.began for one in (*now, *then)}:
        in_year = [[one for one in moved if one.began == began] for moved in (now, then)]
        wanted = {**asked, "began": began, "day": day or date.max}
        redrawn[began] = _redraw(session, wanted, *in_year, rows=(ground.tenant_id, *below))
    return Guards(guard, redrawn)


def _list_moved(session: ScopedSession, figure: Figure, span: Span, day: date | None) -> list[Moved]:
    """What is counted elsewhere on a day, or now, than when each year around a span began."""
    years = {"first": start("year", span.first), "last": preceding("day", following("year", start("year", span.last)))}
    return [Moved(*row) for row in session.execute(MOVED, {"figure": figure.name, "day": day, **years})]


def _redraw(
    session: ScopedSession,
    asked: Mapping[str, Any],
    now: Sequence[Moved],
    then: Sequence[Moved],
    *,
    rows: Sequence[int],
) -> Redrawn:
    """One year, of which `now` and `then` are what is counted elsewhere now, and on the day. `rows`: who is shown."""
    acting, shown = rows[0], {*rows, rest_of(rows[0])}
    crossing = [one for one in then if shown.intersection((*one.lost, *one.gained))]
    left = [*_besides(now, then, acting, "lost"), *_besides(then, now, acting, "gained")]
    around = {*rows, *(abs(part) for one in (*crossing, *left) for part in one.parts)}
    others = {abs(row) for one in now for row in (*one.lost, *one.gained)}
    wanted = {"around": list(around), "moved": list(others), "days": asked["days"] or bool(left)}
    found = session.execute(BEGAN, {**asked, **wanted}).all()
    return Redrawn(_make_guard(found, {}, around), crossing, left, asked["day"])


def _besides(moved: Sequence[Moved], others: Sequence[Moved], row: int, way: Literal["lost", "gained"]) -> list[Moved]:
    """What a row has lost or gained on one day, but not on another."""
    same = {one.parts[0] for one in others if row in getattr(one, way)}
    return [one for one in moved if row in getattr(one, way) and one.parts[0] not in same]


def _make_guard(rows: Sequence[Row[Any]], parents: Mapping[int, int], path: Collection[int]) -> Guard:
    """From how many people there are where; of those on the path everybody right below is there."""
    parents = {**parents, **{row.tenant_id: row.parent_id for row in rows if row.parent_id is not None}}
    counted = [row for row in rows if row.period is not None]
    people = {(row.tenant_id, row.period, row.starts_on): row.people for row in counted}
    return Guard(parents, people, _rests({*path, *parents.values()}, parents, counted))


def _rests(
    path: Collection[int], parents: Mapping[int, int], rows: Sequence[Row[Any]]
) -> Mapping[tuple[int, Period, date], int]:
    """Where something was counted at a tenant of the path itself. Persons do not tell: those may be counted further down too."""
    own: dict[tuple[int, Period, date], int] = {}
    for row in rows:
        places = {row.tenant_id: row.n} if row.tenant_id in path else {}
        places |= {parents[row.tenant_id]: -row.n} if row.tenant_id in parents else {}
        for tenant_id, facts in places.items():
            key = (tenant_id, row.period, row.starts_on)
            own[key] = own.get(key, 0) + facts
    return {key: 1 for key, facts in own.items() if facts > 0}
