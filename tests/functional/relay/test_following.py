"""The relay as it follows the journal: asleep and woken, killed and started again, two side by side."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

TOLD = "select args->'records' from wuji.job where kind = 'journal.handle' and lane = %s order by id"


@pytest.fixture
def consumer(world):
    """One that runs as jobs, which nobody does here: what they are made of is what it was told."""
    world.run("delete from wuji.consumer where runs <> 'chore'")
    world.run("insert into wuji.consumer(name, runs, kinds) values ('test.all', 'job', '{thing}')")
    return "test.all"


def told(world, consumer):
    """Records in the order in which jobs of the city will tell them."""
    rows = world.run(TOLD, f"{consumer}:{world.tenant['city']}").fetchall()
    return [record for (records,) in rows for record in records]


def write(world, subject, verb):
    with world.enter("official@village", "village") as tx:
        statement = "select wuji.record(%s, 'thing', %s, %s, null, null, null)"
        made = tx.one(statement, f"test.thing.{verb}", str(subject), world.tenant["village"])
        tx.commit()
    return str(made)


def asleep(world):
    return world.one("select asleep from wuji.bell where name = 'relay'")


def test_who_sleeps_is_woken_at_once(world, consumer, start, until):
    start()
    written = []
    for turn in range(3):
        until(lambda: asleep(world))
        written.append(write(world, 7, turn))
        assert until(lambda: told(world, consumer) == written) < 1
        until(lambda: not asleep(world))


def test_while_it_is_awake_nobody_notifies(world, consumer, start, until):
    """A NOTIFY in every commit would make writers queue behind each other."""
    start()
    until(lambda: asleep(world))
    with world.server.connect("wuji_stage", world.database) as listener:
        listener.execute("listen wuji")
        first = write(world, 7, "first")
        until(lambda: told(world, consumer) == [first])
        until(lambda: not asleep(world))
        assert [said.payload for said in listener.notifies(timeout=0.1)].count("journal") == 1
        second = write(world, 7, "second")
        until(lambda: told(world, consumer) == [first, second])
        assert [said.payload for said in listener.notifies(timeout=0.1)].count("journal") == 0


def test_told_to_end_it_goes_at_once_and_calls_nobody(world, consumer, start, until):
    relay = start()
    until(lambda: asleep(world))
    began = time.monotonic()
    relay.send_signal(signal.SIGTERM)
    said, _ = relay.communicate(timeout=20)
    assert time.monotonic() - began < 10
    assert relay.returncode == 0, said
    assert not asleep(world)
    assert consumer in {row[0] for row in world.run("select name from wuji.consumer")}


def test_killed_again_and_again_it_loses_nothing(world, consumer, start, until):
    """Two relays, one of which is killed at whatever it does while four people write; each subject has one writer."""
    start()

    def writer(subject):
        return [write(world, subject, f"t{turn:03}") for turn in range(60)]

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(writer, subject) for subject in range(4)]
        kills = []
        while not all(one.done() for one in writing) or len(kills) < 3:
            relay, before = start(), len(told(world, consumer))
            kills.append(write(world, "killer", f"k{len(kills)}"))
            until(lambda before=before: len(told(world, consumer)) > before)
            relay.send_signal(signal.SIGKILL)
            relay.wait()
        written = [kills, *(one.result() for one in writing)]
    wanted = {record for one in written for record in one}
    until(lambda: wanted <= set(told(world, consumer)))
    found = told(world, consumer)
    assert len(found) == len(set(found)) == len(wanted)
    for one in written:
        assert [record for record in found if record in set(one)] == one
