"""A supervisor in a process of its own, told what to run by a piece of Python."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

PREAMBLE = """
import os, signal, sys
from pathlib import Path
from wuji.kit.supervisor import Program, Restart, Supervisor
state = Path(sys.argv[1])
env = {"PATH": os.environ["PATH"], "STATE": str(state)}
def python(role, code, **other):
    return Program(role=role, argv=[sys.executable, "-c", code], env=env, **other)
def run(*programs):
    Supervisor(programs, state, lambda role, event: print(role, event, flush=True)).run()
"""


class Run:
    """One supervisor and what it says."""

    def __init__(self, code: str, state: Path) -> None:
        words = [sys.executable, "-c", PREAMBLE + dedent(code), str(state)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said: list[str] = []

    def hear(self, line: str) -> None:
        """Returns once it has said this."""
        assert self.process.stdout is not None
        for heard in self.process.stdout:
            self.said.append(heard.strip())
            if heard.strip() == line:
                return
        pytest.fail(f"never said {line!r}, but {self.said}: {self.process.communicate()[1]}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Its exit code and what it wrote to stderr."""
        self.process.send_signal(how)
        return self.end()

    def end(self) -> tuple[int, str]:
        out, err = self.process.communicate(timeout=60)
        self.said += out.splitlines()
        return self.process.returncode, err


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    runs = []

    def start(code: str, state: Path = tmp_path) -> Run:
        runs.append(Run(code, state))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            os.kill(run.process.pid, signal.SIGTERM)
        run.process.communicate(timeout=60)
