"""What reading figures at a place needs to know: its path, its days, what has been counted there, and who is withheld."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, text

from wuji.kit.clock import Clock
from wuji.kit.db.session import ScopedSession
from wuji.plugin.figures import Figure
from wuji.rollup.periods import Period, Span, following, preceding, start
from wuji.rollup.withholding import Guard, Moved
from wuji.tenancy.models import Tenant
from wuji.tenancy.settings import read_zone

COUNTED = text("select figure, swept_at from wuji.figures_counted(:figures)")
PEOPLE = text("select * from wuji.rollup_people(:figure, :first, :last, :days)")
MOVED = text("select * from wuji.rollup_moved(:figure, :day, :first, :last, :days)")


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


def find_guard(
    session: ScopedSession, ground: Ground, figure: Figure, span: Span, below: Iterable[int] = ()
) -> Guard | None:
    """What of a figure about people is withheld; None: it is about nobody. `below`: who is shown right below the acting
    tenant, where nobody may have been counted.
    """
    if not figure.people:
        return None
    asked = {"figure": figure.name, "first": span.first, "last": span.last, "days": span.period == "day"}
    rows = session.execute(PEOPLE, asked).all()
    around = dict.fromkeys(below, ground.tenant_id) | {row.tenant_id: row.parent_id for row in rows}
    return make_guard(ground, around, rows, list_moved(session, figure, span))


def list_moved(session: ScopedSession, figure: Figure, span: Span, day: date | None = None) -> list[Moved]:
    """What came to be counted elsewhere since each period began, up to a day or to now: in the whole years around a span."""
    asked = {"figure": figure.name, "day": day, "days": span.period == "day"}
    years = {"first": start("year", span.first), "last": preceding("day", following("year", start("year", span.last)))}
    rows = session.execute(MOVED, asked | years)
    return [
        Moved(row.lost, row.gained, (row.period, row.starts_on), row.people, row.top_id, row.stood_below)
        for row in rows
    ]


def make_guard(ground: Ground, around: Mapping[int, int], rows: Sequence[Row[Any]], moved: Sequence[Moved]) -> Guard:
    """From how many people there are where; `around` are tenants with their parents."""
    root_id = ground.path[0]
    parents = dict(zip(ground.path[1:], ground.path, strict=False))
    parents |= {tenant_id: parent_id for tenant_id, parent_id in around.items() if tenant_id != root_id}
    people = {(row.tenant_id, row.period, row.starts_on): row.people for row in rows}
    return Guard(root_id, parents, people, _rests(ground, parents, rows), moved)


def _rests(
    ground: Ground, parents: Mapping[int, int], rows: Sequence[Row[Any]]
) -> Mapping[tuple[int, Period, date], int]:
    """Where something was counted at a tenant of the path itself. Persons do not tell: those may be counted further down too."""
    own: dict[tuple[int, Period, date], int] = {}
    for row in rows:
        places = {row.tenant_id: row.n} if row.tenant_id in ground.path else {}
        places |= {parents[row.tenant_id]: -row.n} if row.tenant_id in parents else {}
        for tenant_id, facts in places.items():
            key = (tenant_id, row.period, row.starts_on)
            own[key] = own.get(key, 0) + facts
    return {key: 1 for key, facts in own.items() if facts > 0}
