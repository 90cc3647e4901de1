"""The tests' own server goes when they end, whatever ended them."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

SCRIPT = """
def test_waits(server):
    print("HOME", server.postgres.home, flush=True)
    input()
"""


def pytest_on(script: Path, text: str, *options: str) -> list[str]:
    script.write_text(text, encoding="utf-8")
    return [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-s",
        "-p",
        "wuji.testing.fixtures",
        "-c",
        "/dev/null",
        *options,
        str(script),
    ]


def processes(home: str) -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if home in " ".join(p.info["cmdline"] or [])]


def run(command: list[str], how: signal.Signals | None) -> tuple[str, int]:
    """Starts it, ends it that way once its server runs; returns the server's home and the exit code."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        home = next(line.split()[1] for line in started.stdout if line.startswith("HOME"))
        assert processes(home)
        if how:
            started.send_signal(how)
        started.communicate("\n" if how is None else None, timeout=60)
    return home, started.returncode


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, None])
def test_nothing_is_left(tmp_path: Path, how: signal.Signals | None):
    home, code = run(pytest_on(tmp_path / "test_script.py", SCRIPT), how)
    assert (code == 0) is (how is None)
    assert not Path(home).exists()
    assert not processes(home)


def test_what_a_killed_run_leaves_goes_with_the_next(tmp_path: Path):
    left, _ = run(pytest_on(tmp_path / "test_script.py", SCRIPT), signal.SIGKILL)
    assert processes(left)
    run(pytest_on(tmp_path / "test_script.py", SCRIPT), None)
    assert not Path(left).exists()
    assert not processes(left)


def test_a_server_that_is_not_there_is_an_error(tmp_path: Path):
    """A wall that was not tested must not look tested."""
    command = pytest_on(
        tmp_path / "test_script.py", "def test_it(server): pass\n", "--postgres", str(tmp_path / "none")
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "1 error" in done.stdout
    assert "cannot run" in done.stdout
