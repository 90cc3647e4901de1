"""Days, months and years as figures are counted by them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Period = Literal["day", "month", "year"]


def start(period: Period, day: date) -> date:
    """The first day of the period that the day lies in."""
    if period == "year":
        return day.replace(month=1, day=1)
    return day.replace(day=1) if period == "month" else day


def following(period: Period, starts_on: date) -> date:
    """When the next one starts."""
    if period == "day":
        return starts_on + timedelta(days=1)
    return start(period, starts_on + timedelta(days=31 if period == "month" else 366))


def preceding(period: Period, starts_on: date) -> date:
    """When the one before started."""
    return start(period, starts_on - timedelta(days=1))


def year_before(period: Period, starts_on: date) -> date:
    """The same a year earlier; what the 29th of February is compared with is the 28th."""
    try:
        return start(period, starts_on.replace(year=starts_on.year - 1))
    except ValueError:
        return starts_on.replace(year=starts_on.year - 1, day=28)


def between(period: Period, first: date, last: date) -> Iterator[date]:
    """The starts of all periods from one to the other, both included."""
    starts_on = start(period, first)
    while starts_on <= last:
        yield starts_on
        starts_on = following(period, starts_on)


@dataclass(frozen=True)
class Span:
    """From one period to another, both included, each by its first day."""

    period: Period
    first: date
    last: date

    @property
    def starts(self) -> list[date]:
        return list(between(self.period, self.first, self.last))
