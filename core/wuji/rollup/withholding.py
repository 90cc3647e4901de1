"""Which sums about people are withheld: groups of fewer than ten, and whatever would give those away by subtraction.

A sum is taken apart in two ways: by tenants (one is the sum of those right below it and of its own rest) and by periods (a
year is the sum of its months, a month that of its days). A *block* is everything right below one tenant in one column of
time: the year itself, the months of a year, or the days of a month. Within a block a tenant's whole row is withheld or
none of it. Withheld is

- every row with a small group in it, and every row that is withheld in the block this one is a finer part of (a year for its
  months, their year for the days);
- then further rows, those with the fewest people first, until at least two are withheld and what they come to together is
  nowhere a small group: that much everybody can work out, and no more;
- every row, where the tenant above is withheld itself.

So any small group that is withheld could be greater by one: another row of the block has somebody there in the same
period, with whom it can be exchanged against some other period, and no sum that is shown would change. A figure that counts
each person once is treated as if nobody were counted at two places: that shows less, never more.

Sums by one tree can be laid beside those by another. So in a year in which the tree has changed, that of its first day decides
what is withheld in every later one: a sum is shown where it was shown then, and so was everything that has come to it or gone
from it since. Whoever lays trees side by side can work out nothing that the first one does not say.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from wuji.kit.crowd import LEAST
from wuji.rollup.periods import Period, between, following, preceding, start

COARSER: Mapping[Period, Period] = {"day": "month", "month": "year"}
Block = tuple[Period, date]  # of days: the month; of months: their year; of years: the year itself
Place = tuple[Period, date]
NOTHING: frozenset[int] = frozenset()


def rest_of(tenant_id: int) -> int:
    """The row of what is a tenant's own and none of those below it."""
    return -tenant_id


def block_of(period: Period, starts_on: date) -> Block:
    return period, start(COARSER.get(period, "year"), starts_on)


@dataclass(frozen=True)
class Moved:
    """A group that is counted elsewhere since a year began: rows that have lost it, and rows that have gained it. `parts`: rows
    of when the year began that it can be had from, if it is `whole`; the first one is its own.
    """

    began: date
    lost: Collection[int]
    gained: Collection[int]
    parts: Sequence[int]
    whole: bool = True


