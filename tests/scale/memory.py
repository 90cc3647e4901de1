"""What the whole demo holds in memory when nobody asks anything: every process of its tree, shared pages counted once. With the
simulated devices that it starts with, and with a thousand.
"""

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

MOST = 900.0  # MB, also in a short run: what a process holds does not depend on how busy the machine is
BARS = {72: "demo data loaded, at rest with its fleet of 72", 1000: "the same with 1,000 devices that push each minute"}
START, REST = 240, 10  # seconds: until everything is up; afterwards, until what starting took has been given back
ME = Path(sys.executable).with_name("wuji")


def memory(_ground: Ground) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="wuji-memory-") as home:
        Path(home).chmod(0o755)  # as root, the servers run as somebody else
        for devices, what in BARS.items():
            held, number = measure(Path(home), devices)
            measured = f"{held:.0f} MB in {number} processes"
            yield Figure(what, f"≤ {MOST:.0f} MB", measured, "–", held, MOST, MOST)


def measure(home: Path, devices: int) -> tuple[float, int]:
    """MB, and in how many processes."""
    port = str(free_port("127.0.0.1", 8600))
    environment = {"PATH": os.environ["PATH"], "WUJI_HOME": str(home), "WUJI_PORT": port}
    argv = [ME, "demo", "--devices", str(devices)]
    demo = subprocess.Popen(argv, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        tree = settled(demo, home, devices)
        return sum(process.memory_full_info().pss for process in tree) / 2**20, len(tree)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(60)


def settled(demo: "subprocess.Popen[bytes]", home: Path, devices: int) -> list[psutil.Process]:
    """The demo's processes once all of them are ready. Raises RuntimeError where it ends before."""
    record, until = home / "supervisor.json", time.monotonic() + START
    while not (record.exists() and b'"ready":false' not in record.read_bytes() and _joined(home, devices)):
        if demo.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the demo did not start")
        time.sleep(0.5)
    time.sleep(REST)
    root = psutil.Process(demo.pid)
    return [root, *root.children(recursive=True)]


def _joined(home: Path, devices: int) -> bool:
    """Whether the fleet has said that all are registered."""
    log = home / "logs" / "devices.log"
    return log.exists() and f"{devices} devices, " in log.read_text(encoding="utf-8")
