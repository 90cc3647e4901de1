"""What is withheld cannot be worked out from what is shown: looked for by brute force."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from wuji.rollup.withholding import Guard, Moved, Redrawn, rest_of

LEAST = 3
YEAR = date(2026, 1, 1)
ROOT = 1
Leaf = tuple[int, date]
Cell = tuple[int, str, date]


def months(number: int) -> list[date]:
    return [date(2026, month, 1) for month in range(1, number + 1)]


def parts(parents: Mapping[int, int], row: int) -> set[int]:
    """The leaves that a row is the sum of: rests of tenants."""
    if row < 0:
        return {row}
    below = [child for child, above in parents.items() if above == row]
    return {rest_of(row)}.union(*(parts(parents, child) for child in below))


def cells(parents: Mapping[int, int], columns: Sequence[date]) -> Iterator[tuple[Cell, set[Leaf]]]:
    """Every sum that there is, and what it is the sum of."""
    for row in {ROOT, *parents, *(rest_of(one) for one in (ROOT, *parents))}:
        leaves = parts(parents, row)
        yield (row, "year", YEAR), set(product(leaves, columns))
        for column in columns:
            yield (row, "month", column), {(leaf, column) for leaf in leaves}


def guard_of(parents: Mapping[int, int], columns: Sequence[date], table: Mapping[Leaf, int]) -> Guard:
    people = {
        cell: number
        for cell, leaves in cells(parents, columns)
        if cell[0] > 0 and (number := sum(table[leaf] for leaf in leaves))
    }
    return Guard(parents, people, least=LEAST)


def steps(shown: Sequence[set[Leaf]], table: Mapping[Leaf, int]) -> Iterator[dict[Leaf, int]]:
    """Every other table, each number at most one away, of which all that is shown would be the same."""
    leaves = sorted(table)
    closing: dict[Leaf, list[set[Leaf]]] = {leaf: [] for leaf in leaves}
    for sums in shown:
        closing[max(sums)].append(sums)
    step: dict[Leaf, int] = {}

    def walk(place: int) -> Iterator[dict[Leaf, int]]:
        if place == len(leaves):
            yield dict(step)
            return
        leaf = leaves[place]
        for change in (0, 1, -1):
            if table[leaf] + change < 0:
                continue
            step[leaf] = change
            if not any(sum(step[one] for one in sums) for sums in closing[leaf]):
                yield from walk(place + 1)
        del step[leaf]

    yield from walk(0)


def determined(parents: Mapping[int, int], columns: Sequence[date], table: Mapping[Leaf, int]) -> set[Cell]:
    """Withheld sums that could not be anything else."""
    guard = guard_of(parents, columns, table)
    every = dict(cells(parents, columns))
    withheld = {cell for cell in every if guard.withholds(*cell)}
    assert all(sum(table[leaf] for leaf in every[cell]) not in range(1, LEAST) for cell in every.keys() - withheld)
    shown = [leaves for cell, leaves in every.items() if cell not in withheld]
    left = set(withheld)
    for step in steps(shown, table) if left else ():
        left -= {cell for cell in left if sum(step[leaf] for leaf in every[cell])}
        if not left:
            break
    return left


def tables(parents: Mapping[int, int], columns: Sequence[date], rests: Sequence[int]) -> st.SearchStrategy:
    """Only those of `rests` have anything of their own."""
    own = {rest_of(row) for row in rests}
    leaves = sorted(product(parts(parents, ROOT), columns))
    drawn = st.one_of(st.integers(0, 4), st.integers(0, 12))
    return st.fixed_dictionaries({leaf: drawn if leaf[0] in own else st.just(0) for leaf in leaves})


FLAT = {2: ROOT, 3: ROOT, 4: ROOT}
DEEP = {2: ROOT, 3: ROOT, 4: 2, 5: 2}
TWO, THREE = months(2), months(3)


@settings(deadline=None, max_examples=150)
@given(tables(FLAT, THREE, [ROOT, 2, 3]))
def test_siblings_and_months(table):
    assert not determined(FLAT, THREE, table)


@settings(deadline=None, max_examples=150)
@given(tables(DEEP, TWO, [3, 4, 5, ROOT]))
def test_three_levels(table):
    assert not determined(DEEP, TWO, table)


@settings(deadline=None, max_examples=150)
@given(tables(DEEP, TWO, [2, 3, 4, 5, ROOT]), st.sampled_from([(3, [2], [3]), (ROOT, [2], [])]))
def test_both_trees_together_say_no_more_than_the_first(table, move):
    """4 goes from 2 to 3, or to the root."""
    above, lost, gained = move
    began = guard_of(DEEP, TWO, table)
    now = Redrawn(began, [Moved(YEAR, lost, gained, [4])])
    every = [
        (guard, cell, leaves)
        for guard, parents in ((began, DEEP), (now, DEEP | {4: above}))
        for cell, leaves in cells(parents, TWO)
    ]
    shown = [leaves for guard, cell, leaves in every if not guard.withholds(*cell)]
    small = [leaves for _, _, leaves in every if sum(table[leaf] for leaf in leaves) in range(1, LEAST)]
    assert not [leaves for leaves in small if leaves in shown]
    for step in steps(shown, table) if small else ():
        small = [leaves for leaves in small if not sum(step[leaf] for leaf in leaves)]
        if not small:
            break
    assert not small


def withheld(guard, rows=(ROOT, 2, 3, 4), period="year", starts_on=YEAR):
    return [row for row in rows if guard.withholds(row, period, starts_on)]


def test_a_sum_is_shown_that_can_be_had_from_those_shown_when_the_year_began():
    def guard(number):
        return Guard(FLAT | {5: 2}, {(row, "year", YEAR): n for row, n in {ROOT: 90, **number}.items()})

    moved = Moved(YEAR, [2], [3], [5])
    assert withheld(Redrawn(guard({2: 40, 3: 30, 4: 20, 5: 3}), [moved])) == [2, 3]
    assert withheld(Redrawn(guard({2: 40, 3: 30, 4: 20, 5: 15}), [moved])) == []
    assert withheld(Redrawn(guard({2: 40, 3: 30, 4: 20, 5: 35}), [moved])) == [2, 3]  # withheld beside five that stayed
    assert withheld(Redrawn(guard({2: 40, 3: 30, 4: 20}), [moved])) == []
    assert withheld(Redrawn(guard({2: 3, 3: 67, 4: 20}), [])) == [2, 4]
    assert withheld(Redrawn(guard({2: 40, 3: 30, 4: 20}), [Moved(YEAR, [2], [3], [-5], whole=False)])) == [2, 3]
    assert withheld(Redrawn(guard({2: 40, 3: 30, 4: 20, 5: 15}), [Moved(YEAR, [2], [3], [5, 4])])) == []
    assert withheld(Redrawn(guard({2: 40, 3: 30, 4: 20, 5: 3}), [Moved(YEAR, [ROOT, 2], [], [5])])) == [ROOT, 2]


def test_how_many_there_were_before_a_group_left_is_shown_where_its_every_day_is():
    day, month = date(2026, 3, 5), date(2026, 3, 1)
    later = date(2026, 3, 8)

    def guard(early, late):
        days = {(5, "day", day): early, (5, "day", later): late, (2, "day", day): 60, (2, "day", later): 60}
        numbers = {ROOT: 200, 2: 120, 3: 80, 5: early + late}
        whole = {(row, *place): n for row, n in numbers.items() for place in (("year", YEAR), ("month", month))}
        return Redrawn(Guard(FLAT | {5: 2}, whole | days), [], [Moved(YEAR, [2], [3], [5])], date(2026, 3, 6))

    for period, starts_on, expected in (("year", YEAR, [2, 3]), ("month", month, [2, 3]), ("day", day, [])):
        assert withheld(guard(12, 5), (2, 3, 4), period, starts_on) == expected
        assert withheld(guard(12, 15), (2, 3, 4), period, starts_on) == []


def test_one_small_group_takes_the_smallest_other_with_it():
    def people(number):
        return {(row, "year", YEAR): n for row, n in {ROOT: sum(number.values()), **number}.items()}

    guard = Guard(FLAT, people({2: 4, 3: 40, 4: 15}))
    assert [row for row in FLAT if guard.withholds(row, "year", YEAR)] == [2, 4]
    assert not guard.withholds(ROOT, "year", YEAR)
    guard = Guard(FLAT, people({2: 4, 3: 40, 4: 6}))
    assert [row for row in FLAT if guard.withholds(row, "year", YEAR)] == [2, 4]
    guard = Guard(FLAT, people({2: 10, 3: 40, 4: 0}))
    assert [row for row in FLAT if guard.withholds(row, "year", YEAR)] == []
    guard = Guard(FLAT, people({2: 2, 3: 0, 4: 0}))
    assert [row for row in (ROOT, *FLAT) if guard.withholds(row, "year", YEAR)] == [ROOT, *FLAT]


def test_what_is_withheld_in_a_year_is_withheld_in_its_months_and_days():
    day, month = date(2026, 3, 5), date(2026, 3, 1)
    numbers = {ROOT: 60, 2: 4, 3: 40, 4: 16}
    places = (("year", YEAR), ("month", month), ("day", day))
    guard = Guard(FLAT, {(row, *place): n for row, n in numbers.items() for place in places})
    for place in places:
        assert [row for row in (ROOT, *FLAT) if guard.withholds(row, *place)] == [2, 4]
    assert not guard.withholds(3, "day", date(2026, 3, 6))
    assert guard.withholds(4, "day", date(2026, 3, 6)) is False  # nobody anywhere on that day
