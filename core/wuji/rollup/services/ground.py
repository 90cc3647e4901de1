"""What reading figures at a place needs to know: its path, its days, what has been counted there, and who is withheld."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, text

from wuji.kit.clock import Clock
from wuji.kit.db.session import ScopedSession
from wuji.plugin.figures import Figure
from wuji.rollup.periods import Period, Span, following
from wuji.rollup.withholding import Guard
from wuji.tenancy.models import Tenant
from wuji.tenancy.settings import read_zone

COUNTED = text("select figure, swept_at from wuji.figures_counted(:figures)")
PEOPLE = text("select * from wuji.rollup_people(:figure, :first, :last, :days)")


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


def find_guard(session: ScopedSession, ground: Ground, figure: Figure, span: Span) -> Guard | None:
    """What of a figure about people is withheld; None: it is about nobody."""
    if not figure.people:
        return None
    asked = {"figure": figure.name, "first": span.first, "last": span.last, "days": span.period == "day"}
    rows = session.execute(PEOPLE, asked).all()
    return make_guard(ground, {row.tenant_id: row.parent_id for row in rows}, rows)


def make_guard(ground: Ground, around: Mapping[int, int], rows: Sequence[Row[Any]]) -> Guard:
    """From how many people there are where; `around` are tenants with their parents."""
    root_id = ground.path[0]
    parents = dict(zip(ground.path[1:], ground.path, strict=False))
    parents |= {tenant_id: parent_id for tenant_id, parent_id in around.items() if tenant_id != root_id}
    people = {(row.tenant_id, row.period, row.starts_on): row.people for row in rows}
    return Guard(root_id, parents, people, _rests(ground, parents, rows))


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
