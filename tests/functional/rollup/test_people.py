"""Groups of fewer than ten people are withheld, wherever somebody looks from, and so is what would give them away."""

import pytest

SPAN = {"period": "month", "first": "2026-01-01", "last": "2026-02-28"}
YEAR = {"period": "year", "first": "2026-01-01", "last": "2026-01-01"}


@pytest.fixture
def crowd(counting):
    """`crowd(village=12, sibling=4)` people in February, each at one place."""

    def make(**numbers):
        for place, number in numbers.items():
            for n in range(number):
                counting.fact(f"{place}{n}", place, "2026-02-03", "5", person=f"{place}{n}")
        counting.count()
        counting.sweep()
        return counting

    return make


def february(cells):
    return cells[-1]["value"], cells[-1]["withheld"]


def below(counting, name="helped", at="street", **span):
    answer = counting.sound("official@city", f"figures/~{name}/children", at, **(span or SPAN))
    found = {item["tenant"]["name"]: february(item["cells"]) for item in answer["items"]}
    return found | {at: february(answer["cells"])} | ({"rest": february(answer["rest"])} if answer["rest"] else {})


HIDDEN = (None, True)


@pytest.mark.parametrize("span", [SPAN, YEAR], ids=["month", "year"])
def test_a_small_group_takes_another_with_it(crowd, span):
    counting = crowd(village=30, sibling=4, street=11)
    assert below(counting, "given", **span) == {
        "village": (150, False),
        "sibling": HIDDEN,
        "street": (225, False),
        "rest": HIDDEN,
    }


def test_enough_people_everywhere(crowd):
    counting = crowd(village=10, sibling=12)
    assert below(counting) == {"village": (10, False), "sibling": (12, False), "street": (22, False)}


def test_of_two_both_are_withheld(crowd):
    counting = crowd(village=30, sibling=4)
    assert below(counting) == {"village": HIDDEN, "sibling": HIDDEN, "street": (34, False)}
    assert below(counting, "given") == {
        "village": HIDDEN,
        "sibling": HIDDEN,
        "street": (170, False),
        "rest": (0, False),
    }
    for who, at in (("official@village", "village"), ("official@city", "village"), ("clerk", "village")):
        answer = counting.sound(who, "figures/~helped/series", at, **SPAN)
        assert answer["cells"] == [
            {"value": 0, "withheld": False, "n": 0},
            {"value": None, "withheld": True, "n": None},
        ]
        shown = {item["figure"]: item for item in counting.sound(who, "figure-values", at, on="2026-02-01")["items"]}
        assert shown[f"{counting.plugin}.helped"]["now"]["withheld"] is True
        assert shown[f"{counting.plugin}.guests"]["now"]["value"] == 30  # a figure that is about nobody in particular


def test_a_tenants_own_people_are_a_group_too(crowd):
    counting = crowd(village=30, sibling=20, street=3)
    assert below(counting, "given") == {
        "village": (150, False),
        "sibling": HIDDEN,
        "street": (265, False),
        "rest": HIDDEN,
    }


def test_where_nobody_is_nothing_is_withheld_but_beside_the_unknown(crowd, counting):
    counting.sweep()
    assert below(counting) == {"village": (0, False), "sibling": (0, False), "street": (0, False)}
    crowd(village=30)
    assert below(counting) == {"village": (30, False), "sibling": (0, False), "street": (30, False)}
    for as_of in ("2026-04-14", "2025-06-01"):
        counting.sound("official@city", "figures/~helped/children", "street", as_of=as_of, **SPAN)
        counting.sound("official@city", "figure-values", "street", as_of=as_of)


def test_too_few_in_the_whole_tree(crowd):
    counting = crowd(village=4, sibling=5)
    assert below(counting, at="city") == {"district": HIDDEN, "city": HIDDEN}
    assert below(counting) == {"village": HIDDEN, "sibling": HIDDEN, "street": HIDDEN}


def test_single_days_do_not_give_a_month_away(counting):
    """Nine on one day and eleven on another are twenty in the month: neither day is shown, nor is a day of the neighbour's."""
    for day, number in (("03", 9), ("04", 11)):
        for place in ("village", "sibling"):
            for n in range(number + 20 * (place == "sibling")):
                counting.fact(f"{place}{day}{n}", place, f"2026-02-{day}", person=f"{place}{day}{n}")
    counting.count()
    counting.sweep()
    days = {"period": "day", "first": "2026-02-02", "last": "2026-02-04"}
    answer = counting.sound("official@city", "figures/~helped/children", "street", **days)
    shown = {item["tenant"]["name"]: [cell["withheld"] for cell in item["cells"]] for item in answer["items"]}
    assert shown == {"village": [False, True, True], "sibling": [False, True, True]}
    assert [cell["value"] for cell in answer["cells"]] == [0, 38, 42]
    assert below(counting) == {"village": (20, False), "sibling": (60, False), "street": (80, False)}


def test_what_is_taken_along_says_nothing_of_people(crowd):
    counting = crowd(village=30, sibling=20)
    figures = {
        item["figure"] for item in counting.sound("official@city", "figure-sums", "street", limit="100")["items"]
    }
    assert figures
    assert not figures & {f"{counting.plugin}.{name}" for name in ("helped", "given")}
