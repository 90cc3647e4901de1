"""A report dated before tenants were merged or moved is the same afterwards, to the byte, and after the merge was taken back."""

import pytest

from wuji.tenancy.services.joining import Wanted

NAMES = ("visits", "hours", "fed", "guests", "helped", "given")
SPAN = {"period": "month", "first": "2026-01-01", "last": "2026-04-30"}
DAY = "2026-04-14"


@pytest.fixture
def aged(counting):
    world = counting.world
    for table in ("tenant_place", "tenant_name", "tenant_code"):
        world.run(
            f"update wuji.{table} set valid_from = '2026-01-01' where tenant_id = any(%s)", list(world.tenant.values())
        )
    for number in range(24):
        for subject, tenant in (("v", "village"), ("s", "sibling"), ("n", "niece"), ("g", "grid")):
            counting.fact(f"{subject}{number}", tenant, "2026-03-05", "2", part="3", person=f"{subject}{number % 12}")
    counting.fact("two", "village", "2026-02-01", person="x")  # one subject at two places
    counting.fact("two", "sibling", "2026-02-01", person="y")
    counting.count()
    counting.sweep()
    return counting


def reports_of(counting, places):
    return reports(counting, sorted({key[0] for key in places}), as_of=DAY)


def reports(counting, places=("city", "street", "sibling"), **more):
    found = {}
    for at in places:
        official = f"official@{'city' if at == 'city' else 'street'}"
        asked = [(name, what, {}) for name in NAMES for what in ("children", "series")]
        for name, what, how in [*asked, *((name, "children", {"together": "true"}) for name in NAMES[:3])]:
            answer = counting.ask(official, f"figures/~{name}/{what}", at, **SPAN, **how, **more)
            assert answer.status_code == 200, answer.text
            found[at, name, what, *how] = answer.data
        found[at, "values"] = counting.ask(official, "figure-values", at, on="2026-03-05", **more).data
    return found


def test_a_report_of_before_stays_as_it_was(aged):
    counting, world = aged, aged.world
    plain, before = reports(counting), reports(counting, as_of=DAY)
    assert {key: value for key, value in before.items() if key[-1] != "values"} == {
        key: value for key, value in plain.items() if key[-1] != "values"
    }
    kept = {one: list(facts) for one, facts in counting.facts.items()}
    change = counting.redraw(op="merge", which="sibling", to="village")
    counting.belong("sibling", "village")
    counting.follow()
    world.parent["niece"] = "village"
    assert counting.sums("guests") == counting.expected("guests")
    places = [key for key in before if key[0] != "sibling"]  # nobody acts there any more
    after = reports_of(counting, places)
    assert after == {key: before[key] for key in places}
    counting.unmake(change)
    counting.facts.update(kept)
    counting.follow()
    world.parent["niece"] = "sibling"
    for name in NAMES:  # right at once, not when the clock comes round
        assert counting.sums(name) == counting.expected(name), name
    assert reports(counting, as_of=DAY) == before
    assert reports_of(counting, places) == {key: before[key] for key in places}


def test_sums_follow_a_tree_that_joins_and_leaves(counting):
    world = counting.world
    counting.fact("a", "village", "2026-03-05", "2", person="x")
    counting.count()
    counting.fact("f", "foreign", "2026-03-05", "3", person="x")
    counting.count("f", at="other")
    code = f"{world.code['city']}88"
    counting.transfer(Wanted("adopt", world.code["other"], world.code["city"], level=2, code=code))
    world.parent["other"], world.code["other"] = "city", code
    counting.follow()
    for name in NAMES:
        assert counting.sums(name) == counting.expected(name), name
    counting.transfer(Wanted("release", code))
    world.parent["other"] = None
    counting.follow()
    counting.follow("other")
    for name in NAMES:
        assert counting.sums(name) == counting.expected(name), name


def told(counting, at="street"):
    """What somebody reads of the whole year by the tree of that day: the whole, and each right below."""
    span = {"period": "year", "first": "2026-01-01", "last": "2026-12-31", "as_of": DAY}
    found = {}
    for name in ("visits", "guests", "given"):
        answer = counting.sound("official@city", f"figures/~{name}/children", at, **span)
        cells = {item["tenant"]["name"]: item["cells"][0] for item in answer["items"]} | {at: answer["cells"][0]}
        found[name] = {place: cell["value"] for place, cell in cells.items()}
    return found


def test_whoever_has_left_is_followed_no_further(counting):
    """Not day by day either, with the reports of two days laid beside each other: only what was before it left is told."""
    world = counting.world
    since = "update wuji.{} set valid_from = '2026-01-01' where tenant_id = any(%s)"
    for table in ("tenant_place", "tenant_name", "tenant_code"):
        world.run(since.format(table), list(world.tenant.values()))
    world.grow("lone", "district", 3)
    counting.redraw(op="move", which="village", to="lone")
    world.run(
        "update wuji.tenant_place set valid_to = '2026-04-20' where tenant_id = %s and valid_to is not null",
        world.tenant["village"],
    )
    for day in ("2026-03-05", "2026-04-19", "2026-04-20", "2026-07-01"):
        for number in range(12):
            counting.fact(f"v{day}{number}", "village", day, person=f"v{number}")
            counting.fact(f"s{day}{number}", "sibling", day, person=f"s{number}")
    counting.count()
    counting.sweep()
    shown = told(counting)
    assert shown["visits"] == {"village": 24, "sibling": 48, "street": 72}
    assert shown["guests"] == {"village": 12, "sibling": 12, "street": 24}
    assert shown["given"] == {"village": 24, "sibling": 48, "street": 72}
    assert told(counting, "city")["visits"] == {"district": 96, "city": 96}  # it has never left the city


def test_a_report_says_nothing_of_what_begins_after_its_day(aged):
    for number in range(12):
        aged.fact(f"v{number}", "village", "2026-05-05", person=f"v{number}")
    aged.count()
    span = {"period": "month", "first": "2026-03-01", "last": "2026-05-31", "as_of": DAY}
    for name in NAMES:
        answer = aged.sound("official@city", f"figures/~{name}/series", "street", **span)
        assert answer["cells"][0]["n"] != 0, name
        assert answer["cells"][-1] == {"value": None, "withheld": False, "n": 0}
