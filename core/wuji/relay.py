"""The relay: the one program that holds the system login. It seals the journal every few seconds and clears up once a day.

A second relay does no harm. While PostgreSQL is away it waits and tries again; what else fails is logged, and stops
nothing beside it. Everything is done in transactions, so it may be killed at any moment.
"""

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from wuji.files.services import sweep
from wuji.files.store import FolderStore, Store
from wuji.journal.tasks import seal
from wuji.kit.db.engine import make_engine
from wuji.kit.db.startup import WallOpenError, refuse_system
from wuji.kit.options import Options, load
from wuji.wall import declared_wall, find_logins

log = logging.getLogger(__name__)
SEAL_EVERY = 5.0  # seconds; a NOTIFY by every writer would make commits queue behind each other
DAY = 24 * 3600.0
SETTLED = 60.0  # seconds after the start: a machine that comes up has other things to do
LONGEST = 30.0  # seconds between two tries to reach the database
PURGE = text("select table_name, purged from wuji.purge() where purged > 0")
PATIENT = text("set local statement_timeout = '10min'")
# 08 connection, 53 resources, 57P01..57P05 server stops, starts or drops us. Not 57014, which is a statement's own timeout.
AWAY = ("08", "53", "57P")


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
    now = time.monotonic()

    def seal_journal() -> str:
        sealed = seal(system)
        return f"sealed {sealed} records" if sealed else ""

    def purge_rows() -> str:
        with system.begin() as connection:
            connection.execute(PATIENT)
            purged = connection.execute(PURGE).all()
        return "purged " + (", ".join(f"{count} of {table}" for table, count in purged) or "nothing")

    def sweep_files() -> str:
        return f"removed {sweep(store, system)} files that no row names"

    return [
        Chore(seal_journal, SEAL_EVERY, now),
        Chore(purge_rows, DAY, now + SETTLED),
        Chore(sweep_files, DAY, now + SETTLED),
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
    log.warning("PostgreSQL does not answer, next try in %g s: %s", seconds, str(error).strip().splitlines()[0])
    return seconds


def is_away(error: Exception) -> bool:
    """Whether the database could not be reached or left, as opposed to refusing a statement."""
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state is None or state.startswith(AWAY)


def serve(options: Options, url: str) -> None:
    """Runs until SIGTERM or Ctrl-C, after which a chore that is under way is finished.

    Raises WallOpenError where the wall is not what this release writes.
    """
    logging.basicConfig(level=options.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        # in a thread: the handler runs inside whatever the main one does, be it that it holds the event's own lock
        signal.signal(asked, lambda *_: Thread(target=stop.set).start())
    system = make_engine(url, pool_size=1)
    try:
        await_wall(system, stop)
        log.info("the relay works")
        work(chores(system, FolderStore(options.files_dir)), stop)
        log.info("the relay stops")
    finally:
        system.dispose()


def main() -> None:
    """With the system login alone where it is given, as the supervisor does."""
    options = load(os.environ)
    try:
        serve(options, options.system_database_url or find_logins(options).system)
    except WallOpenError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
