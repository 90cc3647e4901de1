"""Counting subjects anew: what they come to now takes the place of what they came to last."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Date, Integer, Numeric, Text, bindparam, text
from sqlalchemy.types import TypeEngine

from wuji.kit.db.session import ScopedSession
from wuji.plugin.figures import Fact, Figure
from wuji.tenancy.settings import read_zone

CHUNK = 500
ARRAYS: Mapping[str, TypeEngine[Any]] = {
    "subjects": Text(),
    "ids": Text(),
    "tenants": Integer(),
    "days": Date(),
    "persons": Text(),
    "sums": Numeric(),
    "parts": Numeric(),
}
TYPED = [bindparam(name, type_=ARRAY(kind)) for name, kind in ARRAYS.items()]
GIVEN = ", ".join(f":{name}" for name in ("figure", *ARRAYS))
HOLD = text("select wuji.figure_hold(:figure, :measure, :people)")
PUT = text(f"select wuji.figure_put({GIVEN})").bindparams(*TYPED)
DIFFERING = text(f"select wuji.figure_differing({GIVEN})").bindparams(*TYPED)
SWEPT = text("select wuji.figure_swept(:figure, :until)")


class UnfitFactError(ValueError):
    """A figure gave a fact that cannot be counted."""


def hold(session: ScopedSession, figure: Figure) -> datetime | None:
    """Makes others who count it at this root wait until the transaction ends. Returns up to when everything has been counted;
    None: never as a whole.
    """
    asked = {"figure": figure.name, "measure": figure.measure, "people": figure.people}
    held: datetime | None = session.execute(HOLD, asked).scalar_one()
    return held


def count(session: ScopedSession, figure: Figure, subjects: Collection[str]) -> int:
    """Reads and counts these subjects of a figure that is held; returns how many facts differed from what was counted last."""
    differed = 0
    zone = read_zone(session)
    for chunk in chunks(subjects):
        facts = figure.read(session, chunk)
        differed += session.execute(PUT, arrays(figure, chunk, facts, zone)).scalar_one()
    return differed


def find_differing(session: ScopedSession, figure: Figure, subjects: Collection[str]) -> list[str]:
    """Those that come to something else now than they were counted with."""
    found: list[str] = []
    zone = read_zone(session)
    for chunk in chunks(subjects):
        facts = figure.read(session, chunk)
        found += session.execute(DIFFERING, arrays(figure, chunk, facts, zone)).scalars()
    return sorted(found)


def note_swept(session: ScopedSession, figure: Figure, until: datetime | None) -> None:
    """Everything that had changed up to then has been counted; None: nothing is known to be, and all will be."""
    session.execute(SWEPT, {"figure": figure.name, "until": until})


def chunks(ids: Collection[str]) -> Iterator[Sequence[str]]:
    """Each id once."""
    ordered = sorted(set(ids))
    return (ordered[place : place + CHUNK] for place in range(0, len(ordered), CHUNK))


def arrays(figure: Figure, subjects: Sequence[str], facts: Sequence[Fact], zone: ZoneInfo) -> dict[str, Any]:
    """Facts column by column. Raises UnfitFactError."""
    by_person = figure.people or figure.measure == "distinct"
    for fact in facts:
        _check(figure, fact)
    return {
        "figure": figure.name,
        "subjects": list(subjects),
        "ids": [fact.subject_id for fact in facts],
        "tenants": [fact.tenant_id for fact in facts],
        "days": [_day(fact, zone) for fact in facts],
        "persons": [fact.person if by_person else "" for fact in facts],
        "sums": [1 if figure.measure in {"count", "distinct"} else fact.value for fact in facts],
        "parts": [fact.part if figure.measure == "ratio" else 0 for fact in facts],
    }


def _check(figure: Figure, fact: Fact) -> None:
    if not fact.person and (figure.people or figure.measure == "distinct"):
        raise UnfitFactError(f"{figure.name} {fact.subject_id}: it is about people, and the fact says not about whom")
    numbers: tuple[object, ...] = (fact.value, fact.part)
    for number in numbers:
        if not (isinstance(number, int) or (isinstance(number, Decimal) and number.is_finite())):
            raise UnfitFactError(f"{figure.name} {fact.subject_id}: {number!r} is no exact number")
    if figure.measure == "ratio" and fact.part < 0:
        raise UnfitFactError(f"{figure.name} {fact.subject_id}: a part is never negative")


def _day(fact: Fact, zone: ZoneInfo) -> date:
    if fact.on is not None:
        return fact.on
    if fact.at is None or fact.at.tzinfo is None:
        raise UnfitFactError(f"{fact.subject_id}: a time without its offset")
    return fact.at.astimezone(zone).date()
