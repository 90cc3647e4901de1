"""What officials see in figures: tips published, how many of them have a picture, how often they are read and found helpful, and
how many people have chosen crops. Tips are counted as they are recorded; what nobody records, the clock asks for.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, text
from sqlalchemy.orm import InstrumentedAttribute

from wuji.api import Fact, Figure, ScopedSession
from wuji.api.models import among
from wuji_agri_tips.models import Tip, TipCount, TipDay, TipMedia

CHUNK = 500
NIL = UUID(int=0)
PICTURED = exists().where(TipMedia.tip_id == Tip.id, TipMedia.kind == "picture")
MARKS = text("select * from plugin_agri_tips.marks_told(:ids)")
CHOOSERS = text("select * from plugin_agri_tips.choosers_told(:ids)")
CHOOSING = text("select plugin_agri_tips.choosers_since(:since)")


def in_range(pos: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())


def read_tips(session: ScopedSession, ids: Sequence[str]) -> list[Fact]:
    """Published ones, on the day of their publication; one that was withdrawn no longer counts. `value` is its picture."""
    rows = session.execute(
        select(Tip.id, Tip.tenant_id, Tip.published_at, PICTURED.label("pictured")).where(
            among(Tip.id, keys(ids)), Tip.state == "published", in_range(Tip.pos)
        )
    )
    return [
        Fact(subject_id=str(row.id), tenant_id=row.tenant_id, at=row.published_at, value=int(row.pictured), part=1)
        for row in rows
    ]


def scan_tips(session: ScopedSession) -> Iterator[Sequence[str]]:
    last = NIL
    while found := session.scalars(
        select(Tip.id).where(in_range(Tip.pos), Tip.state == "published", Tip.id > last).order_by(Tip.id).limit(CHUNK)
    ).all():
        yield [str(one) for one in found]
        last = found[-1]


def read_reads(session: ScopedSession, ids: Sequence[str]) -> list[Fact]:
    """Of one tip at one place on one day: a subject each."""
    days = select(TipDay.id, TipDay.tenant_id, TipDay.read_on, TipDay.reads)
    rows = session.execute(days.where(among(TipDay.id, keys(ids)), in_range(TipDay.pos)))
    return [Fact(subject_id=str(row.id), tenant_id=row.tenant_id, on=row.read_on, value=row.reads) for row in rows]


def scan_reads(session: ScopedSession) -> Iterator[Sequence[str]]:
    last = NIL
    while found := session.scalars(
        select(TipDay.id).where(in_range(TipDay.pos), TipDay.id > last).order_by(TipDay.id).limit(CHUNK)
    ).all():
        yield [str(one) for one in found]
        last = found[-1]


def changed_reads(session: ScopedSession, since: datetime) -> list[str]:
    found = session.scalars(select(TipDay.id).where(in_range(TipDay.pos), TipDay.counted_at > since))
    return [str(one) for one in found]


def read_marks(session: ScopedSession, ids: Sequence[str]) -> list[Fact]:
    """Where and when a tip was marked; by whom is told to nobody."""
    rows = session.execute(MARKS, {"ids": keys(ids)})
    return [Fact(subject_id=str(row.tip_id), tenant_id=row.tenant_id, at=row.marked_at) for row in rows]


def scan_marks(session: ScopedSession) -> Iterator[Sequence[str]]:
    last = NIL
    while found := session.scalars(
        select(TipCount.tip_id)
        .where(in_range(TipCount.pos), TipCount.tip_id > last)
        .distinct()
        .order_by(TipCount.tip_id)
        .limit(CHUNK)
    ).all():
        yield [str(one) for one in found]
        last = found[-1]


def changed_marks(session: ScopedSession, since: datetime) -> list[str]:
    """Also where one was taken back: the number tells, the mark is gone."""
    changed = select(TipCount.tip_id).where(in_range(TipCount.pos), TipCount.counted_at > since).distinct()
    return [str(one) for one in session.scalars(changed)]


def read_choosers(session: ScopedSession, ids: Sequence[str]) -> list[Fact]:
    """Who has chosen any crop, wherever they hold a role, on the day of their last choice."""
    rows = session.execute(CHOOSERS, {"ids": keys(ids)})
    return [
        Fact(subject_id=str(row.account_id), tenant_id=row.tenant_id, at=row.chosen_at, person=str(row.account_id))
        for row in rows
    ]


def changed_choosers(session: ScopedSession, since: datetime) -> list[str]:
    return [str(one) for one in session.execute(CHOOSING, {"since": since}).scalars()]


def scan_choosers(session: ScopedSession) -> Iterator[Sequence[str]]:
    everybody = [str(one) for one in session.execute(CHOOSING, {"since": None}).scalars()]
    return (everybody[place : place + CHUNK] for place in range(0, len(everybody), CHUNK))


def keys(ids: Sequence[str]) -> list[UUID]:
    """Subjects of records are whatever was recorded; ours are UUIDs."""
    return [UUID(one) for one in ids]


TEXTS = "agri_tips.figure"
KIND = "agri_tips.tip"
FIGURES = (
    Figure(
        name="published",
        title=f"{TEXTS}.published.title",
        unit=f"{TEXTS}.published.unit",
        measure="count",
        better="up",
        kind=KIND,
        read=read_tips,
        scan=scan_tips,
    ),
    Figure(
        name="pictured",
        title=f"{TEXTS}.pictured.title",
        unit=f"{TEXTS}.pictured.unit",
        measure="ratio",
        share=True,
        target=Decimal("0.8"),
        better="up",
        kind=KIND,
        read=read_tips,
        scan=scan_tips,
    ),
    Figure(
        name="reads",
        title=f"{TEXTS}.reads.title",
        unit=f"{TEXTS}.reads.unit",
        measure="sum",
        better="up",
        read=read_reads,
        scan=scan_reads,
        changed=changed_reads,
    ),
    Figure(
        name="helpful",
        title=f"{TEXTS}.helpful.title",
        unit=f"{TEXTS}.helpful.unit",
        measure="count",
        better="up",
        read=read_marks,
        scan=scan_marks,
        changed=changed_marks,
    ),
    Figure(
        name="choosers",
        title=f"{TEXTS}.choosers.title",
        unit=f"{TEXTS}.choosers.unit",
        measure="distinct",
        people=True,
        better="up",
        read=read_choosers,
        scan=scan_choosers,
        changed=changed_choosers,
    ),
)
