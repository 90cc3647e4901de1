"""What is withheld cannot be worked out from what is shown: looked for by brute force."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from wuji.rollup.withholding import Guard, Moved, rest_of

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


def guard_of(
    parents: Mapping[int, int], columns: Sequence[date], table: Mapping[Leaf, int], moved: Sequence[Moved] = ()
) -> Guard:
    people = {
        cell: number
        for cell, leaves in cells(parents, columns)
        if cell[0] > 0 and (number := sum(table[leaf] for leaf in leaves))
    }
    return Guard(ROOT, parents, people, moved=moved, least=LEAST)


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


def moves(columns: Sequence[date], table: Mapping[Leaf, int]) -> Iterator[tuple[Moved, set[Leaf]]]:
    """From 2 to 3, with what it is the sum of."""
    for place, months in [(("year", YEAR), columns), *((("month", column), [column]) for column in columns)]:
        group = {(rest_of(4), month) for month in months}
        yield Moved([2], [3], place, sum(table[leaf] for leaf in group)), group


@settings(deadline=None, max_examples=150)
@given(tables(DEEP, TWO, [2, 3, 4, 5, ROOT]))
def test_what_moved_cannot_be_had_from_both_trees(table):
    moved = dict(enumerate(moves(TWO, table)))
    shown: list[set[Leaf]] = []
    for parents, known in ((DEEP, ()), (DEEP | {4: 3}, [one for one, _ in moved.values()])):
        guard = guard_of(parents, TWO, table, known)
        shown += [leaves for cell, leaves in cells(parents, TWO) if not guard.withholds(*cell)]
    left = {key for key, (one, _) in moved.items() if 0 < one.people < LEAST}
    for step in steps(shown, table) if left else ():
        left -= {key for key in left if sum(step[leaf] for leaf in moved[key][1])}
        if not left:
            break
    assert not left


def test_a_small_group_that_moved_is_withheld_at_both_ends_and_with_what_was_withheld_before():
    def guard(number, people):
        counts = {(row, "year", YEAR): n for row, n in {ROOT: sum(number.values()), **number}.items()}
        return Guard(ROOT, FLAT, counts, moved=[Moved([2], [3], ("year", YEAR), people)])

    def withheld(one):
        return [row for row in (ROOT, *FLAT) if one.withholds(row, "year", YEAR)]

    assert withheld(guard({2: 20, 3: 40, 4: 15}, 3)) == [2, 3]
    assert withheld(guard({2: 20, 3: 40, 4: 15}, 0)) == []
    assert withheld(guard({2: 20, 3: 40, 4: 15}, 12)) == []
    assert withheld(guard({2: 2, 3: 40, 4: 15}, 3)) == [2, 3, 4]  # 2 had five, and 4 went with it
    assert withheld(guard({2: 20, 3: 45, 4: 15}, 40)) == [3, 4]  # 3 had five
    away = {ROOT: 122, 2: 50, 3: 40}  # 5 had two and became part of 2; 4 had been withheld beside it, and stays so
    counts = {(row, "year", YEAR): n for row, n in away.items()}
    merged = Moved([5, -5], [2, -2], ("year", YEAR), 2, 5, ROOT)
    crossed = Moved([2], [3], ("year", YEAR), 4)
    assert withheld(Guard(ROOT, FLAT, counts | {(4, "year", YEAR): 12}, moved=[merged, crossed])) == [2, 3, 4]
    gone = Moved([ROOT], [], ("year", YEAR), 3)
    left = Guard(ROOT, FLAT, {(ROOT, "year", YEAR): 30, (2, "year", YEAR): 30}, moved=[gone])
    assert withheld(left) == [ROOT, *FLAT]


def test_one_small_group_takes_the_smallest_other_with_it():
    def people(number):
        return {(row, "year", YEAR): n for row, n in {ROOT: sum(number.values()), **number}.items()}

    guard = Guard(ROOT, FLAT, people({2: 4, 3: 40, 4: 15}))
    assert [row for row in FLAT if guard.withholds(row, "year", YEAR)] == [2, 4]
    assert not guard.withholds(ROOT, "year", YEAR)
    guard = Guard(ROOT, FLAT, people({2: 4, 3: 40, 4: 6}))
    assert [row for row in FLAT if guard.withholds(row, "year", YEAR)] == [2, 4]
    guard = Guard(ROOT, FLAT, people({2: 10, 3: 40, 4: 0}))
    assert [row for row in FLAT if guard.withholds(row, "year", YEAR)] == []
    guard = Guard(ROOT, FLAT, people({2: 2, 3: 0, 4: 0}))
    assert [row for row in (ROOT, *FLAT) if guard.withholds(row, "year", YEAR)] == [ROOT, *FLAT]


def test_what_is_withheld_in_a_year_is_withheld_in_its_months_and_days():
    day, month = date(2026, 3, 5), date(2026, 3, 1)
    numbers = {ROOT: 60, 2: 4, 3: 40, 4: 16}
    places = (("year", YEAR), ("month", month), ("day", day))
    guard = Guard(ROOT, FLAT, {(row, *place): n for row, n in numbers.items() for place in places})
    for place in places:
        assert [row for row in (ROOT, *FLAT) if guard.withholds(row, *place)] == [2, 4]
    assert not guard.withholds(3, "day", date(2026, 3, 6))
    assert guard.withholds(4, "day", date(2026, 3, 6)) is False  # nobody anywhere on that day
