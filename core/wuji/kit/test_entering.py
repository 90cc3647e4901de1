"""A program that is told to end while it loads."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

LOADS = "from threading import Event\nprint('loads', flush=True)\nEvent().wait()\n"
LISTENS = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
print(__name__, *sys.argv[1:], flush=True)
signal.pause()
"""


def begin(folder: Path, code: str) -> subprocess.Popen[str]:
    (folder / "slow.py").write_text(code)
    argv = [sys.executable, "-m", "wuji.kit.entering", "slow", "word"]
    return subprocess.Popen(argv, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_and_cleanly(tmp_path: Path, how: signal.Signals) -> None:
    with begin(tmp_path, LOADS) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "loads\n"
        program.send_signal(how)
        assert program.communicate(timeout=30) == ("", None)
    assert program.returncode == 0


def test_a_program_that_listens_ends_as_it_likes(tmp_path: Path) -> None:
    with begin(tmp_path, LISTENS) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "__main__ word\n"
        program.terminate()
        assert program.communicate(timeout=30) == ("", None)
    assert program.returncode == 3
