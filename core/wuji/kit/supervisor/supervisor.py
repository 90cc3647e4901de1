"""The loop that starts programs in order, watches them, starts again what dies, and stops all when told to."""

import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Literal

import psutil

from wuji.kit.supervisor.child import Child
from wuji.kit.supervisor.program import Program
from wuji.kit.supervisor.record import Record, end_leftovers, held, remove_record, write_record

Event = Literal["starting", "ready", "died", "stopping"]
LOOK = 0.05  # seconds between two looks at a program that is not ready yet
TURN = 1.0  # the longest wait without a look at logs; a death or signal ends it at once


class SupervisorError(RuntimeError):
    """A program did not start, or keeps dying; the text ends with the last lines of its log."""


class _StopRequested(BaseException):
    """A signal asked us to stop: no error, so no `except Exception` may catch it."""


def _silent(_role: str, _event: Event) -> None:
    """Nobody wants to hear."""


class Supervisor:
    """Holds one state folder while it runs. `tell` hears of each event, in the thread of `run`."""

    def __init__(self, programs: Sequence[Program], state: Path, tell: Callable[[str, Event], None] = _silent) -> None:
        self._children = [Child(program, state.resolve()) for program in programs]
        self._state = state.resolve()
        self._tell = tell
        self._stop_asked = False
        self._stopping = False
        self._preparing = False
        self._wake = -1
        self._record = Record(
            pid=os.getpid(), created=psutil.Process().create_time(), started_at=datetime.now(UTC), programs={}
        )

    def run(self) -> None:
        """Returns when SIGINT, SIGTERM or SIGHUP has stopped everything; SupervisorError too comes after that.

        In the main thread only: that is where signals arrive, and Linux ties the programs' lives to it.
        """
        with held(self._state), self._signals() as self._wake:
            end_leftovers(self._state, max(child.program.stop_within for child in self._children))
            try:
                for child in self._children:
                    self._start(child)
                    while not child.ready:
                        self._turn(LOOK)
                while True:
                    self._turn(TURN)
            except _StopRequested:
                pass
            finally:
                self._stop_all()

    def _turn(self, wait: float) -> None:
        """Waits for a death, a signal or the next thing due, then looks at every program."""
        now = time.monotonic()
        waiting = [child.due - now for child in self._children if child.deaths and not child.running]
        starting = [LOOK for child in self._children if child.running and not child.ready]
        self._pause(max(0.0, min([wait, *waiting, *starting])))
        for child in self._children:
            self._look(child)

    def _look(self, child: Child) -> None:
        child.rotate_log()
        if how := child.look():
            self._mourn(child, how)
        elif child.running and not child.ready:
            self._look_ready(child)
        elif not child.running and child.deaths and time.monotonic() >= child.due:
            child.restarts += 1
            self._start(child)

    def _look_ready(self, child: Child) -> None:
        if child.program.is_ready():
            child.ready = child.was_ready = True
            self._note(child, "ready")
        elif time.monotonic() > child.due:
            child.kill()
            self._mourn(child, f"not ready within {child.program.ready_within:.0f} s, killed")

    def _mourn(self, child: Child, how: str) -> None:
        self._note(child, "died")
        role, policy = child.program.role, child.program.restart
        if not child.was_ready:
            raise SupervisorError(f"{role} did not start: {how}. The end of {child.log}:\n{child.last_words()}")
        if not child.died():
            often = f"{role} died {len(child.deaths)} times within {policy.within:.0f} s, last: {how}"
            raise SupervisorError(f"{often}. The end of {child.log}:\n{child.last_words()}")

    def _start(self, child: Child) -> None:
        self._tell(child.program.role, "starting")
        if child.program.prepare:
            self._preparing = True
            try:
                child.program.prepare()
            except KeyboardInterrupt:
                raise _StopRequested from None
            finally:
                self._preparing = False
        child.start()
        self._write()

    def _note(self, child: Child, event: Event) -> None:
        self._write()
        self._tell(child.program.role, event)

    def _write(self) -> None:
        self._record.programs = {child.program.role: child.entry() for child in self._children}
        write_record(self._state, self._record)

    def _stop_all(self) -> None:
        self._stopping = True
        for child in reversed(self._children):
            if child.running:
                self._tell(child.program.role, "stopping")
                child.send_stop()
                self._await_end(child, time.monotonic() + child.program.stop_within)
                child.kill()
        remove_record(self._state)

    def _await_end(self, child: Child, until: float) -> None:
        while not child.look() and time.monotonic() < until:
            self._pause(max(0.0, until - time.monotonic()))

    def _pause(self, seconds: float) -> None:
        """Ends early at any signal, a child's death included; raises if one asked us to stop and we do not yet."""
        if select.select([self._wake], [], [], seconds)[0]:
            os.read(self._wake, 4096)
        if self._stop_asked and not self._stopping:
            raise _StopRequested

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._stop_asked = self._stop_asked or number != signal.SIGCHLD
        if self._stop_asked and self._preparing:
            self._preparing = False
            raise KeyboardInterrupt

    @contextmanager
    def _signals(self) -> Iterator[int]:
        """Every signal also writes a byte to a pipe, so that waiting for it takes no polling."""
        numbers = [signal.SIGINT, signal.SIGTERM, signal.SIGCHLD]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # ignored: nohup wants us to outlive the terminal
            numbers.append(signal.SIGHUP)
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        earlier = {number: signal.signal(number, self._on_signal) for number in numbers}
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        try:
            yield reader
        finally:
            signal.set_wakeup_fd(-1)
            for number, handler in earlier.items():
                signal.signal(number, handler)
            os.close(reader)
            os.close(writer)
