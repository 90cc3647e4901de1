"""What nobody may know of a few people cannot be had by laying a report of before a change beside one of after it."""

import pytest

SPAN = {"period": "month", "first": "2026-02-01", "last": "2026-02-28"}
YEAR = {"period": "year", "first": "2026-01-01", "last": "2026-12-31"}
BEFORE, CHANGED, AFTER = "2026-04-01", "2026-04-10", "2026-04-14"
PEOPLE = {"village": 50, "sibling": 3, "street": 20, "lone": 30}


@pytest.fixture
def peopled(counting):
    """`peopled(**numbers)`: so many people in February at each place, all of which stood where they stand since January."""
    world = counting.world
    world.grow("lone", "street", 4)
    for table in ("tenant_place", "tenant_name", "tenant_code"):
        world.run(
            f"update wuji.{table} set valid_from = '2026-01-01' where tenant_id = any(%s)", list(world.tenant.values())
        )

    def make(**numbers):
        for place, number in (numbers or PEOPLE).items():
            for n in range(number):
                counting.fact(f"{place}{n}", place, "2026-02-03", "1", person=f"{place}{n}")
        counting.count()
        counting.sweep()
        return counting

    return make


def dated(counting):
    """Changes are of today; here they are of a day that there are reports after."""
    world = counting.world
    city = world.tenant["city"]
    below = "tenant_id in (select id from wuji.tenant where root_id = %s)"
    for table in ("tenant_place", "tenant_name", "tenant_code"):
        for column in ("valid_from", "valid_to"):
            world.run(f"update wuji.{table} set {column} = %s where {below} and {column} > '2026-04-15'", CHANGED, city)
    world.run("update wuji.fact_former set until = %s where from_id = any(%s)", CHANGED, list(world.tenant.values()))


def shown(counting, at="street", name="given", span=SPAN, **more):
    """Numbers by place; what is withheld is None."""
    answer = counting.sound("official@city", f"figures/~{name}/children", at, **span, **more)
    found = {item["tenant"]["name"]: item["cells"][0]["value"] for item in answer["items"]}
    series = counting.sound("official@city", f"figures/~{name}/series", at, **span, **more)
    assert series["cells"] == answer["cells"]
    for place in found.keys() - {"sibling"}:  # who looks from there sees the same
        there = counting.sound("official@city", f"figures/~{name}/series", place, **span, **more)
        assert there["cells"][0]["value"] == found[place], place
    return {
        **found,
        at: answer["cells"][0]["value"],
        **({"rest": answer["rest"][0]["value"]} if answer["rest"] else {}),
    }


@pytest.mark.parametrize("span", [SPAN, YEAR], ids=["month", "year"])
@pytest.mark.parametrize("name", ["given", "helped"])
def test_a_merge_of_few(peopled, name, span):
    counting = peopled()
    before = shown(counting, name=name, span=span)
    assert (before["village"], before["sibling"]) == (50, None)
    change = counting.redraw(op="merge", which="sibling", to="village")
    dated(counting)
    kept = {one: list(facts) for one, facts in counting.facts.items()}
    counting.belong("sibling", "village")
    counting.follow()
    for how in ({}, {"as_of": AFTER}):
        after = shown(counting, name=name, span=span, **how)
        assert after["village"] is None, how
        assert after["street"] == before["street"] == 103
        assert after.get("rest") is None
    then = shown_then(counting, name, span)
    assert then == before
    counting.unmake(change)
    counting.facts.update(kept)
    counting.follow()
    assert shown(counting, name=name, span=span) == before


def shown_then(counting, name, span):
    answer = counting.sound("official@city", f"figures/~{name}/children", "street", **span, as_of=BEFORE)
    found = {item["tenant"]["name"]: item["cells"][0]["value"] for item in answer["items"]}
    found["street"] = answer["cells"][0]["value"]
    return found | ({"rest": answer["rest"][0]["value"]} if answer["rest"] else {})


def test_many_may_be_seen_to_move(peopled):
    counting = peopled(village=50, sibling=13, street=20, lone=30)
    counting.redraw(op="merge", which="sibling", to="village")
    dated(counting)
    counting.belong("sibling", "village")
    counting.follow()
    now = shown(counting)
    assert (now["village"], now["lone"], now["street"]) == (63, 30, 113)
    assert shown(counting, as_of=AFTER) | {"sibling": None} == now | {"sibling": None}


