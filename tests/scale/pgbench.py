"""Many clients at once, without Python between them and the database: pgbench, which comes with the embedded server."""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.scale.ground import Ground

from wuji.kit.db.engine import PINNED, plain_url

RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: ([0-9]+)", re.MULTILINE)


def run_script(
    ground: Ground,
    script: str,
    *,
    clients: int,
    login: str = "wuji_app",
    seconds: int = 0,
    each: int = 0,
    **given: object,
) -> float:
    """Transactions a second of `script`, for so many seconds or so many transactions of each client. `given` are its
    variables. Raises RuntimeError where a transaction failed.
    """
    length = ["-T", str(seconds)] if seconds else ["-t", str(each)]
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write(script)
        file.flush()
        program = _program(ground)
        argv = [program, "-n", "-M", "extended", "-c", str(clients), "-j", "2", *length, "-f", file.name]
        argv += [word for name, value in given.items() for word in ("-D", f"{name}={value}")]
        argv.append(plain_url(ground.server.url(login, ground.server.shared)))
        done = subprocess.run(argv, check=False, capture_output=True, text=True, env=_environment())
    rate, failed = RATE.search(done.stdout), FAILED.search(done.stdout)
    if done.returncode or rate is None or (failed and int(failed[1])):
        raise RuntimeError(f"pgbench: {done.stdout[-500:]} {done.stderr[-500:]}")
    return float(rate[1])


def _program(ground: Ground) -> Path:
    return ground.server.postgres.bin / "pgbench"


def _environment() -> Mapping[str, str]:
    """As the program's own connections: nothing of a login's defaults counts."""
    return {"PATH": os.environ["PATH"], "PGOPTIONS": PINNED}
