"""The drill: a backup is worth what comes back from it. Restores into a server of its own, which is gone afterwards."""

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

from wuji.backup.archiving import read_reached
from wuji.backup.programs import BackupError
from wuji.backup.recovering import recover, until_place, until_time, url_in
from wuji.backup.restoring import compare, complete, restore, restore_files
from wuji.backup.sets import BackupSet
from wuji.backup.taking import connect
from wuji.files.store import FolderStore
from wuji.journal.verification import Chain, verify
from wuji.kit.db.doors import Seal
from wuji.kit.db.engine import make_engine
from wuji.kit.embedded.database import make_database
from wuji.kit.embedded.place import find_place
from wuji.kit.embedded.postgres import Postgres
from wuji.kit.serve import DATABASE
from wuji.plugin.plugins import Plugins

SCRATCH = "wuji-drill-"


@dataclass(frozen=True)
class Drill:
    """What a drill showed. Recovery point: how much time of work would be lost now. Recovery time: how long it took."""

    recovery_point: timedelta
    recovery_time: timedelta
    tables: int
    rows: int
    files: int
    records: int


def drill(backup: BackupSet, seal: Seal, plugins: Plugins, now: datetime) -> Drill:
    """Raises BackupError where the backup does not come back as it was taken, or its journal does not hold."""
    began = time.monotonic()
    with scratch_server() as server:
        make_database(server, DATABASE)
        owner_url = server.url("wuji_owner", DATABASE)
        restore(server.bin, owner_url, backup)
        owner, system = (
            make_engine(owner_url, pooled=False),
            make_engine(server.url("wuji_system", DATABASE), pooled=False),
        )
        complete(owner, owner_url, seal, plugins)
        restore_files(backup, FolderStore(server.home / "files"))
        took = time.monotonic() - began
        chains = verify(system)
    refuse_broken(chains)
    tables = backup.manifest.tables
    return Drill(
        recovery_point=now - backup.manifest.taken_at,
        recovery_time=timedelta(seconds=took),
        tables=len(tables),
        rows=sum(table.rows for table in tables.values()),
        files=len(backup.manifest.files),
        records=sum(chain.sealed for chain in chains),
    )


@dataclass(frozen=True)
class BaseDrill:
    """The same of a base backup and the log behind it. `compared`: rows whose digests are those of the backup; None where
    somebody wrote at every moment, so that there was none to compare with.
    """

    recovery_point: timedelta
    recovery_time: timedelta
    compared: int | None
    records: int


def drill_base(backup: BackupSet, owner_url: str, system_url: str, now: datetime) -> BaseDrill:
    """Raises BackupError as `drill` does. Restores to the moment of the dump, and so reads the log on from the base."""
    base, reached = backup.manifest.base, read_reached(backup.shelf)
    if base is None or reached is None:
        raise BackupError(f"{backup.address} holds no base backup")
    began = time.monotonic()
    with scratch_home() as home:
        recover(backup, home, until_place(base.still_at) if base.still_at else until_time(backup.manifest.taken_at))
        took = time.monotonic() - began
        compared = None
        if base.still_at:
            with connect(url_in(home, owner_url)) as connection:
                compare(connection, backup)
            compared = sum(table.rows for table in backup.manifest.tables.values())
        chains = verify(make_engine(url_in(home, system_url), pooled=False))
    refuse_broken(chains)
    return BaseDrill(
        recovery_point=now - reached.at,
        recovery_time=timedelta(seconds=took),
        compared=compared,
        records=sum(chain.sealed for chain in chains),
    )


def refuse_broken(chains: Iterable[Chain]) -> None:
    if broken := [chain for chain in chains if chain.finding]:
        raise BackupError(f"the journal that came back does not hold: {broken[0].name} at {broken[0].sealed}")


@contextmanager
def scratch_server() -> Iterator[Postgres]:
    """An embedded server that nobody else knows of."""
    with scratch_home() as home:
        server = Postgres(home)
        server.start()
        yield server


@contextmanager
def scratch_home() -> Iterator[Path]:
    """A folder for a server, gone with it afterwards."""
    home = Path(tempfile.gettempdir()) / f"{SCRATCH}{token_hex(4)}"
    try:
        yield home
    finally:
        Postgres(home).stop("immediate")
        place = find_place(home)
        for folder in {place.run, place.root, home}:
            shutil.rmtree(folder, ignore_errors=True)
