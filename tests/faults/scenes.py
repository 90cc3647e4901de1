"""What is done to a deployment. Whoever dies or stands still, and when, follows from the seed alone."""

import logging
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import psutil
from tests.faults.deployment import Deployment
from valkey import Valkey as Client

from wuji.kit.embedded.valkey import Valkey

log = logging.getLogger(__name__)
# How often each is the one that dies. Killing a connection's process of PostgreSQL has the whole server start again.
VICTIMS = {
    ("relay", "itself"): 20,
    ("worker", "child"): 25,
    ("worker", "itself"): 10,
    ("web", "itself"): 12,
    ("valkey", "itself"): 13,
    ("postgres", "child"): 10,
    ("postgres", "itself"): 10,
}
SHORTEST, LONGEST = 0.1, 1.4  # seconds between two deaths
SOON = 0.1
DAY = 24 * 3600
AHEAD = 12.0  # seconds that the clock stays ahead
SILENCE = 30.0  # of a network that is cut
FULL = 10.0
ROOM = 8 << 20  # bytes at once, while a disk is filled


def kill_many(deployment: Deployment, chance: Random, kills: int) -> Counter[str]:
    """So many SIGKILLs; returns how many whom."""
    done: Counter[str] = Counter()
    while done.total() < kills:
        time.sleep(chance.uniform(SHORTEST, LONGEST))
        role, which = chance.choices(list(VICTIMS), list(VICTIMS.values()))[0]
        while not _kill(deployment, chance, role, which):  # it is dead already: another one
            role, which = chance.choices(list(VICTIMS), list(VICTIMS.values()))[0]
        done[f"{role} {which}"] += 1
    return done


def _kill(deployment: Deployment, chance: Random, role: str, which: str) -> bool:
    victim = deployment.find(role) if which == "itself" else deployment.find_child(role, chance)
    if victim is None:
        return False
    try:
        victim.kill()
    except psutil.NoSuchProcess:
        return False
    log.info("%s %s (%d) is killed", role, which, victim.pid)
    return True


def empty_broker(deployment: Deployment) -> None:
    """What bells were rung is forgotten, again and again, and then the broker with it."""
    with Client.from_url(Valkey(deployment.home).url) as client:
        for _ in range(20):
            client.flushall()
            time.sleep(SOON)
    _end(deployment, "valkey", signal.SIGKILL)


def restart_database(deployment: Deployment) -> None:
    """As an operator does: connections are cut, nothing is damaged."""
    _end(deployment, "postgres", signal.SIGINT)


def jump(deployment: Deployment) -> None:
    """The clock of all programs stands a day ahead for a while, then is right again."""
    deployment.set_clock(DAY)
    try:
        time.sleep(AHEAD)
    finally:
        deployment.set_clock(0)


def cut_off(deployment: Deployment, role: str) -> None:
    """Nobody hears from it for half a minute; every connection stays open, and everything on its way arrives afterwards."""
    with frozen(deployment.tree(role)):
        time.sleep(SILENCE)


def fill_disk(_deployment: Deployment, scratch: Path) -> None:
    """Not a byte more can be written where everything lies, for a while."""
    ballast = scratch / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(ROOM))
        until = time.monotonic() + FULL
        while time.monotonic() < until:
            with ballast.open("ab", buffering=0) as file, suppress(OSError):
                file.write(bytes(ROOM // 64))  # what was freed meanwhile is taken as well
            time.sleep(SOON)
    finally:
        ballast.unlink()


@contextmanager
def frozen(processes: list[psutil.Process]) -> Iterator[None]:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    try:
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.resume()


def _end(deployment: Deployment, role: str, how: signal.Signals) -> None:
    """Tried until there is one to be ended."""
    while (process := deployment.find(role)) is None:
        time.sleep(SOON)
    os.kill(process.pid, how)
