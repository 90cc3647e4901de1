"""The relay: the one program that holds the system login. It follows the journal, rings workers for jobs that are due, seals
the journal every few seconds and clears up once a day: each in a thread with a connection of its own.

A second relay does no harm. While PostgreSQL or the broker is away it waits and tries again; what else fails is logged, and
stops nothing beside it. Everything is done in transactions, so it may be killed at any moment.
"""

import logging
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from wuji.files.services import sweep
from wuji.files.store import FolderStore, Store
from wuji.journal.following import Follower, Following
from wuji.journal.passing import is_away
from wuji.journal.tasks import seal
from wuji.journal.waking import OF_JOURNAL, listen, say_asleep
from wuji.kit import tracing
from wuji.kit.clock import now
from wuji.kit.db.engine import make_engine
from wuji.kit.db.startup import WallOpenError, refuse_system
from wuji.kit.logs import start_logging
from wuji.kit.options import Options, load
from wuji.kit.serve import broker_url
from wuji.wall import declared_wall, find_logins
from wuji.work.bell import Bell, SilentError
from wuji.work.claims import ring_due
from wuji.work.clockwork import run_due

log = logging.getLogger("wuji.relay")  # run as a program, it is called __main__
# Consumers that are functions of the relay itself, over SQL alone, by name.
FOLLOWERS: Mapping[str, Follower] = {}
SEAL_EVERY = 5.0  # seconds; a NOTIFY by every writer would make commits queue behind each other
POLL = 0.2  # seconds between two looks into the journal while it is busy
LOOK = 1.0  # seconds between two looks while it is not: whoever wrote just then may not have seen that nobody looked
TIRED = 2.0  # seconds without anything to do
DAY = 24 * 3600.0
SETTLED = 60.0  # seconds after the start: a machine that comes up has other things to do
LONGEST = 5.0  # seconds between two tries: what comes back is caught up with soon
THREADS = ("follow", "ring", "listen")
PURGE = text("select table_name, purged from wuji.purge(:most) where purged > 0")
AT_ONCE = 10_000  # rows of a table in one transaction: consumers wait for those that write
PATIENT = text("set local statement_timeout = '10min'")


@dataclass
class Chore:
    """Something to do again and again. `run` returns what it did in words, or nothing to say. Times in seconds."""

    run: Callable[[], str]
    every: float
    due: float  # time.monotonic

    @property
    def name(self) -> str:
        return self.run.__name__


def chores(system: Engine, store: Store) -> list[Chore]:
    """What the relay does, and when for the first time."""
    begins = time.monotonic()

    def seal_journal() -> str:
        sealed = seal(system)
        return f"sealed {sealed} records" if sealed else ""

    def purge_rows() -> str:
        purged: Counter[str] = Counter()
        more = True
        while more:
            with system.begin() as connection:
                connection.execute(PATIENT)
                rows = connection.execute(PURGE, {"most": AT_ONCE}).all()
            for table, count in rows:
                purged[table] += count
            more = any(count >= AT_ONCE for _, count in rows)
        return "purged " + (", ".join(f"{count} of {table}" for table, count in purged.items()) or "nothing")

    def sweep_files() -> str:
        return f"removed {sweep(store, system)} files that no row names"

    return [
        Chore(seal_journal, SEAL_EVERY, begins),
        Chore(purge_rows, DAY, begins + SETTLED),
        Chore(sweep_files, DAY, begins + SETTLED),
    ]


def work(todo: Sequence[Chore], stop: Event) -> None:
    """Does each chore when it is due, until `stop` is set."""
    tries = 0
    while True:
        chore = min(todo, key=lambda one: one.due)
        if stop.wait(max(0.0, chore.due - time.monotonic())):
            return
        try:
            said = chore.run()
            if said:
                log.info("%s", said)
        except Exception as error:
            if is_away(error):
                tries += 1
                stop.wait(pause(tries, error))
                continue
            log.exception("%s failed; next time in %g s", chore.name, chore.every)
        tries = 0
        chore.due = time.monotonic() + chore.every


def await_wall(system: Engine, stop: Event) -> None:
    """Returns once the database answers and its wall is sound, or `stop` is set. Raises WallOpenError."""
    tries = 0
    while not stop.is_set():
        try:
            refuse_system(system, declared_wall())
        except DBAPIError as error:
            if not is_away(error):
                raise
            tries += 1
            stop.wait(pause(tries, error))
        else:
            return


def pause(tries: int, error: Exception) -> float:
    """Seconds until the next try: half a second, twice as long each time, never more than LONGEST."""
    seconds = min(LONGEST, 2.0 ** min(tries - 2, 10))
    if is_away(error):
        said = str(error).strip().splitlines()[0]
        log.warning("PostgreSQL does not answer, next try in %g s: %s", seconds, said)
    elif isinstance(error, SilentError):
        log.warning("next try in %g s: %s", seconds, error)
    return seconds


