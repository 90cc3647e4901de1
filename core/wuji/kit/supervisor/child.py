"""One program under the supervisor: its process, its log, its deaths."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import psutil

from wuji.kit.supervisor import launch
from wuji.kit.supervisor.program import Program
from wuji.kit.supervisor.record import Entry, mark

LOG_BYTES = 10 << 20
KEPT_LOGS = 3
TAIL_BYTES = 4000


class Child:
    """Starts and ends the program's process; when is the supervisor's part. Times are seconds of time.monotonic."""

    def __init__(self, program: Program, state: Path) -> None:
        self.program = program
        self.log = state / "logs" / f"{program.role}.log"
        self.ready = False
        self.was_ready = False
        self.due = 0.0  # when to start again, or by when to be ready
        self.deaths: list[float] = []
        self.restarts = 0
        self.started_at = datetime.now(UTC)
        self._state = state
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """To be called in a thread that lives as long as the program: Linux ties the program's life to that thread."""
        program = self.program
        ties = map(str, (int(program.stop_signal), os.getpid(), *(program.user or (-1, -1))))
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        log = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", launch.__file__, *ties, *program.argv],
                cwd=program.cwd,
                env={**program.env, **mark(self._state, program.stop_signal)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops programs in order
            )
        finally:
            os.close(log)
        self.started_at = datetime.now(UTC)
        self.due = time.monotonic() + program.ready_within

    def look(self) -> str:
        """How the process ended; empty while it runs or when there is none. What it left in its group is killed."""
        if self._process is None or psutil.Process(self._process.pid).status() != psutil.STATUS_ZOMBIE:
            return ""
        self._kill_group()  # before it is reaped: until then its number, and so its group, is nobody else's
        code = self._process.wait()
        self._process = None
        self.ready = False
        return f"exit code {code}" if code >= 0 else signal.Signals(-code).name

    def send_stop(self) -> None:
        if self._process:
            self._process.send_signal(self.program.stop_signal)

    def kill(self) -> None:
        """Ends the process and its group at once and reaps it."""
        if self._process:
            self._kill_group()
            self._process.wait()
            self._process = None
            self.ready = False

    def died(self) -> bool:
        """Notes a death and when to start again; False if there were too many."""
        now, policy = time.monotonic(), self.program.restart
        self.deaths = [*(death for death in self.deaths if now - death < policy.within), now]
        self.due = now + policy.delay(len(self.deaths))
        return len(self.deaths) <= policy.deaths

    def rotate_log(self) -> None:
        """Copies a full log and empties it: the program keeps writing to the file it has open."""
        if not self.log.exists() or self.log.stat().st_size < LOG_BYTES:
            return
        older = [self.log.with_name(f"{self.log.name}.{number}") for number in range(1, KEPT_LOGS + 1)]
        for source, target in reversed(list(pairwise(older))):
            if source.exists():
                source.replace(target)
        shutil.copyfile(self.log, older[0])
        os.truncate(self.log, 0)

    def last_words(self) -> str:
        """The end of the log, for an error."""
        said = self.log.read_bytes()[-TAIL_BYTES:].decode("utf-8", "replace") if self.log.exists() else ""
        return "\n".join(said.splitlines()[-15:])

    def entry(self) -> Entry:
        """What the record says of it."""
        pid = self._process.pid if self._process else None
        return Entry(pid=pid, started_at=self.started_at, restarts=self.restarts, ready=self.ready)

    def _kill_group(self) -> None:
        if self._process:
            with suppress(ProcessLookupError, PermissionError):  # macOS: not permitted when only the dead one is left
                os.killpg(self._process.pid, signal.SIGKILL)
