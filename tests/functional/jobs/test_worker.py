"""Jobs done by a real worker behind a real Valkey: once, whatever is killed, emptied or cut off meanwhile."""

import signal
from contextlib import suppress

import psutil
import pytest
from valkey import Valkey as Client

pytestmark = pytest.mark.timeout(400)  # leases run out, programs start
LEASE = 9


@pytest.fixture
def working(crew):
    """A worker, and the relay's part."""
    crew.start()
    with crew.relaying():
        yield crew


def test_what_is_asked_for_is_done(working, until):
    jobs = [working.add("works.make", mark=f"m{number}") for number in range(5)]
    until(lambda: {working.state(job) for job in jobs} == {"done"})
    assert [working.made(f"m{number}") for number in range(5)] == [1] * 5
    row = working.row(jobs[0])
    assert (row.attempts, row.progress, row.fault, row.lease_until) == (1, 100, None, None)


def test_progress_is_seen_while_it_runs(working, until):
    job = working.add("works.make", mark="slow", steps=40, pause=0.1)
    seen: set[int] = set()

    def done() -> bool:
        row = working.row(job)
        seen.add(row.progress)
        return bool(row.state == "done")

    until(done)
    assert len(seen - {0, 100}) >= 2
    assert working.made("slow") == 1


def test_a_process_that_is_killed_in_the_middle(working, until):
    """The job is done once, soon afterwards; the pool has a new process by then."""
    job = working.add("works.make", mark="killed", steps=100, pause=0.1)
    until(lambda: working.row(job).progress > 0)
    for child in working.children():
        child.send_signal(signal.SIGKILL)
    assert working.made("killed") == 0
    working.world.run('update wuji.job set args = \'{"mark": "killed"}\' where id = %s', job)
    until(lambda: working.state(job) == "done", 2 * LEASE)
    assert working.made("killed") == 1
    assert working.row(job).attempts == 2


def test_a_whole_worker_that_is_killed(working, until):
    """Another one goes on; orphans of the first cannot say that it is done, or did it before."""
    job = working.add("works.make", mark="orphan", steps=200, pause=0.1)
    until(lambda: working.row(job).progress > 0)
    orphans = working.children()
    working.workers[0].kill()
    working.workers[0].wait()
    for process in orphans:  # one that was idle goes by itself
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGSTOP)
    working.start()
    working.world.run('update wuji.job set args = \'{"mark": "orphan"}\' where id = %s', job)
    until(lambda: working.state(job) == "done", 2 * LEASE)
    for process in orphans:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGCONT)
    psutil.wait_procs(orphans, 40)
    assert working.made("orphan") == 1


def test_a_broker_that_is_emptied_loses_nothing(crew, until):
    with crew.relaying():
        jobs = [crew.add("works.make", mark=f"e{number}") for number in range(3)]
        until(lambda: [crew.state(job) for job in jobs].count("running") == 2)
        with Client.from_url(crew.valkey.url) as client:
            until(lambda: client.dbsize() > 0)
            client.flushall()
        crew.start()
        until(lambda: {crew.state(job) for job in jobs} == {"done"}, 2 * LEASE)
        with Client.from_url(crew.valkey.url) as client:
            client.flushall()
        last = crew.add("works.make", mark="last")
        until(lambda: crew.state(last) == "done", LEASE / 2)
    assert [crew.made(f"e{number}") for number in range(3)] == [1] * 3
    assert {crew.row(job).attempts for job in jobs} == {1}


def test_a_bell_that_is_heard_too_late_does_not_drown_the_next_one(working, until):
    """Celery lets nothing through again that it once found expired, and goes by the message's id."""
    first = working.add("works.make", mark="before")
    until(lambda: working.state(first) == "done")
    working.workers[-1].send_signal(signal.SIGSTOP)
    job = working.add("works.make", mark="late")
    until(lambda: working.state(job) == "running")
    rung = working.row(job).lease_until
    until(lambda: working.row(job).lease_until != rung)  # nobody heard that; it is rung again, or about to be
    working.workers[-1].send_signal(signal.SIGCONT)
    until(lambda: working.state(job) == "done", 3 * LEASE)
    assert working.made("late") == 1


def test_a_broker_that_is_away_for_a_while(working, until):
    first = working.add("works.make", mark="before")
    until(lambda: working.state(first) == "done")
    working.valkey.stop()
    job = working.add("works.make", mark="away")
    until(lambda: working.state(job) == "waiting")  # claimed once at most, and given back
    working.valkey.start()
    until(lambda: working.state(job) == "done", 2 * LEASE)
    assert working.made("away") == 1


def test_what_always_fails_ends_as_a_dead_letter(working, until):
    job = working.add("works.fail", mark="never", most_attempts=2)
    until(lambda: working.row(job).attempts == 1 and working.state(job) == "waiting")
    row = working.row(job)
    assert row.fault == "Runtime"
    until(lambda: working.state(job) == "failed")
    row = working.row(job)
    assert (row.attempts, row.problem, row.lease_until) == (2, None, None)
    assert row.finished_at is not None
    assert working.made("never") == 0


def test_a_problem_is_not_tried_again(working, until):
    job = working.add("works.refuse")
    until(lambda: working.state(job) == "failed")
    row = working.row(job)
    assert (row.attempts, row.fault) == (1, "kit.invalid")
    assert row.problem["status"] == 422


def test_a_kind_that_nobody_knows(working, until):
    job = working.add("nobody.knows", most_attempts=1)
    until(lambda: working.state(job) == "failed")
    assert working.row(job).fault == "UnknownTask"


def test_what_does_not_come_back_is_cut_off(working, until):
    job = working.add("works.stick", most_attempts=1)
    until(lambda: working.state(job) == "running" and working.row(job).attempts == 1)
    until(lambda: working.state(job) == "failed", 2 * LEASE)
    assert working.row(job).fault == "lapsed"
    other = working.add("works.make", mark="next")
    until(lambda: working.state(other) == "done")


def test_a_lane_is_one_at_a_time_and_in_order(crew, until):
    jobs = [crew.add("works.make", mark=f"l{number}", lane="one", steps=2, pause=0.05) for number in range(6)]
    crew.start()
    with crew.relaying(at_once=4):
        until(lambda: {crew.state(job) for job in jobs} == {"done"})
    ended = [crew.row(job).finished_at for job in jobs]
    assert ended == sorted(ended)


def test_two_relays_claim_each_job_once(working, until):
    with working.relaying():
        jobs = [working.add("works.make", mark=f"t{number}") for number in range(20)]
        until(lambda: {working.state(job) for job in jobs} == {"done"})
    assert [working.made(f"t{number}") for number in range(20)] == [1] * 20


def test_it_ends_when_it_is_told(working, until):
    job = working.add("works.make", mark="last", steps=10, pause=0.1)
    until(lambda: working.row(job).progress > 0)
    working.workers[0].terminate()
    assert working.workers[0].wait(30) == 0
    assert working.state(job) == "done"
    assert working.made("last") == 1
