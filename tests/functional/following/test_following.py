"""Consumers of the relay: nothing missed, doubled or out of order, whoever writes, however slowly, and whoever else follows."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest

from wuji.kit.db.engine import make_engine

WRITERS, EACH = 8, 25


def write_slowly(journal, number):
    """One writer: transactions of one to three records about one subject, some of which stay open for a while."""
    verbs = []
    place = journal.world.tenant["village"]
    connection = journal.world.server.connect("wuji_app", journal.world.database, autocommit=False)
    with connection:
        for turn in range(EACH):
            connection.execute("select wuji.enter_session(%s, %s)", [proof(journal), journal.world.code["village"]])
            for part in range(1 + (turn + number) % 3):
                verb = f"test.thing.t{turn:03}x{part}"
                connection.execute(
                    "select wuji.record(%s, 'thing', %s, %s, null, null, null)", [verb, str(number), place]
                )
                verbs.append(verb)
                if (turn * 7 + number * 3 + part) % 4 == 0:
                    connection.execute("select pg_sleep(0.01)")
            connection.commit()
    return verbs


def proof(journal):
    return journal.world.proof("official@village")


def test_nothing_is_missed_doubled_or_out_of_order(journal, server, database):
    """Eight writers with slow commits, two relays side by side, which begin while they write."""
    name = journal.declare("test.all")
    stop = Event()

    def relay() -> None:
        engine = make_engine(server.url("wuji_system", database), pool_size=1)
        while not stop.is_set():
            journal.follow(engine)
        engine.dispose()

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        relays = [pool.submit(relay) for _ in range(2)]
        writers = [pool.submit(write_slowly, journal, number) for number in range(WRITERS)]
        written = {str(number): writer.result(60) for number, writer in enumerate(writers)}
        stop.set()
        for one in relays:
            one.result(60)
    journal.follow()
    assert journal.by_subject(name) == written


def test_a_transaction_that_is_open_is_waited_for(journal):
    """One that began earlier and commits later comes first, and nothing behind it is told before."""
    name = journal.declare("test.all")
    with journal.world.enter("official@village", "village") as early:
        early.one(
            "select wuji.record('test.thing.made', 'thing', 'early', %s, null, null, null)",
            journal.world.tenant["village"],
        )
        journal.happen("late")
        journal.follow()
        assert journal.seen(name) == []
        early.commit()
    journal.follow()
    assert journal.seen(name) == ["early", "late"]


@pytest.mark.parametrize("most", [1, 2, 4000])
def test_who_waited_for_a_row_comes_later_whatever_its_transaction_is_called(journal, monkeypatch, most):
    """A transaction gets its id before it waits for a row: the one that it waited for may have got a higher one."""
    monkeypatch.setattr("wuji.journal.following.READ", most)
    name, place = journal.declare("test.all"), journal.world.tenant["village"]
    record = "select wuji.record('test.thing.made', 'thing', %s, %s, null, null, null)"
    journal.happen("0")
    with (
        journal.world.enter("official@village", "village") as low,
        journal.world.enter("official@village", "village") as high,
    ):
        earlier, later = (tx.one("select pg_current_xact_id()::text::bigint") for tx in (low, high))
        assert earlier < later
        high.one(record, "1", place)
        journal.follow()
        high.commit()
        low.one(record, "2", place)
        low.commit()
    journal.happen("3")
    journal.follow()
    assert journal.seen(name) == ["0", "1", "2", "3"]


def test_each_reads_its_kinds_from_its_own_place(journal):
    every, things = journal.declare("test.every"), journal.declare("test.things", kinds=["thing"])
    journal.happen("1")
    journal.happen("2", kind="other")
    journal.follow()
    late = journal.declare("test.late", kinds=["other", "thing"])
    journal.happen("3")
    journal.follow()
    assert journal.seen(every) == ["1", "2", "3"]
    assert journal.seen(things) == ["1", "3"]
    assert journal.seen(late) == ["1", "2", "3"]
    journal.follow()
    assert journal.seen(every) == ["1", "2", "3"]


def test_one_poisoned_record_does_not_stop_the_rest(journal, caplog):
    name = journal.declare("test.all", kinds=["thing"])
    sound = journal.followers[name]

    def fails(connection, records):
        sound(connection, records)
        if any(one.subject_id == "bad" for one in records):
            raise ValueError("it cannot be read")

    journal.followers[name] = fails
    for subject in ("1", "bad", "2"):
        journal.happen(subject)
    journal.follow()
    assert journal.seen(name) == ["1", "2"]
    assert journal.poison(name) == [("bad", 1, "aside")]
    assert journal.world.one("select reason from wuji.poison") == "ValueError: it cannot be read"
    assert "set aside" in caplog.text
    journal.world.run("update wuji.poison set state = 'asked'")
    journal.follow()
    assert journal.poison(name) == [("bad", 2, "aside")]
    journal.followers[name] = sound
    journal.world.run("update wuji.poison set state = 'asked'")
    journal.follow()
    assert journal.poison(name) == []
    assert journal.seen(name) == ["1", "2", "bad"]


def test_that_something_was_set_aside_is_recorded_once(journal):
    name = journal.declare("test.all", kinds=["thing"])

    def fails(_connection, _records):
        raise ValueError

    journal.followers[name] = fails
    journal.happen("1")
    journal.happen("2")
    journal.follow()
    assert len(journal.poison(name)) == 2
    told = "select subject_id from wuji.journal_record where verb = 'journal.consumer.set_aside'"
    assert journal.world.run(told).fetchall() == [(name,)]


def test_an_error_that_passes_is_no_poison(journal):
    """The batch is tried again as it was: a lock that was not free in time is nobody's fault."""
    name = journal.declare("test.all")
    sound = journal.followers[name]

    def busy(connection, records):
        sound(connection, records)
        connection.exec_driver_sql("set local lock_timeout = '10ms'; lock table public.seen in access exclusive mode")

    journal.happen("1")
    with journal.world.server.connect("wuji_stage", journal.world.database, autocommit=False) as other:
        other.execute("lock table public.seen in row exclusive mode")
        journal.followers[name] = busy
        with pytest.raises(Exception, match="lock timeout"):
            journal.follow()
        assert journal.seen(name) == []
        assert journal.poison(name) == []
    journal.followers[name] = sound
    journal.follow()
    assert journal.seen(name) == ["1"]


