"""PostgreSQL's own programs: pg_dump and pg_restore, of the embedded server or of this machine."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy import make_url

from wuji.kit.embedded.postgres import Postgres
from wuji.kit.options import Options

SAID = 2000  # characters of what a program complained of


class BackupError(RuntimeError):
    """A backup cannot be taken, found or restored; the text says why and what to do."""


def find_programs(options: Options) -> Path:
    """The folder of pg_dump: the embedded server's own, or what the path of this machine has."""
    return Postgres(options.home).bin if options.embedded else on_path()


def on_path() -> Path:
    """Those of this machine."""
    found = shutil.which("pg_dump")
    if found is None:
        raise BackupError("there is no pg_dump on this machine: install the client programs of your server's version")
    folder = Path(found).resolve().parent
    # Debian's is a link to a program of another name, which chooses among versions
    return folder if (folder / "pg_dump").exists() else Path(found).parent


def run_program(programs: Path, name: str, url: str, *arguments: str | Path) -> None:
    """As the login of the URL, whose password no other process of this machine may read among the arguments."""
    argv: list[str | Path] = [programs / name, "--no-password", *arguments]
    done = subprocess.run(argv, check=False, capture_output=True, text=True, env=environment(url))
    if done.returncode:
        raise BackupError(f"{name} failed: {done.stderr.strip()[-SAID:]}")


class Output:
    """What a program writes, read to its end: one that fails is an error there, so nobody takes half of it for all."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
        self._name = name
        self._process = process
        self._complaints = complaints

    def read(self, size: int, /) -> bytes:
        piece = self._process.stdout.read(size) if self._process.stdout else b""
        if not piece and self._process.wait():
            self._complaints.seek(0)
            said = self._complaints.read().decode("utf-8", "replace").strip()
            raise BackupError(f"{self._name} failed: {said[-SAID:]}")
        return piece


@contextmanager
def output_of(programs: Path, name: str, url: str, *arguments: str) -> Iterator[Output]:
    """Runs a program whose output is read meanwhile; it is ended where nobody reads on."""
    argv: list[str | Path] = [programs / name, "--no-password", *arguments]
    with (
        TemporaryFile() as complaints,
        subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=complaints, env=environment(url)) as process,
    ):
        try:
            yield Output(name, process, complaints)
        finally:
            process.kill()


def environment(address: str) -> Mapping[str, str]:
    """The URL as libpq's variables; what else the URL says (sslmode, …) by its own name."""
    url = make_url(address)
    query = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    names = {
        "PGHOST": query.pop("host", url.host),
        "PGPORT": query.pop("port", str(url.port) if url.port else None),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        **{f"PG{name.upper()}": value for name, value in query.items()},
    }
    return {"PATH": os.environ.get("PATH", ""), **{name: str(value) for name, value in names.items() if value}}
