"""How it is measured: everything compared runs in turns, in the same minutes, and the median counts."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

Act = Callable[[], object]


@dataclass(frozen=True)
class Figure:
    """One line of the report. `value` is held against `most`, in a short run against `loose`, which allows for noise."""

    what: str
    asked: str
    measured: str
    baseline: str
    value: float
    most: float
    loose: float

    def holds(self, *, short: bool) -> bool:
        return self.value <= (self.loose if short else self.most)


def fitting(seconds: float, *acts: Act) -> int:
    """How many rounds take about so many seconds; at least enough for a median."""
    began = perf_counter()
    for act in acts:
        act()
    return int(min(400, max(15, seconds / (perf_counter() - began))))


def times(rounds: int, *acts: Act) -> list[float]:
    """Median milliseconds of each act."""
    for act in acts:
        act()
    return _medians(rounds, acts, perf_counter, 1)


def cpu(rounds: int, batch: int, *acts: Act) -> list[float]:
    """Median CPU milliseconds of this process for one call of each act, taken over batches."""
    for act in acts:
        for _ in range(batch):
            act()
    return _medians(rounds, acts, process_time, batch)


def _medians(rounds: int, acts: Sequence[Act], clock: Callable[[], float], batch: int) -> list[float]:
    taken: list[list[float]] = [[] for _ in acts]
    order = list(range(len(acts)))
    for _ in range(rounds):
        random.shuffle(order)  # who comes first finds colder caches
        for n in order:
            act, began = acts[n], clock()
            for _ in range(batch):
                act()
            taken[n].append((clock() - began) / batch * 1000)
    return [median(of_one) for of_one in taken]