@dataclass(frozen=True)
class Guard:
    """One figure on paths from roots down. `parents`: the tenants on the paths and right below them, and above each its parent,
    but a root has none; `people`: how many by tenant, period and start, where there are any; `rests`: at least so many in a
    tenant's rest.
    """

    parents: Mapping[int, int]
    people: Mapping[tuple[int, Period, date], int]
    rests: Mapping[tuple[int, Period, date], int] = field(default_factory=dict)
    least: int = LEAST
    _hidden: dict[tuple[int, Block], frozenset[int]] = field(default_factory=dict)
    _covered: dict[tuple[int, Block], bool] = field(default_factory=dict)

    def withholds(self, row: int, period: Period, starts_on: date) -> bool:
        """Whether the sum of a tenant, or of its rest, is withheld. What can only be nothing is shown."""
        block = block_of(period, starts_on)
        if not self.is_covered(row, block):
            return False
        return bool(self._count(row, (period, starts_on))) or not self._is_known(row, period, starts_on)

    def _is_known(self, row: int, period: Period, starts_on: date) -> bool:
        """That nobody is there, because nobody is in something shown that it is a part of."""
        coarser = COARSER.get(period)
        if coarser:
            whole = start(coarser, starts_on)
            if not self._count(row, (coarser, whole)) and not self.withholds(row, coarser, whole):
                return True
        if self._is_root(row):
            return False
        above = self._above(row)
        if self.withholds(above, period, starts_on):
            return False
        hidden = self.find_hidden(above, block_of(period, starts_on))
        return not any(self._count(one, (period, starts_on)) for one in hidden)

    def is_covered(self, row: int, block: Block) -> bool:
        """Whether the row is withheld in a block."""
        key = (row, block)
        if key not in self._covered:
            self._covered[key] = (
                self._is_root_covered(row, block)
                if self._is_root(row)
                else row in self.find_hidden(self._above(row), block)
            )
        return self._covered[key]

    def _is_root(self, row: int) -> bool:
        return row >= 0 and row not in self.parents

    def _is_root_covered(self, row: int, block: Block) -> bool:
        coarser = _coarser(block)
        return self._is_telling(row, block) or (coarser is not None and self.is_covered(row, coarser))

    def is_open(self, row: int, year: date) -> bool:
        """Whether nothing of a row is withheld, down to the days of the year."""
        months = between("month", year, preceding("month", following("year", year)))
        blocks: list[Block] = [("year", year), ("month", year), *(("day", month) for month in months)]
        return not any(self.is_covered(row, block) for block in blocks)

    def find_hidden(self, tenant_id: int, block: Block) -> frozenset[int]:
        key = (tenant_id, block)
        if key not in self._hidden:
            self._hidden[key] = self._choose(tenant_id, block)
        return self._hidden[key]

    def _choose(self, tenant_id: int, block: Block) -> frozenset[int]:
        rows = (*self._below.get(tenant_id, ()), rest_of(tenant_id))
        if self.is_covered(tenant_id, block):
            return frozenset(rows)
        coarser, columns = _coarser(block), self._columns(block)
        chosen = {row for row in rows if self._is_telling(row, block)}
        chosen |= self.find_hidden(tenant_id, coarser) if coarser else NOTHING
        if not chosen:
            return NOTHING
        totals = {row: sum(self._count(row, place) for place in columns) for row in rows}
        others = sorted((row for row in rows if row not in chosen and totals[row]), key=lambda row: (totals[row], row))
        while others and not self._is_enough(chosen, totals, columns):
            chosen.add(others.pop(0))
        return frozenset(chosen)

    def _is_enough(self, chosen: Collection[int], totals: Mapping[int, int], columns: Collection[Place]) -> bool:
        together = (sum(self._count(row, place) for row in chosen) for place in columns)
        return sum(totals[row] > 0 for row in chosen) > 1 and not any(map(self._is_small, together))

    def _is_telling(self, row: int, block: Block) -> bool:
        return any(self._is_small(self._count(row, place)) for place in self._columns(block))

    def _is_small(self, people: int) -> bool:
        return 0 < people < self.least

    def _above(self, row: int) -> int:
        return -row if row < 0 else self.parents[row]

    def _count(self, row: int, place: Place) -> int:
        if row >= 0:
            return self.people.get((row, *place), 0)
        below = sum(self.people.get((child, *place), 0) for child in self._below.get(-row, ()))
        return max(self.rests.get((-row, *place), 0), self.people.get((-row, *place), 0) - below)

    def _columns(self, block: Block) -> Collection[Place]:
        return self._places.get(block, ())

    @cached_property
    def _below(self) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = {}
        for tenant_id, above in sorted(self.parents.items()):
            found.setdefault(above, []).append(tenant_id)
        return found

    @cached_property
    def _places(self) -> Mapping[Block, list[Place]]:
        """Where there is anybody at all, by block."""
        found: dict[Block, list[Place]] = {}
        for place in sorted({(period, starts_on) for _, period, starts_on in self.people}):
            found.setdefault(block_of(*place), []).append(place)
        return found


@dataclass(frozen=True)
class Redrawn:
    """One figure in a year, by a later tree than that of `began`, which may be that of a `day` that is past. What has `left` the
    reader's range since is in its sums only up to when it left.
    """

    began: Guard
    moved: Collection[Moved]
    left: Collection[Moved] = ()
    day: date = date.max

    def withholds(self, row: int, period: Period, starts_on: date) -> bool:
        return (
            self.began.withholds(row, period, starts_on)
            or any(not self._is_shown(one, period, starts_on) for one in self._crossing.get(row, ()))
            or (
                preceding("day", following(period, starts_on)) > self.day
                and self._is_cut(row, start("year", starts_on))
            )
        )

    def _is_shown(self, one: Moved, period: Period, starts_on: date) -> bool:
        return one.whole and not any(self.began.withholds(part, period, starts_on) for part in one.parts)

    def _is_cut(self, row: int, year: date) -> bool:
        """Whether something has left of which not every day is shown: how many there were up to that day would say more."""
        left = [one for one in self.left if row in {*one.lost, *one.gained, one.parts[0]}]
        return not all(one.whole and self.began.is_open(part, year) for one in left for part in one.parts)

    @cached_property
    def _crossing(self) -> Mapping[int, list[Moved]]:
        found: dict[int, list[Moved]] = {}
        for one in self.moved:
            for row in (*one.lost, *one.gained):
                found.setdefault(row, []).append(one)
        return found


@dataclass(frozen=True)
class Guards:
    """One figure in any year: `redrawn` are those in which the tree has changed."""

    guard: Guard
    redrawn: Mapping[date, Redrawn]

    def withholds(self, row: int, period: Period, starts_on: date) -> bool:
        return self.redrawn.get(start("year", starts_on), self.guard).withholds(row, period, starts_on)


def _coarser(block: Block) -> Block | None:
    period, whole = block
    coarser = COARSER.get(period)
    return block_of(coarser, whole) if coarser else None
