"""PostgreSQL's own programs: pg_dump and pg_restore, of the embedded server or of this machine."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL, make_url

from wuji.kit.embedded.postgres import Postgres
from wuji.kit.options import Options


class BackupError(RuntimeError):
    """A backup cannot be taken, found or restored; the text says why and what to do."""


def find_programs(options: Options) -> Path:
    """The folder of pg_dump: the embedded server's own, or what the path of this machine has."""
    if options.embedded:
        return Postgres(options.home).bin
    found = shutil.which("pg_dump")
    if found is None:
        raise BackupError("there is no pg_dump on this machine: install the client programs of your server's version")
    return Path(found).resolve().parent


def run_program(programs: Path, name: str, url: str, *arguments: str | Path) -> None:
    """As the login of the URL, whose password no other process of this machine may read among the arguments."""
    argv: list[str | Path] = [programs / name, "--no-password", *arguments]
    done = subprocess.run(argv, check=False, capture_output=True, text=True, env=_environment(make_url(url)))
    if done.returncode:
        raise BackupError(f"{name} failed: {done.stderr.strip()[-2000:]}")


def _environment(url: URL) -> Mapping[str, str]:
    """The URL as libpq's variables; what else the URL says (sslmode, …) by its own name."""
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