def test_a_move_of_few(peopled):
    """A village's part goes to another one: what both came to before may be known."""
    counting = peopled(village=50, niece=3, grid=12, sibling=20, street=20, lone=30)
    before = shown(counting)
    assert (before["village"], before["sibling"], before["lone"]) == (62, 23, 30)
    counting.redraw(op="move", which="niece", to="village")
    dated(counting)
    counting.follow()
    for how in ({}, {"as_of": AFTER}):
        after = shown(counting, **how)
        assert (after["village"], after["sibling"], after["lone"], after["street"]) == (None, None, 30, 135), how
    assert shown_then(counting, "given", SPAN) == before
    for name in ("visits", "guests"):  # of nobody in particular
        assert shown(counting, name=name)["village"] == 65
    values = counting.sound("official@city", "figure-values", "village", on="2026-02-03")["items"]
    assert {item["figure"]: item["now"]["withheld"] for item in values}[f"{counting.plugin}.given"] is True


def test_few_who_go_two_steps(peopled):
    """Part of one that becomes part of another: neither the first nor the last can be taken from what was."""
    counting = peopled(village=20, sibling=3, street=20, lone=30)
    for which, to in (("sibling", "village"), ("village", "lone")):
        if which == "village":
            counting.redraw(op="move", which="grid", to="lone")
            counting.redraw(op="move", which="niece", to="lone")
        counting.redraw(op="merge", which=which, to=to)
        dated(counting)
        counting.belong(which, to)
        counting.follow()
    for how in ({}, {"as_of": AFTER}):
        answer = counting.sound("official@city", "figures/~given/children", "street", **SPAN, **how)
        found = {item["tenant"]["name"]: item["cells"][0]["value"] for item in answer["items"]}
        assert found["lone"] is None, how
        assert answer["rest"][0]["value"] is None
        assert answer["cells"][0]["value"] == 73


def test_a_half_of_few(peopled):
    """What a split leaves, and what was before it, would say how many went."""
    counting = peopled(niece=3, sibling=30, village=20, lone=30)
    tenants, code = counting.world.tenant, f"{counting.world.code['street']}777"
    counting.redraw(op="split", which="sibling", children=[tenants["niece"]], name="half", code=code)
    dated(counting)
    counting.follow()
    for how in ({}, {"as_of": AFTER}):
        found = {
            item["tenant"]["name"]: item["cells"][0]["value"]
            for item in counting.sound("official@city", "figures/~given/children", "street", **SPAN, **how)["items"]
        }
        assert found == {"village": 20, "sibling": None, "half": None, "lone": 30}, how
    assert shown_then(counting, "given", SPAN)["sibling"] == 33


def test_many_who_were_withheld_beside_few(peopled):
    """Twelve beside three go elsewhere: what their old street came to before and after would say how many they were."""
    counting = peopled(village=12, sibling=3, street=20, lone=30)
    before = shown(counting)
    assert (before["village"], before["sibling"], before["street"]) == (None, None, 65)
    counting.world.grow("avenue", "district", 3)
    counting.world.run(
        "update wuji.tenant_place set valid_from = '2026-01-01' where tenant_id = %s", counting.world.tenant["avenue"]
    )
    counting.redraw(op="move", which="village", to="avenue")
    dated(counting)
    counting.follow()
    for how in ({}, {"as_of": AFTER}):
        after = shown(counting, **how)
        assert (after["sibling"], after["lone"], after["street"], after["rest"]) == (None, 30, None, 20), how
        after = shown(counting, "avenue", **how)
        assert (after["village"], after["avenue"]) == (None, None), how
    assert shown_then(counting, "given", SPAN) == before


@pytest.mark.parametrize("number", [3, 15])
def test_whoever_was_founded_later_is_in_what_was_before_too(peopled, number):
    counting = peopled(village=50, sibling=20, street=20, lone=30)
    counting.world.grow("newer", "street", 4)
    dated(counting)
    for n in range(number):
        counting.fact(f"newer{n}", "newer", "2026-04-12", person=f"newer{n}")
    counting.count()
    for day in (BEFORE, AFTER):
        told = counting.sound("official@city", "figures/~given/children", "street", **YEAR, as_of=day)
        now = counting.sound("official@city", "figures/~given/children", "street", **YEAR)
        names = [item["tenant"]["name"] for item in told["items"]]
        assert [told[part] for part in ("cells", "rest")] == [now[part] for part in ("cells", "rest")]
        assert dict(zip(names, (item["cells"] for item in told["items"]), strict=True)) == {
            item["tenant"]["name"]: item["cells"] for item in now["items"] if item["tenant"]["name"] in names
        }
        assert told["cells"][0]["value"] == 120 + number
        assert told["items"][names.index("newer")]["cells"][0]["value"] == (number if number > 9 else None)
    february = counting.sound("official@city", "figures/~given/children", "street", **SPAN, as_of=BEFORE)
    assert "newer" not in [item["tenant"]["name"] for item in february["items"]]
