"""What is measured on: a server of the run's own, with cities of made-up tenants and a table of a plugin's kind."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import click
import psycopg
from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from wuji.identity.passwords import hash_password
from wuji.kit.db.migrate import Lineage, compare, upgrade
from wuji.kit.db.model import Key, Model, Numbers, Owned, Versioned, Wall, Words
from wuji.kit.rowsec.catalogue import MARK
from wuji.testing import STAGE, Server, start_server

HERE = Path(__file__).parent
PASSWORD = "mulberry-lantern-47"  # noqa: S105 - of people who exist for one run
PEOPLE = 200
# The baseline's login: reads every table and falls under no policy.
RAW = "wuji_scale_raw"
SETTINGS: Mapping[str, str | int | float] = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "1GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "max_parallel_workers_per_gather": 0,
    "autovacuum": "off",  # between two rounds it would be noise
}


class Tip(Owned, Versioned, Model):
    """A row as plugins have them: of a tenant, shown to its subtree and to an audience."""

    __tablename__ = "tip"
    __schema__ = "plugin_bench"
    __wall__ = Wall(kind="tenant", audience=True)
    __rules__ = (Index(None, "title", "id"),)

    id: Mapped[Key]
    audience: Mapped[Numbers | None]
    title: Mapped[Words]


@dataclass(frozen=True)
class Size:
    """How much is loaded, and whether rounds are few."""

    cities: int
    tips: int
    records: int
    articles: int
    short: bool

    @property
    def tenants(self) -> int:
        return self.cities * 6111


FULL = Size(cities=20, tips=2_000_000, records=300_000, articles=100_000, short=False)
SHORT = Size(cities=2, tips=100_000, records=20_000, articles=10_000, short=True)


@dataclass(frozen=True)
class Head:
    """Head of a subtree: the tenant's level and code, the account's session cookie."""

    level: str
    code: str
    cookie: str


# The first tenant of every level and who is its head (load.sql).
HEADS = tuple(
    Head(level, f"t{tenant_id}", f"head-{n}")
    for n, (level, tenant_id) in enumerate(
        {"city": 1, "district": 2, "street": 12, "community": 112, "grid": 1112}.items(), 1
    )
)


@dataclass(frozen=True)
class Ground:
    """A loaded server. Connections are the bars' to close."""

    server: Server
    size: Size

    def connect(self, login: str, *, autocommit: bool = False) -> psycopg.Connection:
        return self.server.connect(login, self.server.shared, autocommit=autocommit)

    @property
    def postgres_version(self) -> str:
        with self.connect(STAGE) as stage:
            return stage.info.parameter_status("server_version") or ""


@contextmanager
def open_ground(size: Size, programs: Path | None = None) -> Iterator[Ground]:
    """Starts and loads a server; it is gone with the block."""
    server = start_server(programs, SETTINGS)
    try:
        load(server, size)
        yield Ground(server, size)
    finally:
        server.remove()


def load(server: Server, size: Size) -> None:
    """Fills the shared database. The plugin's table is made by a revision, as every plugin's is."""
    owner = server.engine("wuji_owner", server.shared)
    lineage = Lineage("plugin_bench", Model.metadata, HERE / "versions")
    upgrade(owner, lineage)
    with owner.connect() as connection:
        if found := compare(connection, lineage):
            raise RuntimeError(f"model and revision of plugin_bench differ: {found}")
    owner.dispose()
    stage = server.connect(STAGE, server.shared)
    stage.execute(f"comment on schema plugin_bench is '{MARK}'")  # or it would be nobody's
    stage.execute(f"create role {RAW} login bypassrls in role pg_read_all_data")
    stage.execute(f"alter role {RAW} password '{server.postgres.passwords([RAW])[RAW]}'")
    stage.execute(f'grant connect on database "{server.shared}" to {RAW}')
    chosen = {
        "cities": size.cities,
        "tips": size.tips,
        "records": size.records,
        "people": PEOPLE,
        "secret": hash_password(PASSWORD),
    }
    for name, value in chosen.items():
        stage.execute("select set_config(%s, %s, false)", (f"scale.{name}", str(value)))
    for statement in (HERE / "load.sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            began = perf_counter()
            stage.execute(statement.encode())
            took = perf_counter() - began
            if took > 1:
                click.echo(f"  {took:5.1f} s  {' '.join(statement.split())[:80]}", err=True)
    stage.close()
