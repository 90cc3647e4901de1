"""Bringing a backup back into an empty database, and proving that it came back whole."""

from collections.abc import Mapping
from pathlib import Path

import psycopg
from sqlalchemy import Engine, make_url

from wuji.backup.contents import begin, list_differences, read_tables
from wuji.backup.programs import BackupError, run_program
from wuji.backup.sets import POOL, BackupSet, pooled
from wuji.backup.shelves import DamagedError, Digesting, Shelf
from wuji.backup.taking import connect, refuse_lost
from wuji.files.store import FolderStore
from wuji.installation import install
from wuji.kit.db.doors import Seal
from wuji.plugin.plugins import Plugins

ANYTHING = "select count(*) from pg_namespace where nspname = 'wuji' or nspname like 'plugin\\_%'"
STRANGE = """
select exists(select from wuji.journal_record where xid >= pg_snapshot_xmin(pg_current_snapshot()))
    or exists(select from wuji.consumer where xid >= pg_snapshot_xmin(pg_current_snapshot()))
"""
LIFT = (
    "alter table wuji.journal_record no force row level security; alter table wuji.consumer no force row level security"
)
LOWER = "alter table wuji.journal_record force row level security; alter table wuji.consumer force row level security"
# Transaction ids of another server mean nothing here: those above this server's own would never be read, and cursors above them
# would pass over what comes. So each becomes the number of those, of all that cursors name, which it has reached: what a cursor
# says of a record stays true. 3 is the first that PostgreSQL gives.
BANDS = """
create table wuji.restored_place as
  select distinct p.xid from wuji.consumer c, unnest(array[c.xid, (c.xid::text::bigint + 1)::text::xid8, c.until_xid]) p(xid)
   where p.xid is not null;
update wuji.journal_record r set xid = (3 + (select count(*) from wuji.restored_place p where p.xid <= r.xid))::text::xid8;
update wuji.consumer c set xid = (3 + (select count(*) from wuji.restored_place p where p.xid <= c.xid))::text::xid8,
  until_xid = case when c.until_xid is not null then
    (3 + (select count(*) from wuji.restored_place p where p.xid <= c.until_xid))::text::xid8 end;
drop table wuji.restored_place
"""


def restore(programs: Path, owner_url: str, backup: BackupSet) -> None:
    """Into a database that has nothing of ours, all or nothing; compared before anything of it is touched.

    Raises BackupError. Functions and keys are the next step's (`complete`).
    """
    with connect(owner_url) as connection:
        ((found,),) = connection.execute(ANYTHING).fetchall()
    if found:
        raise BackupError(
            "the database is not empty: restore into a new one, and name that in the three URLs afterwards"
        )
    how = ("--no-owner", "--exit-on-error", "--single-transaction")
    database = f"--dbname={make_url(owner_url).database}"
    with backup.shelf.local(backup.dump, backup.manifest.dump_sha256) as dump:
        run_program(programs, "pg_restore", owner_url, *how, database, dump)
    with connect(owner_url) as connection:
        compare(connection, backup)


def compare(connection: psycopg.Connection, backup: BackupSet) -> None:
    """Raises BackupError that names each table which is not the one that was backed up."""
    begin(connection)
    if differing := list_differences(backup.manifest.tables, read_tables(connection)):
        raise BackupError("\n".join(["what came back is not what was backed up:", *differing]))


def complete(owner: Engine, owner_url: str, seal: Seal, plugins: Plugins) -> None:
    """Makes a restored database one that is served: places in the journal, then functions, rights and keys."""
    with connect(owner_url) as connection:
        place_anew(connection)
    failed = install(owner, seal, plugins)
    if failed:
        raise BackupError(f"restored, but plugin {failed[0].id} cannot be installed: {failed[0].detail}")


def place_anew(connection: psycopg.Connection) -> None:
    """Where records are of another server: gives each a transaction id that this one has passed, and consumers their places
    among them.
    """
    connection.execute(LIFT)  # FORCE walls the owner too: it would see nothing to change
    ((strange,),) = connection.execute(STRANGE).fetchall()
    if strange:
        connection.execute(BANDS)
    connection.execute(LOWER)


def restore_files(backup: BackupSet, files: FolderStore) -> None:
    """Raises BackupError where the backup's own pool has lost one."""
    fetch_files(backup.shelf, files, backup.manifest.files)


def fetch_files(shelf: Shelf, files: FolderStore, wanted: Mapping[str, int]) -> None:
    """Those that are not there yet. Raises BackupError where the pool has lost one."""
    lost: list[str] = []
    for sha256, size in wanted.items():
        if files.holds(bytes.fromhex(sha256), size):
            continue
        try:
            with shelf.open(pooled(sha256)) as stream:
                files.put(Digesting(stream, sha256, sha256))
        except (FileNotFoundError, DamagedError):
            lost.append(sha256)
    refuse_lost(f"{shelf.address}/{POOL}", lost)
