"""What fails again and again is left alone, then tried once."""

from wuji.plugin.breaker import MOST, REST, WITHIN, Breaker


def test_it_opens_after_a_few_strikes_within_a_minute():
    breaker = Breaker()
    assert [breaker.strike(float(at)) for at in range(MOST)] == [False] * (MOST - 1) + [True]
    assert not breaker.admits(MOST + 1.0)


def test_strikes_that_lie_far_apart_do_not_add_up():
    breaker = Breaker()
    assert not any(breaker.strike(at * WITHIN) for at in range(3 * MOST))
    assert breaker.admits(3 * MOST * WITHIN)


def opened() -> Breaker:
    breaker = Breaker()
    for at in range(MOST):
        breaker.strike(float(at))
    return breaker


def test_after_the_rest_one_is_tried_and_the_others_wait():
    breaker, later = opened(), MOST + REST
    assert breaker.admits(later)
    assert not breaker.admits(later)
    breaker.fulfilled()
    assert breaker.admits(later)
    assert not breaker.strike(later)


def test_a_trial_that_fails_begins_the_rest_anew():
    breaker, later = opened(), MOST + REST
    assert breaker.admits(later)
    assert breaker.strike(later + 1)
    assert not breaker.admits(later + REST)
    assert breaker.admits(later + 1 + REST)