class Follow:
    """Follows the journal: at once while there is something, five times a second for a while after that, then asleep until it
    is woken or a second has passed. Two relays with one flag wake each other more often than they must, and miss nothing.
    """

    def __init__(self, system: Engine, followers: Mapping[str, Follower]) -> None:
        self._system, self._following = system, Following(system, followers)
        self._worked = time.monotonic()
        self._asleep = False

    def __call__(self, *, woken: bool) -> float:
        """Returns how many seconds it may rest."""
        found = self._following.go_on()
        if found or woken:
            self._worked = time.monotonic()
        asleep = time.monotonic() - self._worked >= TIRED
        say_asleep(self._system, asleep=asleep)
        falls, self._asleep = asleep and not self._asleep, asleep
        if found or falls:  # before writers saw the flag, somebody may have written
            return 0.0
        return LOOK if asleep else POLL

    def end(self) -> None:
        """Nobody is to be woken any more. Where the database is away the next relay says so."""
        with suppress(DBAPIError):
            say_asleep(self._system, asleep=False)


class Ring:
    """Rings for jobs that are due, and makes those of schedules."""

    def __init__(self, system: Engine, bell: Bell, at_once: int) -> None:
        self._system, self._bell, self._at_once = system, bell, at_once
        self._clock_due = 0.0

    def __call__(self, *, woken: bool) -> float:
        """Returns how many seconds it may rest."""
        del woken
        if time.monotonic() >= self._clock_due:
            self._clock_due = time.monotonic() + LOOK
            run_due(self._system, now)
        return 0.0 if ring_due(self._system, self._bell, self._at_once) else LOOK


@dataclass
class Loop:
    """One step again and again; what fails is tried again, later each time."""

    step: Callable[..., float]
    wake: Event = field(default_factory=Event)

    def run(self, stop: Event) -> None:
        """Until `stop` is set, and `wake` so that it is seen at once."""
        tries, woken = 0, False
        while not stop.is_set():
            self.wake.clear()
            try:
                rest, tries = self.step(woken=woken), 0
            except Exception as error:
                tries += 1
                rest = pause(tries, error)
                if not (is_away(error) or isinstance(error, SilentError)):
                    log.exception("next try in %g s", rest)
            woken = self.wake.wait(rest)


@contextmanager
def looping(follow: Callable[..., float], ring: Callable[..., float], unpooled: Engine, stop: Event) -> Iterator[None]:
    """Both in threads of their own, and one that wakes them; ends them when the block ends."""
    following, ringing = Loop(follow), Loop(ring)

    def wake(said: str) -> None:
        ringing.wake.set()
        if said in {"", OF_JOURNAL}:
            following.wake.set()

    def listening(*, woken: bool) -> float:
        del woken
        listen(unpooled, wake, stop)
        return 0.0

    loops = (following, ringing, Loop(listening))
    threads = [Thread(target=loop.run, args=(stop,), name=name) for loop, name in zip(loops, THREADS, strict=True)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for loop, thread in zip(loops, threads, strict=True):
            loop.wake.set()
            thread.join()


def serve(options: Options, url: str) -> None:
    """Runs until SIGTERM or Ctrl-C, after which what is under way is finished.

    Raises WallOpenError where the wall is not what this release writes.
    """
    start_logging(options)
    tracing.start(options, "relay")
    stop = Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        # in a thread: the handler runs inside whatever the main one does, be it that it holds the event's own lock
        signal.signal(asked, lambda *_: Thread(target=stop.set).start())
    with ExitStack() as held:
        held.callback(tracing.end)
        clearing, follows, rings = (_engine(held, url) for _ in range(3))
        await_wall(clearing, stop)
        ring = Ring(rings, held.enter_context(Bell(broker_url(options))), options.jobs_at_once)
        follow = Follow(follows, FOLLOWERS)
        held.callback(follow.end)
        held.enter_context(looping(follow, ring, make_engine(url, pooled=False), stop))
        log.info("the relay works")
        work(chores(clearing, FolderStore(options.files_dir)), stop)
    log.info("the relay stops")


def _engine(held: ExitStack, url: str) -> Engine:
    """One connection; each thread has its own, so that none waits for another."""
    engine = make_engine(url, pool_size=1)
    held.callback(engine.dispose)
    return engine


def main() -> None:
    """With the system login alone where it is given, as the supervisor does."""
    options = load(os.environ)
    try:
        serve(options, options.system_database_url or find_logins(options).system)
    except WallOpenError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
