"""The method: right where a week is like the next, honest where it is not."""

from datetime import date, timedelta
from random import Random

import pytest

from wuji_station_watch.forecasting import AHEAD, Usual, forecast, measure

TODAY = date(2026, 7, 23)


def weeks(people, days=70, start=TODAY):
    """Open from 8:00 to 20:00, `people(day, quarter)` there."""
    return {
        start - timedelta(days=back): {
            quarter: people(start - timedelta(days=back), quarter) for quarter in range(32, 80)
        }
        for back in range(days)
    }


def test_the_same_every_week_is_expected_exactly():
    course = weeks(lambda day, quarter: 10.0 * day.isoweekday() + quarter % 7)
    expected = forecast(course, TODAY, 40)
    assert [one.present for one in expected] == pytest.approx([40 + quarter % 7 for quarter in range(41, 53)])
    errors = measure(course, TODAY)
    assert errors.mean == pytest.approx(0, abs=1e-9)
    assert errors.tries > 1000


def test_a_busy_day_raises_what_comes_next_most():
    course = weeks(lambda day, _quarter: 80.0 if day == TODAY else 40.0)
    expected = [one.present for one in forecast(course, TODAY, 40)]
    assert expected == sorted(expected, reverse=True)
    assert expected[0] > 70
    assert 40 < expected[-1] < 60


def test_it_beats_copying_last_week_where_days_are_noisy():
    dice = Random(7)  # noqa: S311 - the same each time
    busy = {TODAY - timedelta(days=back): dice.uniform(0.7, 1.3) for back in range(80)}
    course = weeks(lambda day, quarter: max(0.0, (20 + quarter % 24) * busy[day] + dice.gauss(0, 3)))
    errors = measure(course, TODAY)
    assert errors.mean < errors.copied
    assert errors.better > 20
    held = sum(
        one.low <= course[day][one.quarter] <= one.high
        for day in (TODAY - timedelta(days=back) for back in range(1, 15))
        for one in forecast(course, day, 48, errors.spread)
    )
    assert 0.65 < held / (14 * AHEAD) < 0.95


def test_it_says_so_where_copying_is_better():
    """Five weeks ago mornings became quiet and evenings busy; since then each week is like the last."""
    changed = TODAY - timedelta(weeks=5)
    course = weeks(lambda day, quarter: 50.0 if (quarter < 56) == (day < changed) else 5.0)
    errors = measure(course, TODAY)
    assert errors.copied < errors.mean
    assert errors.better <= 0


def test_without_weeks_before_nothing_is_known():
    course = {TODAY: dict.fromkeys(range(32, 60), 5.0)}
    assert {one.present for one in forecast(course, TODAY, 40)} == {None}
    assert measure(course, TODAY) is None
    assert forecast({}, TODAY, 95) == []


def test_a_day_that_is_left_out_counts_for_nothing():
    course = weeks(lambda day, _quarter: 1.0 if day == TODAY - timedelta(weeks=1) else 50.0)
    del course[TODAY - timedelta(weeks=1)]
    assert Usual(course)(TODAY, 40) == pytest.approx(50)
