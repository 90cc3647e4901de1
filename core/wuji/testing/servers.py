"""A PostgreSQL of the tests' own: the embedded server, thrown away when they end."""

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes, token_hex

import psycopg
from sqlalchemy import Engine

from wuji.installation import install
from wuji.kit.db.cluster import LOGINS, create_database, roles
from wuji.kit.db.doors import Seal
from wuji.kit.db.engine import make_engine, plain_url
from wuji.kit.embedded.place import settle
from wuji.kit.embedded.postgres import DBA, Postgres
from wuji.kit.lock import locked
from wuji.testing.plugins import loaded_plugins

# Builds, and breaks, the stage: a superuser that the tests' server alone has. The product's one can log in no more.
STAGE = "wuji_stage"
PREFIX = "wuji-test-"
STAGE_ROLE = "create role {} superuser login password '{}'\n"
# Nothing of it has to survive.
SETTINGS: Mapping[str, str | int | float] = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_connections": 90,
}


@dataclass(frozen=True)
class Server:
    """One cluster, two databases of this release: `template`, never connected to, and `shared`, used by most tests."""

    postgres: Postgres
    seal: Seal = field(default_factory=lambda: Seal(token_bytes(32)))
    template: str = field(default_factory=lambda: f"template_{token_hex(4)}")
    shared: str = field(default_factory=lambda: f"shared_{token_hex(4)}")
    held: ExitStack = field(default_factory=ExitStack)  # the lock that says whose run it belongs to

    @property
    def files(self) -> Path:
        """Where the bytes of stored files lie, of all its databases."""
        return self.postgres.home / "files"

    def url(self, user: str, database: str) -> str:
        """For SQLAlchemy; user is one of wuji_app, wuji_system, wuji_owner, wuji_dba, wuji_stage."""
        return self.postgres.url(user, database)

    def engine(self, user: str, database: str) -> Engine:
        """The product's own engine, without a pool: whoever needs one makes it."""
        return make_engine(self.url(user, database), pooled=False)

    def connect(self, user: str, database: str, *, autocommit: bool = True) -> psycopg.Connection:
        """A bare connection, for statements that no engine should come between."""
        return psycopg.connect(plain_url(self.url(user, database)), autocommit=autocommit, prepare_threshold=None)

    def make(self, name: str, template: str | None = None) -> str:
        """A new database, empty or a clone; returns its name."""
        with self.connect(DBA, "postgres") as dba:
            create_database(dba, name, template)
        return name

    def drop(self, name: str) -> None:
        """Ends whatever is still connected to it."""
        with self.connect(STAGE, "postgres") as stage:
            stage.execute(f'drop database "{name}" with (force)')

    def remove(self) -> None:
        """Stops the server and leaves nothing on the disk."""
        _remove(self.postgres)
        self.held.close()


def start_server(programs: Path | None = None, settings: Mapping[str, str | int | float] = SETTINGS) -> Server:
    """Starts a cluster, installs this release once, and clones it. programs: the bin folder of another PostgreSQL.

    EmbeddedError where a server is missing or does not start: a wall that was not tested must not look tested.
    """
    _sweep()
    home = Path(tempfile.gettempdir()) / f"{PREFIX}{token_hex(3)}"
    server = Server(Postgres(home, programs, settings))
    server.held.enter_context(locked(_lock(home), wait=True))
    try:
        _populate(server)
    except BaseException:
        server.remove()
        raise
    return server


def _lock(home: Path) -> Path:
    return home.with_name(f"{home.name}.lock")


def _remove(postgres: Postgres) -> None:
    place = settle(postgres.home)
    postgres.stop("immediate")
    for folder in {place.run, place.root, place.home}:
        if folder.exists():
            shutil.rmtree(folder)
    _lock(postgres.home).unlink(missing_ok=True)


def _sweep() -> None:
    """Removes what runs left behind that were killed; the kernel has dropped their locks."""
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*.lock"):
        try:
            with locked(lock, wait=False):
                _remove(Postgres(lock.with_suffix("")))
        except (BlockingIOError, PermissionError):
            continue  # it lives, or it is somebody else's


def _populate(server: Server) -> None:
    postgres = server.postgres
    postgres.prepare()
    password = postgres.passwords([STAGE])[STAGE]
    settle(postgres.home).servant.run(
        [postgres.bin / "postgres", "--single", "-D", postgres.data, "-c", "exit_on_error=on", "postgres"],
        text=STAGE_ROLE.format(STAGE, password),
    )
    postgres.start()
    with server.connect(DBA, "postgres") as dba:
        roles(dba, postgres.passwords(LOGINS))
    server.make(server.template)
    owner = server.engine("wuji_owner", server.template)
    failed = install(owner, server.seal, loaded_plugins())
    if failed:
        raise RuntimeError(f"a plugin cannot be installed: {failed}")
    owner.dispose()
    server.make(server.shared, server.template)
