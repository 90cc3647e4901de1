"""Waking the relay: it says when it goes to sleep, and whoever writes then tells it so (functions/recording.sql)."""

from collections.abc import Callable
from threading import Event

from psycopg import OperationalError
from sqlalchemy import Engine, text

CHANNEL = "wuji"
OF_JOURNAL = "journal"  # the payload that speaks of records; others speak of jobs
LOOK = 0.5  # seconds after which whoever listens looks whether it shall stop
SAY = text("update wuji.bell set asleep = :asleep where name = 'relay' and asleep <> :asleep")


def say_asleep(system: Engine, *, asleep: bool) -> None:
    """A writer that began before does not see it: who sleeps looks around now and then all the same."""
    with system.begin() as connection:
        connection.execute(SAY, {"asleep": asleep})


def listen(unpooled: Engine, wake: Callable[[str], object], stop: Event) -> None:
    """Calls `wake` with what was said, until `stop` is set; first with nothing, for what was said before. Raises what the
    connection raises.
    """
    with unpooled.connect() as held:
        driver = held.connection.driver_connection
        if driver is None:
            raise OperationalError("the connection is gone")
        driver.autocommit = True
        driver.execute(f"listen {CHANNEL}")
        wake("")
        while not stop.is_set():
            for said in driver.notifies(timeout=LOOK, stop_after=1):
                wake(said.payload)
