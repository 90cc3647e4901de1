"""A projector that can never run, or that another one hides, stops the program and not a reader."""

import pytest

from wuji.journal.projectors import register_projections
from wuji.plugin.records import Projection


def count(_session, _recorded):
    raise AssertionError


def test_projectors_are_told_in_the_order_of_their_declaration():
    one, two, other = Projection("a", "tip", count), Projection("b", "tip", count), Projection("c", "crop", count)
    assert register_projections([one, other, two], {"tip", "crop"}) == {"tip": [count, count], "crop": [count]}


def test_a_kind_that_nothing_records():
    with pytest.raises(ValueError, match="nothing of kind tipp is ever recorded"):
        register_projections([Projection("a", "tipp", count)], {"tip"})


def test_a_name_taken_twice():
    with pytest.raises(ValueError, match="a is registered twice"):
        register_projections([Projection("a", "tip", count), Projection("a", "crop", count)], {"tip", "crop"})
