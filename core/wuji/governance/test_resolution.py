"""The order of rules: nobody gets out of what was decided above, and what is said of it is what happens."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuji.governance.resolution import BINDING, Rule, Stage, in_order, resolve

TODAY = date(2026, 7, 1)
PATH = (11, 22, 33, 44, 55)
DAYS = st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    at = draw(st.integers(0, 4))
    word = draw(st.sampled_from(["require", "offer", "forbid", "inherit"]))
    on = draw(st.sampled_from([None, True, False])) if word == "offer" else None
    stages = None
    if word == "require" or on:
        children = st.frozensets(st.sampled_from(PATH), min_size=1)
        made = st.builds(Stage, DAYS, st.none() | children)
        stages = draw(st.none() | st.lists(made, min_size=1, max_size=3).map(tuple))
    until = draw(st.none() | DAYS)
    paused = draw(st.none() | DAYS) if stages else None
    return Rule(at=at, by=draw(st.integers(0, at)), word=word, on=on, until=until, stages=stages, paused_on=paused)


ALL = st.lists(rules(), max_size=8, unique_by=lambda rule: (rule.at, rule.by))
LENGTHS = st.integers(1, 5)


@given(ALL, LENGTHS)
def test_the_decider_agrees_with_the_state(said, length):
    found = resolve(said, PATH[:length], TODAY)
    deciders = [one.rule for one in found.heard if one.verdict == "decides"]
    assert deciders == ([found.decider] if found.decider else [])
    if found.decider:
        assert found.on == (found.decider.word == "require" or bool(found.decider.on))
    else:
        assert not found.on


@given(ALL, LENGTHS)
def test_every_rule_on_the_way_is_explained_once_and_none_from_below(said, length):
    heard = [one.rule for one in resolve(said, PATH[:length], TODAY).heard]
    assert heard == in_order([rule for rule in said if rule.at < length])


@given(ALL, LENGTHS, st.sampled_from(["require", "forbid"]))
def test_nothing_below_gets_out_of_what_somebody_higher_ordered(said, length, word):
    """The root orders; whatever is said by others, unless the root itself makes an exception, changes nothing."""
    by_others = [rule for rule in said if rule.by > 0]
    order = Rule(at=0, by=0, word=word)
    assert resolve([order, *by_others], PATH[:length], TODAY).on == (word == "require")


@given(ALL, st.integers(1, 4), st.sampled_from(["require", "forbid"]))
def test_an_order_in_the_middle_holds_against_everybody_below(said, place, word):
    """Set by the tenant at `place` for itself: those below it cannot change it, whatever those above have said before."""
    above = [rule for rule in said if rule.at < place and rule.word not in BINDING]
    below = [rule for rule in said if rule.at > place and rule.by > place]
    order = Rule(at=place, by=place, word=word)
    assert resolve([*above, order, *below], PATH, TODAY).on == (word == "require")


@given(ALL, LENGTHS)
def test_who_is_bound_cannot_change_anything_by_itself(said, length):
    own = length - 1
    others = [rule for rule in said if not (rule.at == own and rule.by == own)]
    before = resolve(others, PATH[:length], TODAY)
    for word, on in (("require", None), ("forbid", None), ("offer", True), ("offer", False)):
        after = resolve([*others, Rule(at=own, by=own, word=word, on=on)], PATH[:length], TODAY)
        if before.bound_by:
            assert after.on == before.on
        else:
            assert after.on == (word == "require" or bool(on))


@given(st.lists(st.integers(0, 4), unique=True), LENGTHS)
def test_inherit_everywhere_is_the_default(places, length):
    said = [Rule(at=at, by=at, word="inherit") for at in places]
    found = resolve(said, PATH[:length], TODAY)
    assert (found.on, found.decider) == (False, None)
    assert all(one.verdict == "silent" for one in found.heard)


@given(ALL, LENGTHS)
def test_what_says_nothing_might_as_well_not_be_there(said, length):
    path = PATH[:length]
    speaking = [rule for rule in said if rule.speaks(path, TODAY)]
    first, second = resolve(said, path, TODAY), resolve(speaking, path, TODAY)
    assert (first.on, first.decider) == (second.on, second.decider)


def test_a_district_exempts_one_of_its_streets_and_the_street_then_chooses():
    order = Rule(at=1, by=1, word="require")
    own = Rule(at=2, by=2, word="offer", on=False)
    assert resolve([order, own], PATH[:3], TODAY).on
    exempt = Rule(at=2, by=1, word="offer")
    assert not resolve([order, exempt], PATH[:3], TODAY).on
    assert resolve([order, exempt, Rule(at=2, by=2, word="offer", on=True)], PATH[:3], TODAY).on
    found = resolve([order, exempt, own], PATH[:3], TODAY)
    assert [one.verdict for one in found.heard] == ["overruled", "allows", "decides"]


@pytest.mark.parametrize(
    ("child", "on"), [(22, True), (23, False), (24, False)], ids=["reached", "not yet", "the rest, later"]
)
def test_a_roll_out_goes_by_stages(child, on):
    early, late, rest = TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=9)
    stages = (Stage(early, frozenset({22})), Stage(late, frozenset({23})), Stage(rest, None))
    said = [Rule(at=0, by=0, word="offer", on=True, stages=stages)]
    assert resolve(said, (11, child, 77), TODAY).on is on
    assert resolve(said, (11,), TODAY).on
    assert resolve(said, (11, child), rest).on


def test_a_pause_keeps_later_stages_from_beginning():
    stages = (Stage(TODAY, frozenset({22})), Stage(TODAY + timedelta(days=2), None))
    paused = Rule(at=0, by=0, word="require", stages=stages, paused_on=TODAY + timedelta(days=1))
    later = TODAY + timedelta(days=30)
    assert resolve([paused], (11, 22), later).on
    assert not resolve([paused], (11, 23), later).on


def test_a_rule_ends_after_its_last_day():
    said = [Rule(at=0, by=0, word="require", until=TODAY)]
    assert resolve(said, PATH, TODAY).on
    assert not resolve(said, PATH, TODAY + timedelta(days=1)).on
