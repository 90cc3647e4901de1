"""Taking a backup while everybody works on."""

import hashlib
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from wuji.backup.contents import BACKUP, begin, read_chains, read_files, read_tables
from wuji.backup.programs import BackupError, run_program
from wuji.backup.sets import DUMP, POOL, BackupSet, Manifest, finish, make_draft
from wuji.files.store import FolderStore
from wuji.kit.db.engine import plain_url

SNAPSHOT = "select pg_export_snapshot(), now()"
NAMED = 5  # missing files that the error names


def take_backup(programs: Path, owner_url: str, files: FolderStore, folder: Path) -> BackupSet:
    """The database as it is at one moment, then the files it names: a file lives longer than its last row, so none is gone.

    Raises BackupError; then there is no backup, and nothing of it counts as one.
    """
    with connect(owner_url) as connection:
        begin(connection)
        ((snapshot, taken_at),) = connection.execute(SNAPSHOT).fetchall()
        draft = make_draft(folder, taken_at.astimezone(UTC))
        try:
            reading = ("--enable-row-security", f"--role={BACKUP}", f"--snapshot={snapshot}")
            run_program(programs, "pg_dump", owner_url, *reading, "--format=custom", f"--file={draft / DUMP}")
            manifest = _describe(connection, draft, taken_at)
            copy_files(files, FolderStore(folder / POOL), manifest.files)
        except BaseException:  # Ctrl-C too: what is not whole is not left lying about
            shutil.rmtree(draft)
            raise
    return finish(draft, manifest)


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(plain_url(url))


def copy_files(source: FolderStore, target: FolderStore, wanted: Mapping[str, int]) -> None:
    """Those that are not there yet. A copy whose bytes do not make its name is refused. Raises BackupError."""
    lost: list[str] = []
    for sha256, size in wanted.items():
        name = bytes.fromhex(sha256)
        if target.holds(name, size):
            continue
        try:
            with source.open(name) as stream:
                blob = target.put(stream)
        except FileNotFoundError:
            lost.append(sha256)
            continue
        if blob.sha256 != name:
            target.remove(blob.sha256)
            lost.append(sha256)
    if lost:
        more = f" and {len(lost) - NAMED} more" if len(lost) > NAMED else ""
        raise BackupError(
            f"{source.folder} lacks {len(lost)} files that the database names, or holds them damaged: "
            f"{', '.join(lost[:NAMED])}{more}"
        )


def _describe(connection: psycopg.Connection, draft: Path, taken_at: datetime) -> Manifest:
    with (draft / DUMP).open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Manifest(
        wuji=version("wuji"),
        postgres=connection.info.parameter_status("server_version") or "",
        taken_at=taken_at,
        dump_sha256=digest,
        tables=read_tables(connection),
        files=read_files(connection),
        chains=read_chains(connection),
    )
