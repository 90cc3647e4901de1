"""Taking a backup while everybody works on."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import msgspec
import psycopg

from wuji.backup.bases import ARCHIVED_WITHIN, BASE, TRIES, await_archive, begin_still, take_base
from wuji.backup.contents import BACKUP, read_chains, read_files, read_tables
from wuji.backup.programs import BackupError, output_of
from wuji.backup.sets import DUMP, POOL, BackupSet, Manifest, begin_set, finish_set, pooled
from wuji.backup.shelves import DamagedError, Shelf
from wuji.files.store import FolderStore
from wuji.kit.db.engine import plain_url

NAMED = 5  # missing files that the error names
AS_DEFINER = "set local role wuji_definer"
# What monitoring learns it from: web knows no place where backups lie.
NOTE = "select wuji.journal_add('work.backup.take', 'backup', %s, null, wuji.account_system(), null, null, %s)"


@dataclass(frozen=True)
class Source:
    """What is backed up: the database as its owner, the folder of its files; with a login that replicates, the whole server."""

    programs: Path
    owner_url: str = field(repr=False)
    files: FolderStore
    replication_url: str = field(default="", repr=False)
    archived_within: float = ARCHIVED_WITHIN
    reason: str = ""  # who takes it, for the journal


def take_backup(source: Source, shelf: Shelf) -> BackupSet:
    """The database as it is at one moment, then the files it names: a file lives longer than its last row, so none is gone.

    Raises BackupError; then there is no backup, and nothing of it counts as one, but for a dump whose base backup was given up,
    which the error names.
    """
    with connect(source.owner_url) as connection, connect(source.owner_url) as beside:
        beside.autocommit = True
        ((begun_at,),) = beside.execute("select clock_timestamp()").fetchall()
        name = begin_set(shelf, begun_at)
        try:
            manifest = _take(source, shelf, name, connection, beside)
            complaint = _await_log(source, shelf, beside) if manifest.base else ""
            if complaint:
                shelf.remove(f"{name}/{BASE}")
                manifest = msgspec.structs.replace(manifest, base=None)
            made = finish_set(shelf, name, manifest)
        except BaseException:  # Ctrl-C too: what is not whole is not left lying about
            with suppress(BackupError):  # the place itself may be what failed: then `--keep` clears up another day
                shelf.remove_folder(name)
            raise
        note(beside, made, source.reason)
    if complaint:
        raise BackupError(f"{made.address} holds a dump alone, its base backup was given up: {complaint}")
    return made


def note(beside: psycopg.Connection, made: BackupSet, reason: str) -> None:
    """Behind the backup, which therefore does not hold it itself."""
    with beside.transaction():
        beside.execute(AS_DEFINER)
        beside.execute(NOTE, [made.name, reason])


def _await_log(source: Source, shelf: Shelf, beside: psycopg.Connection) -> str:
    """What is wrong with the archive: a good dump is not thrown away for it."""
    try:
        await_archive(shelf, beside, source.archived_within)
    except BackupError as error:
        return str(error)
    return ""


def _take(
    source: Source, shelf: Shelf, name: str, connection: psycopg.Connection, beside: psycopg.Connection
) -> Manifest:
    base = take_base(source.programs, source.replication_url, shelf, name) if source.replication_url else None
    moment = begin_still(connection, beside, TRIES if base else 0)
    reading = ("--enable-row-security", f"--role={BACKUP}", f"--snapshot={moment.snapshot}", "--format=custom")
    with output_of(source.programs, "pg_dump", source.owner_url, *reading) as dump:
        stored = shelf.put(f"{name}/{DUMP}", dump)
    manifest = Manifest(
        wuji=version("wuji"),
        postgres=connection.info.parameter_status("server_version") or "",
        taken_at=moment.at,
        dump_sha256=stored.sha256,
        tables=read_tables(connection),
        files=read_files(connection),
        chains=read_chains(connection),
        base=msgspec.structs.replace(base, still_at=moment.place) if base else None,
    )
    save_files(source.files, shelf, manifest.files)
    return manifest


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(plain_url(url))


def save_files(source: FolderStore, shelf: Shelf, wanted: Mapping[str, int]) -> None:
    """Those that are not there yet. A file whose bytes do not make its name is refused. Raises BackupError."""
    there = dict(shelf.sizes(POOL))
    lost: list[str] = []
    for sha256, size in wanted.items():
        if there.get(pooled(sha256)) == size:
            continue
        try:
            with source.open(bytes.fromhex(sha256)) as stream:
                shelf.put(pooled(sha256), stream, wanted=sha256)
        except (FileNotFoundError, DamagedError):
            lost.append(sha256)
    refuse_lost(str(source.folder), lost)


def refuse_lost(where: str, lost: Sequence[str]) -> None:
    """Raises BackupError where there are any."""
    if lost:
        more = f" and {len(lost) - NAMED} more" if len(lost) > NAMED else ""
        raise BackupError(
            f"{where} lacks {len(lost)} files that the database names, or holds them damaged: "
            f"{', '.join(lost[:NAMED])}{more}"
        )
