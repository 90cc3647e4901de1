"""How many people a station will have in the next three hours, by a method that can be said in two sentences.

What the same weekday and time had in the last eight weeks, each week counting 0.7 of the one after it, times how today runs:
people of the last two hours against what was usual then, drawn towards 1 where few were seen and fading with each quarter
hour. The band holds four out of five of the errors that the same method made in the last 28 days (split conformal: Vovk et
al. 2005; Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.4 and 8.1). It has to be better than
copying last week, and how much better is measured, not promised.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt

QUARTERS = 96  # of a day
AHEAD = 12  # quarter hours: three hours
BACK = 8  # quarter hours that say how today runs
WEEKS = 8
FADES = 0.7  # what a week counts of the one after it
LASTS = 0.92  # what is left of today's pace a quarter hour later
FEW = 8.0  # people of two hours that are believed without having been seen
PACES = (0.25, 4.0)
TRIED = 28  # days
STEP = 8  # quarter hours between two tries
SURE = 0.8
LEAST = 40  # tries of one distance, below which no band is given

# People present, by day and quarter hour, while a station is open; what is missing is not known.
Course = Mapping[date, Mapping[int, float]]


@dataclass(frozen=True)
class Expected:
    """One quarter hour to come; the band is empty while too little has been tried."""

    quarter: int
    present: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Errors:
    """How far off the method was on average, how far copying last week was, and how wide the band must be by distance."""

    mean: float
    copied: float
    tries: int
    spread: tuple[float, ...]

    @property
    def better(self) -> int:
        """Percent by which it is better than copying; below zero where it is worse."""
        return round(100 * (1 - self.mean / self.copied)) if self.copied else 0


class Usual:
    """What a weekday and time usually has, remembered because a try asks for the same again and again."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self._found: dict[tuple[date, int], float | None] = {}

    def __call__(self, day: date, quarter: int) -> float | None:
        key = day, quarter
        if key not in self._found:
            self._found[key] = self._mean(day, quarter)
        return self._found[key]

    def _mean(self, day: date, quarter: int) -> float | None:
        total = weight = 0.0
        for week in range(1, WEEKS + 1):
            seen = self.course.get(day - timedelta(weeks=week), {}).get(quarter)
            if seen is not None:
                total += seen * FADES**week
                weight += FADES**week
        return total / weight if weight else None

    def pace(self, day: date, quarter: int) -> float:
        """How today runs up to and with this quarter hour."""
        seen = usual = FEW
        for back in range(BACK):
            was, wont = self.course.get(day, {}).get(quarter - back), self(day, quarter - back)
            if was is not None and wont is not None:
                seen, usual = seen + was, usual + wont
        return min(max(seen / usual, PACES[0]), PACES[1])

    def ahead(self, day: date, quarter: int) -> Iterator[tuple[int, float | None]]:
        """After this quarter hour: the next twelve, within the day."""
        pace = self.pace(day, quarter)
        for step in range(1, AHEAD + 1):
            if quarter + step < QUARTERS:
                usual = self(day, quarter + step)
                yield quarter + step, None if usual is None else usual * (1 + (pace - 1) * LASTS**step)


def forecast(course: Course, day: date, quarter: int, spread: Sequence[float] = ()) -> list[Expected]:
    """The twelve quarter hours after this one, as far as the day goes."""
    found = []
    for step, (at, present) in enumerate(Usual(course).ahead(day, quarter)):
        if present is None or step >= len(spread):
            found.append(Expected(at, present))
        else:
            width = spread[step] * sqrt(present + 1)
            found.append(Expected(at, present, max(0.0, present - width), present + width))
    return found


def measure(course: Course, until: date) -> Errors | None:
    """Tries the method on the 28 days before `until` as if each of its hours were now. None: nothing could be tried."""
    usual = Usual(course)
    off: list[list[float]] = [[] for _ in range(AHEAD)]
    own, copied = [], []
    for day in (until - timedelta(days=back) for back in range(1, TRIED + 1)):
        for step, was, expected, before in _tries(usual, day):
            own.append(abs(expected - was))
            copied.append(abs(before - was))
            off[step].append(abs(expected - was) / sqrt(expected + 1))
    if not own:
        return None
    enough = all(len(one) >= LEAST for one in off)
    spread = tuple(_quantile(one) for one in off) if enough else ()
    return Errors(sum(own) / len(own), sum(copied) / len(copied), len(own), spread)


def _tries(usual: Usual, day: date) -> Iterator[tuple[int, float, float, float]]:
    """(distance, people, expected, people a week before) where all of them are known."""
    here, before = usual.course.get(day, {}), usual.course.get(day - timedelta(weeks=1), {})
    for quarter in range(0, QUARTERS, STEP):
        if quarter not in here:
            continue
        for step, (at, expected) in enumerate(usual.ahead(day, quarter)):
            if expected is not None and at in here and at in before:
                yield step, here[at], expected, before[at]


def _quantile(errors: Iterable[float]) -> float:
    """The least width that holds four out of five of them, with the one that is to come counted in."""
    ordered = sorted(errors)
    return ordered[min(ceil(SURE * (len(ordered) + 1)), len(ordered)) - 1]


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` of them do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0
