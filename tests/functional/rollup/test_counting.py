"""What subjects come to is what stands at every level, by day, month and year: whatever came late, twice, or not at all."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from wuji.rollup.services.counting import UnfitFactError


def agrees(counting):
    for name in counting.names():
        assert counting.sums(name) == counting.expected(name), name


def test_up_to_the_root_by_day_month_and_year(counting):
    counting.fact("a", "village", "2026-03-05", "3")
    counting.fact("b", "sibling", "2026-03-31", "4")
    counting.fact("c", "city", "2026-04-01", "5")
    assert counting.count() == 3 * len(counting.names())
    assert counting.sums("hours") == {
        ("village", "day", "2026-03-05"): (3, 0, 1, 0),
        **{(place, "day", "2026-03-05"): (3, 0, 1, 0) for place in ("street", "district", "city")},
        ("sibling", "day", "2026-03-31"): (4, 0, 1, 0),
        **{(place, "day", "2026-03-31"): (4, 0, 1, 0) for place in ("street", "district", "city")},
        ("village", "month", "2026-03-01"): (3, 0, 1, 0),
        ("sibling", "month", "2026-03-01"): (4, 0, 1, 0),
        **{(place, "month", "2026-03-01"): (7, 0, 2, 0) for place in ("street", "district", "city")},
        ("city", "day", "2026-04-01"): (5, 0, 1, 0),
        ("city", "month", "2026-04-01"): (5, 0, 1, 0),
        ("village", "year", "2026-01-01"): (3, 0, 1, 0),
        ("sibling", "year", "2026-01-01"): (4, 0, 1, 0),
        **{(place, "year", "2026-01-01"): (7, 0, 2, 0) for place in ("street", "district")},
        ("city", "year", "2026-01-01"): (12, 0, 3, 0),
    }
    agrees(counting)


def test_again_changes_nothing(counting):
    counting.fact("a", "village", "2026-03-05")
    counting.fact("a", "village", "2026-03-05")
    assert counting.count() > 0
    assert counting.count() == 0
    agrees(counting)


def test_open_pages_learn_of_every_change_above_it_and_of_no_number(counting):
    def stamps():
        keys = [str(counting.world.tenant[name]) for name in ("city", "village", "sibling")]
        found = dict(counting.world.run("select key, body ->> 'stamp' from wuji.live_of_figures(%s)", keys))
        return [found[key] for key in keys]

    counting.fact("a", "village", "2026-03-05")
    counting.fact("b", "sibling", "2026-03-05")
    counting.count()
    before = stamps()
    counting.count()
    assert stamps() == before
    # The year has as many as before: a day has not.
    counting.facts["a"].clear()
    counting.fact("a", "village", "2026-03-06")
    counting.count("a")
    after = stamps()
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False, True]


def test_corrected_moved_to_another_day_and_place_and_taken_away(counting):
    counting.fact("a", "village", "2026-03-05", "3")
    counting.fact("b", "village", "2026-03-05", "10")
    counting.count()
    counting.facts["a"].clear()
    counting.fact("a", "niece", "2025-12-31", "8")
    counting.count("a")
    agrees(counting)
    counting.facts["a"].clear()
    counting.count("a")
    agrees(counting)
    del counting.facts["b"]
    counting.count()
    assert all(counting.sums(name) == {} for name in counting.names())


def test_somebody_who_comes_twice_is_one_person_at_every_level(counting):
    for subject, (place, person) in enumerate(
        [("village", "li"), ("village", "li"), ("sibling", "li"), ("sibling", "wu"), ("street", "he")]
    ):
        counting.fact(str(subject), place, f"2026-03-0{subject + 1}", person=person)
    counting.count()
    found = counting.sums("guests")
    assert [found[place, "month", "2026-03-01"][0] for place in ("village", "sibling", "street", "city")] == [
        1,
        2,
        3,
        3,
    ]
    del counting.facts["0"]
    counting.count()
    assert counting.sums("guests")["village", "month", "2026-03-01"][0] == 1
    del counting.facts["1"]
    counting.count()
    agrees(counting)


def test_many_changes_in_any_order(counting):
    dice = random.Random(7)  # noqa: S311 - the same each time
    places = [name for name in counting.world.tenant if "city" in counting.world.path(name)]
    subjects = [str(number) for number in range(12)]
    for _ in range(8):
        for subject in dice.sample(subjects, 5):
            counting.facts[subject] = []
            for _ in range(dice.randrange(4)):
                day = f"202{dice.randrange(4, 6)}-0{dice.randrange(1, 4)}-1{dice.randrange(3)}"
                number = str(dice.randrange(-3, 9))
                counting.fact(
                    subject, dice.choice(places), day, number, part=str(dice.randrange(5)), person=dice.choice("abcd")
                )
        counting.count(*dice.sample(subjects, 6))
    counting.count()
    agrees(counting)


def test_what_lies_outside_the_tree_is_not_counted(counting):
    counting.fact("a", "foreign", "2026-03-05")
    counting.fact("a", "village", "2026-03-05")
    counting.count(at="city")
    assert ("foreign", "day", "2026-03-05") not in counting.sums("visits")
    assert counting.sums("visits")["village", "day", "2026-03-05"][0] == 1
    counting.count(at="other")
    assert counting.sums("visits")["other", "day", "2026-03-05"][0] == 1
    assert counting.sums("visits")["village", "day", "2026-03-05"][0] == 1


def test_two_who_count_the_same_at_once(counting):
    for number in range(20):
        counting.fact(str(number), "village", "2026-03-05", person=str(number))
    counting.told |= counting.facts.keys()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: counting.count(names=("visits", "helped")), range(4)))
    for name in ("visits", "helped"):
        assert counting.sums(name) == counting.expected(name)


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("helped", {"person": ""}),
        ("guests", {"person": ""}),
        ("hours", {"value": "NaN"}),
        ("hours", {"value": "Infinity"}),
        ("fed", {"part": "-1"}),
    ],
)
def test_facts_that_cannot_be_counted(counting, name, fact):
    counting.fact("a", "village", "2026-03-05", **fact)
    with pytest.raises(UnfitFactError):
        counting.count(names=(name,))
    assert counting.sums(name) == {}


FUNCTIONS = (
    "select wuji.figure_hold('x', 'sum', false)",
    "select wuji.figure_put('x', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
    "select wuji.figure_differing('x', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
    "select wuji.figure_subjects('x', '', 10)",
    "select wuji.figure_subjects_at('x', 1)",
    "select wuji.figure_swept('x', now())",
    "select wuji.rollup_rebuild('x')",
    "select wuji.rollup_follow('x', '{1}')",
    "select * from wuji.rollup_differing('x', 10)",
)


@pytest.mark.parametrize("statement", FUNCTIONS)
@pytest.mark.parametrize(
    ("who", "at"),
    [("official@city", "city"), ("clerk", "village"), ("operator", None), ("anonymous", "city"), (None, None)],
)
def test_nobody_but_the_program_counts(counting, statement, who, at):
    with counting.world.enter(who, at) as sql:
        assert sql.refused(statement) == "42501"


def test_how_many_people_there_are_is_told_to_the_program_alone_that_reads(counting):
    asked = "select * from wuji.rollup_people('x', '2026-01-01', '2026-01-01', true)"
    for who, at in (("resident", "village"), ("anonymous", "city"), (None, None)):
        with counting.world.enter(who, at) as sql:
            assert sql.refused(asked) == "42501"
    with counting.world.enter("official@city", "city") as sql:
        assert sql.refused(asked) is None
