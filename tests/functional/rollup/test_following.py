"""Counting keeps up: with records as the journal's consumer tells of them, and with what nobody records."""

from datetime import timedelta
from pathlib import Path

import pytest

from wuji.journal.handling import HandleArgs, handle
from wuji.journal.services import record
from wuji.kit.clock import now
from wuji.kit.deployment import Run
from wuji.rollup.following import COUNT, SweepArgs, sweep
from wuji.rollup.services.counting import hold
from wuji.rollup.services.rebuilding import LATE
from wuji.testing.acting import acting


@pytest.fixture
def happen(counting):
    """Somebody records something of these subjects."""

    def run(*subjects):
        with acting(counting.app, counting.world, "city") as session:
            place = counting.world.tenant["city"]
            return [record(session, "files.file.add", "file", one, tenant_id=place) for one in subjects]

    return run


@pytest.fixture
def work(counting):
    """A job function, as a worker runs it at the city's root."""

    def run(function, args):
        with acting(counting.app, counting.world, "city") as session:
            return function(Run(counting.deployment, session, Path(), lambda _progress: None), args)

    return run


def aside(counting, records):
    found = counting.world.run(
        "select record_id from wuji.poison where consumer = %s and record_id = any(%s)", COUNT, records
    )
    return [row[0] for row in found]


def test_a_batch_of_records_counts_each_subject_once(counting, happen, work):
    counting.fact("a", "village", "2026-03-05")
    counting.fact("b", "village", "2026-03-06")
    records = happen("a", "b", "a", "nothing")
    work(handle, HandleArgs(COUNT, records))
    assert counting.sums("visits") == counting.expected("visits")
    work(handle, HandleArgs(COUNT, records))  # told twice
    assert counting.sums("visits") == counting.expected("visits")
    assert aside(counting, records) == []


def test_one_that_cannot_be_counted_keeps_no_other_back(counting, happen, work):
    counting.fact("a", "village", "2026-03-05")
    counting.fact("bad", "village", "2026-03-05", "NaN")
    counting.fact("c", "village", "2026-03-05")
    records = happen("a", "bad", "c")
    work(handle, HandleArgs(COUNT, records))
    assert counting.sums("visits")["village", "day", "2026-03-05"][0] == 2
    assert aside(counting, records) == [records[1]]
    del counting.facts["bad"]
    work(handle, HandleArgs(COUNT, records))
    assert aside(counting, records) == []


def test_the_clock_counts_everything_once_and_then_what_has_changed(counting, work):
    counting.fact("a", "village", "2026-03-05", "3")
    counting.fact("left over", "village", "2026-03-05", "9")
    counting.count()
    del counting.facts["left over"]
    began = now()
    work(sweep.run, SweepArgs(due_at=began))
    for name in counting.names():
        assert counting.sums(name) == counting.expected(name), name
    with acting(counting.app, counting.world, "city") as session:
        for figure in counting.figures.values():
            assert began - timedelta(seconds=1) <= (hold(session, figure) or began - LATE)
    counting.fact("b", "niece", "2026-03-06", "4")
    work(sweep.run, SweepArgs())
    for name in counting.names():
        assert counting.sums(name) == counting.expected(name), name


def test_a_clock_that_was_ahead_hides_nothing(counting, work):
    counting.sweep(now() + timedelta(days=1))
    counting.fact("a", "village", "2026-03-05", "3")
    work(sweep.run, SweepArgs())
    for name in counting.names():
        assert counting.sums(name) == counting.expected(name), name


def test_a_figure_that_fails_keeps_no_other_back(counting, work):
    counting.fact("a", "village", "2026-03-05", part="-1")  # no ratio can be counted of it
    work(sweep.run, SweepArgs())
    assert counting.sums("fed") == {}
    assert counting.sums("visits")["city", "day", "2026-03-05"][0] == 1
    with acting(counting.app, counting.world, "city") as session:
        assert hold(session, counting.figure("fed")) is None
