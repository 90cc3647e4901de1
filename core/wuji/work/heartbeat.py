"""The heartbeat of a job: a thread with a connection and short transactions of its own, which prolongs the lease, carries
progress outside, and brings back that the job shall stop.
"""

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, Thread
from time import monotonic
from types import TracebackType
from typing import Self
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from wuji.kit.deployment import JobCancelledError

log = logging.getLogger(__name__)
LOCK = text("select pg_advisory_lock_shared(wuji.job_lock(:job_id))")
BEAT = text("select wuji.job_beat(:job_id, :secret, :progress, :seconds)")
EVERY = 3.0  # seconds between two beats; three fit into a lease
SOON = 1.0  # seconds after which progress is told, where there is any
GRACE = 15.0  # seconds after its time in which a job may still notice by itself


class LeaseLostError(RuntimeError):
    """The work took longer than its lease; what it changed was rolled back."""


@contextmanager
def at_work(engine: Engine, job_id: UUID) -> Iterator[Connection]:
    """A connection that holds the job's lock: once it is gone, with this process or with the server, everybody can tell that
    nobody is at it. Given back, it holds nothing.
    """
    with engine.connect() as line:
        with line.begin():
            line.execute(LOCK, {"job_id": job_id})
        yield line


@dataclass
class Heartbeat:
    """Beats as long as its block lasts, by the `line` that is its own meanwhile."""

    line: Connection
    job_id: UUID
    secret: bytes
    limit: int
    _progress: int = 0
    _moved: bool = False
    _asked: bool = False
    _lost: bool = False
    _over: bool = False
    _changed: Condition = field(default_factory=Condition)
    _last: float = field(default_factory=monotonic)
    _began: float = field(default_factory=monotonic)

    def __enter__(self) -> Self:
        self.beat()
        if self._lost:
            raise LeaseLostError(f"job {self.job_id} is somebody else's")
        self._thread = Thread(target=self._work, name="heartbeat", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join()

    def report(self, progress: int) -> None:
        """What the job function calls: raises where it shall stop."""
        with self._changed:
            self._progress, self._moved = max(0, min(progress, 100)), True
            self._changed.notify()
        if self._asked:
            raise JobCancelledError
        if self._lost:
            raise LeaseLostError(f"job {self.job_id} took longer than {self.limit} s, or its lease was lost")

    def beat(self) -> None:
        """One look at the row, and one mark in it."""
        values = {"job_id": self.job_id, "secret": self.secret, "progress": self._progress, "seconds": self.limit}
        with self.line.begin():
            asked: bool | None = self.line.execute(BEAT, values).scalar()
        self._last = monotonic()
        self._asked, self._lost = bool(asked), asked is None

    def _work(self) -> None:
        while self._await_beat():
            try:
                self.beat()
            except SQLAlchemyError as error:  # the lease holds for two more beats; finishing asks for it again
                log.warning("a beat of job %s failed: %s", self.job_id, str(error).splitlines()[0])
                self._last = monotonic()
            if monotonic() - self._began > self.limit + GRACE:
                log.error("job %s goes on after its %d s; this process ends", self.job_id, self.limit)
                os.kill(os.getpid(), signal.SIGKILL)  # nothing gentler stops what does not come back to Python

    def _await_beat(self) -> bool:
        """False: the job has ended."""
        with self._changed:
            while not self._over:
                waits = self._last + (SOON if self._moved else EVERY) - monotonic()
                if waits <= 0:
                    self._moved = False
                    return True
                self._changed.wait(waits)
        return False
