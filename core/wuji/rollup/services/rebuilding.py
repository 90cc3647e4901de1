"""Figures as a whole: counted from the rows of their plugins, put together from what was counted, and compared with both."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import text

from wuji.kit.clock import Clock
from wuji.kit.db.doors import Door
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.plugin.figures import Figure
from wuji.rollup.services.counting import CHUNK, chunks, count, find_differing, hold, note_swept

SHOWN = 100
AT = text("select wuji.figure_subjects_at(:figure, :tenant_id)")
SUBJECTS = text("select wuji.figure_subjects(:figure, :after, :most)")
REBUILD = text("select wuji.rollup_rebuild(:figure)")
SETTLE = text("select wuji.facts_settle(:figure, :tenant_id)")
FOLLOW = text("select wuji.rollup_follow(:figure, :tenants)")
# A tree has as many sums as it has: what limits a request's statements is for requests.
FREE = text("set local statement_timeout = 0")
SUMS = text("select * from wuji.rollup_differing(:figure, :most)")
# How long a transaction may have lasted that changed something before we looked and was committed after.
LATE = timedelta(minutes=15)
Advance = Callable[[int], object]


class Sum(NamedTuple):
    """A sum that is not what facts come to; `said` is None where there is none, `counted` where there should be none."""

    tenant_id: int
    period: str
    starts_on: date
    said: Decimal | None
    counted: Decimal | None


@dataclass
class Comparison:
    """One figure below one tenant: how many subjects there are, those counted wrongly, and sums that are wrong."""

    figure: str
    subjects: int = 0
    wrong: list[str] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether these are all sums that are wrong."""
        return len(self.sums) < SHOWN


def recount(deployment: Deployment, door: Door, figure: Figure, advance: Advance) -> int:
    """Counts every subject below the door's tenant anew, a transaction for each chunk, then puts all sums together anew.
    Returns how many facts differed. Others count meanwhile.
    """
    began = deployment.clock()
    differed = 0
    for ids in _all(deployment, door, figure):
        with deployment.work(door) as session:
            hold(session, figure)
            differed += count(session, figure, ids)
        advance(len(ids))
    with deployment.work(door) as session:
        session.execute(FREE)
        hold(session, figure)
        session.execute(REBUILD, {"figure": figure.name})
        if session.actor.tenant_id == session.actor.root_id:
            note_swept(session, figure, began)
    return differed


def count_all(session: ScopedSession, figure: Figure) -> int:
    """Counts every subject of a figure that is held, in this one transaction; returns how many facts differed."""
    known: set[str] = set()
    differed = 0
    for ids in figure.scan(session):
        known.update(ids)
        differed += count(session, figure, ids)
    return differed + sum(count(session, figure, ids) for ids in _left_over(session, figure, known))


def sweep_figure(session: ScopedSession, figure: Figure, clock: Clock) -> None:
    """Counts what nothing records and has changed since the last time, at the acting root; everything where there was none,
    and where a clock was ahead: nobody knows then what changed meanwhile.
    """
    since, began = hold(session, figure), clock()
    if since is None or since > began:
        count_all(session, figure)
    elif figure.changed is not None:
        count(session, figure, figure.changed(session, since - LATE))
    note_swept(session, figure, began)


def verify(deployment: Deployment, door: Door, figure: Figure, advance: Advance) -> Comparison:
    """Compares everything below the door's tenant; what differs is looked at again while nobody counts, and after what the
    clock would have counted next: what is only late is not wrong. Changes nothing.
    """
    found = Comparison(figure.name)
    suspect: list[str] = []
    for ids in _all(deployment, door, figure):
        with deployment.work(door, read_only=True) as session:
            suspect += find_differing(session, figure, ids)
        found.subjects += len(ids)
        advance(len(ids))
    with deployment.work(door) as session:
        session.execute(FREE)
        hold(session, figure)
        if suspect and figure.changed is not None:
            sweep_figure(session, figure, deployment.clock)
        found.wrong = find_differing(session, figure, suspect)
        found.sums = [Sum(*row) for row in session.execute(SUMS, {"figure": figure.name, "most": SHOWN})]
        session.rollback()
    return found


def follow_tree(session: ScopedSession, figures: Sequence[Figure], tenant_ids: Sequence[int]) -> None:
    """After tenants were moved, merged, split: sums above them are put together anew."""
    session.execute(FREE)
    for figure in sorted(figures, key=lambda one: one.name):
        hold(session, figure)
        session.execute(FOLLOW, {"figure": figure.name, "tenants": list(tenant_ids)})


def recount_merged(session: ScopedSession, figures: Sequence[Figure], tenant_id: int) -> None:
    """After a tenant's rows became another's, or became its own again: what was counted there is counted anew now, and
    everything by the clock, for what had not been counted yet.
    """
    session.execute(FREE)
    for figure in sorted(figures, key=lambda one: one.name):
        hold(session, figure)
        asked = {"figure": figure.name, "tenant_id": tenant_id}
        count(session, figure, list(session.execute(AT, asked).scalars()))
        session.execute(SETTLE, asked)
        note_swept(session, figure, None)


def _all(deployment: Deployment, door: Door, figure: Figure) -> Iterator[Sequence[str]]:
    """Subjects as the plugin knows them, then those that only the counting knows."""
    known: set[str] = set()
    with deployment.work(door, read_only=True) as session:
        for ids in figure.scan(session):
            known.update(ids)
            yield from chunks(ids)
    with deployment.work(door, read_only=True) as session:
        yield from _left_over(session, figure, known)


def _left_over(session: ScopedSession, figure: Figure, known: Collection[str]) -> Iterator[Sequence[str]]:
    after = ""
    while True:
        asked = {"figure": figure.name, "after": after, "most": CHUNK}
        counted = list(session.execute(SUBJECTS, asked).scalars())
        if rest := [subject for subject in counted if subject not in known]:
            yield rest
        if len(counted) < CHUNK:
            return
        after = counted[-1]
