"""What somebody who speaks SQL as wuji_app can do with the functions that redraw: nothing beyond their own range."""

import json

import pytest

APPLY = "select wuji.change_apply('move', %s, cast(%s as jsonb), %s, null, '{}', 'by hand')"
STEP = ("tenant_id", "parent_id", "level", "code")


def steps(world, name, to, level):
    return json.dumps([dict(zip(STEP, (world.tenant[name], world.tenant[to], level, None), strict=True))])


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (("other", "district", 3), "P0002"),  # a root of somebody else
        (("city", "district", 3), "P0002"),
        (("foreign", "second", 4), "P0002"),
        (("village", "other", 4), "P0002"),
        (("district", "second", 4), "P0002"),  # the acting tenant itself: its parent is asked
        (("street", "village", 5), "23514"),
        (("village", "second", 3), "23514"),
        (("village", "second", 6), "23514"),
        (("village", "second", None), "23514"),
    ],
)
def test_what_cannot_be_moved(redraw, world, step, state):
    before = redraw.standing()
    with world.enter("official@district", "district") as tx:
        assert tx.refused(APPLY, world.tenant[step[0]], steps(world, *step), []) == state
    assert redraw.standing() == before


def test_nobody_without_the_right_moves_anything(redraw, world):
    sent = steps(world, "village", "second", 4)
    for who, at, state in (
        ("official@street", "street", "P0002"),
        ("official@other", "other", "P0002"),
        ("resident", "village", "P0002"),
        ("clerk", "village", "P0002"),
        ("operator", None, "P0002"),
        ("anonymous", "village", "P0002"),
        (None, None, "P0002"),
    ):
        with world.enter(who, at) as tx:
            assert tx.refused(APPLY, world.tenant["village"], sent, []) == state, who
    redraw.check_sound()


@pytest.mark.parametrize("name", ["other", "foreign", "sibling", "city"])
def test_what_was_there_before_is_not_archived_by_an_undo(redraw, world, name):
    sent = steps(world, "village", "second", 4)
    with world.enter("official@district", "district") as tx:
        assert tx.refused(APPLY, world.tenant["village"], sent, [world.tenant[name]]) == "42501"
    redraw.check_sound()


def test_a_change_of_others_is_not_there(redraw, world):
    change = redraw.apply(redraw.wish("move", "village", "second")).json["id"]
    for statement in ("select wuji.change_undo(%s, 'x')", "select wuji.change_contradictions(%s)"):
        for who, at in (("official@street", "street"), ("official@other", "other"), ("anonymous", "city")):
            with world.enter(who, at) as tx:
                assert tx.refused(statement, change) == "P0002", (statement, who)


def test_what_went_out_of_sight_is_not_moved_back(redraw, world):
    """The change stands at the street, whose officials made it; then the village went to another street."""
    world.grow("third", "sibling", 5)
    change = redraw.apply(redraw.wish("move", "grid", "sibling"), "official@street", "street").json["id"]
    assert redraw.apply(redraw.wish("move", "sibling", "second")).status_code == 201
    with world.enter("official@street", "street") as tx:
        assert tx.refused("select wuji.change_undo(%s, 'x')", change) == "P0002"
    answer = redraw.undo(change, "official@street", "street")
    assert answer.status_code == 404, answer.text
    redraw.check_sound()


@pytest.mark.parametrize(
    ("giver", "taker", "state"),
    [
        ("foreign", "village", "P0002"),
        ("sibling", "foreign", "P0002"),
        ("other", "village", "P0002"),
        ("city", "second", "P0002"),
        ("district", "second", "P0002"),
        ("sibling", "niece", "23514"),
        ("sibling", "village", "23514"),  # its grid was left where it is
    ],
)
def test_what_cannot_be_merged(redraw, world, giver, taker, state):
    before = redraw.standing()
    merge = "select wuji.change_apply('merge', %s, '[]', '{}', %s, '{}', 'by hand')"
    with world.enter("official@district", "district") as tx:
        assert tx.refused(merge, world.tenant[giver], world.tenant[taker]) == state
    assert redraw.standing() == before


def test_nobody_writes_how_a_merge_is_taken_back(redraw, world):
    change = redraw.apply(redraw.wish("merge", "sibling", "village")).json["id"]
    with world.enter("official@district", "district") as tx:
        assert tx.refused("select wuji.change_keep(%s, '{}')", change) == "P0002"
