"""One deployment, from outside: its processes, and what its own commands say of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

import psutil

from wuji.cli.backups import backups_of
from wuji.cli.program import Program
from wuji.cli.status import Status, look
from wuji.kit.supervisor import find_record, free_port

WUJI = Path(sys.executable).with_name("wuji")
UP = 240.0  # seconds until the demo is filled and serves
END = 60.0


class Deployment:
    """Lies in `home`; the log of each program in home/logs."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port("127.0.0.1", 8700)
        self._clock = home / "clock"
        self._environment = {
            "PATH": os.environ["PATH"],
            "WUJI_HOME": str(home),
            "WUJI_PORT": str(self.port),
            "WUJI_MODE": "demo",
            "WUJI_RATE_LIMITS": "0",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns once pages are served. Raises RuntimeError where that does not happen."""
        self.set_clock(0)
        argv = [sys.executable, "-m", "tests.faults.supervised"]
        environment = {**self._environment, "FAULTS_CLOCK": str(self._clock)}
        with (self.home / "supervisor.log").open("wb") as log:
            self._process = subprocess.Popen(
                argv, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        until = time.monotonic() + UP
        while not self.whole():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"it did not start: {(self.home / 'supervisor.log').read_text(encoding='utf-8')}")
            time.sleep(0.5)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(END)

    def whole(self) -> bool:
        """Whether every program is ready."""
        record = find_record(self.home)
        return bool(record and record.programs and all(one.ready for one in record.programs.values()))

    def set_clock(self, ahead: int) -> None:
        """Seconds that the programs' clock is ahead of this machine's."""
        draft = self._clock.with_suffix(".new")
        draft.write_text(str(ahead), encoding="utf-8")
        draft.replace(self._clock)

    def find(self, role: str) -> psutil.Process | None:
        """The program's first process, if it runs just now."""
        record = find_record(self.home)
        entry = record.programs.get(role) if record else None
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(entry.pid) if entry and entry.pid else None
        return None

    def find_child(self, role: str, chance: Random) -> psutil.Process | None:
        """Any process that it has started."""
        parent = self.find(role)
        with suppress(psutil.NoSuchProcess):
            return chance.choice(parent.children() or [None]) if parent else None
        return None

    def tree(self, role: str) -> list[psutil.Process]:
        parent = self.find(role)
        with suppress(psutil.NoSuchProcess):
            return [parent, *parent.children(recursive=True)] if parent else []
        return []

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """One of the product's commands."""
        argv = [str(WUJI), *words]
        return subprocess.run(argv, env=self._environment, capture_output=True, text=True, check=False)

    def status(self) -> Status:
        """What `wuji status` says, without a program that starts each time: whoever looks on must not be half the load."""
        program = Program(self._environment)
        return look(program, backups_of(program))

    def complaints(self, commands: Sequence[Sequence[str]]) -> list[str]:
        """What those of the commands say that do not end well."""
        ended = [(words, self.run(*words)) for words in commands]
        return [
            f"wuji {' '.join(words)} ended with {done.returncode}: {(done.stdout + done.stderr)[-1500:]}"
            for words, done in ended
            if done.returncode
        ]
