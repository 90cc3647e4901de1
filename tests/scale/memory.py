"""What the whole demo holds in memory when nobody asks anything: every process of its tree, shared pages counted once."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from tests.scale.ground import Ground
from tests.scale.measure import Figure

from wuji.kit.supervisor import free_port

MOST = 700.0  # MB
START, REST = 240, 10  # seconds: until everything is up; afterwards, until what starting took has been given back
ME = Path(sys.executable).with_name("wuji")


def memory(_ground: Ground) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="wuji-memory-") as home:
        Path(home).chmod(0o755)  # as root, the servers run as somebody else
        environment = {"PATH": os.environ["PATH"], "WUJI_HOME": home, "WUJI_PORT": str(free_port("127.0.0.1", 8600))}
        demo = subprocess.Popen([ME, "demo"], env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            tree = settled(demo, Path(home))
            held = sum(process.memory_full_info().pss for process in tree) / 2**20
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(60)
    measured = f"{held:.0f} MB in {len(tree)} processes"
    yield Figure("demo data loaded, at rest", f"≤ {MOST:.0f} MB", measured, "–", held, MOST, MOST)


def settled(demo: "subprocess.Popen[bytes]", home: Path) -> list[psutil.Process]:
    """The demo's processes once all of them are ready. Raises RuntimeError where it ends before."""
    record, until = home / "supervisor.json", time.monotonic() + START
    while not (record.exists() and b'"ready":false' not in record.read_bytes()):
        if demo.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the demo did not start")
        time.sleep(0.5)
    time.sleep(REST)
    root = psutil.Process(demo.pid)
    return [root, *root.children(recursive=True)]