def test_a_consumer_that_cannot_go_on_is_noted_and_stops_no_other(journal):
    """Its jobs cannot be made; the operator reads why, until it can."""
    broken, sound = journal.declare("test.broken", runs="job"), journal.declare("test.sound")
    journal.happen("1")
    with ExitStack() as held:
        held.callback(journal.world.run, "alter function wuji.job_make_away rename to job_make")
        journal.world.run("alter function wuji.job_make rename to job_make_away")
        journal.follow()
    assert journal.seen(sound) == ["1"]
    assert "job_make" in journal.world.one("select fault from wuji.consumer where name = %s", broken)
    journal.follow()
    assert journal.world.one("select fault from wuji.consumer where name = %s", broken) is None
    assert journal.world.one("select count(*) from wuji.job where kind = 'journal.handle'") == 1


def test_one_that_stands_still_reads_on_later(journal):
    name = journal.declare("test.all")
    journal.world.run("update wuji.consumer set paused = true where name = %s", name)
    journal.happen("1")
    assert journal.follow() == 0
    journal.world.run("update wuji.consumer set paused = false where name = %s", name)
    journal.follow()
    assert journal.seen(name) == ["1"]


def test_an_older_relay_leaves_alone_what_it_does_not_know(journal):
    name = journal.declare("test.new")
    journal.happen("1")
    known = journal.followers.pop(name)
    assert journal.follow() == 0
    journal.followers[name] = known
    journal.follow()
    assert journal.seen(name) == ["1"]
