"""The relay as a program of its own, on a deployment of the test's own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from wuji.testing import Server, World

PATIENCE = 30.0  # seconds


@pytest.fixture
def world(server: Server, make_database: Callable[[], str]) -> Iterator[World]:
    made = World(server, make_database())
    yield made
    made.close()


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], float]:
    """Waits until something has come true; returns how many seconds it took."""

    def wait(true: Callable[[], bool]) -> float:
        begins, look = time.monotonic(), Event()
        while not true():
            assert time.monotonic() < begins + PATIENCE, "it never came true"
            look.wait(0.02)
        return time.monotonic() - begins

    return wait


@pytest.fixture
def start(world: World, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts it, without a broker that answers."""
    started: list[subprocess.Popen[str]] = []
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "WUJI_SYSTEM_DATABASE_URL": world.server.url("wuji_system", world.database),
        "WUJI_BROKER_URL": "redis://127.0.0.1:1/0",
        "WUJI_FILES_DIR": str(tmp_path / "files"),
        "WUJI_HOME": str(tmp_path / "home"),
    }

    def begin() -> subprocess.Popen[str]:
        argv = [sys.executable, "-m", "wuji.relay"]
        piped = {"stderr": subprocess.STDOUT, "stdout": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(argv, env=environment, **piped))
        return started[-1]

    yield begin
    for relay in started:
        relay.kill()
        relay.communicate()
