"""Base backups: the server's own files while it works, from which its log of changes (WAL) leads to any later moment."""

import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psycopg

from wuji.backup.archiving import LOG, read_reached
from wuji.backup.contents import begin
from wuji.backup.programs import BackupError, output_of
from wuji.backup.replication import number, replicating, segment_of
from wuji.backup.shelves import Shelf

BASE = "base.tar"
MOMENT = """
select pg_export_snapshot(), now(), pg_current_wal_insert_lsn()::text,
       pg_snapshot_xmin(pg_current_snapshot()) = pg_snapshot_xmax(pg_current_snapshot())
"""
INSERTED = "select pg_current_wal_insert_lsn()::text"
# Something that comes after the moment, so that recovery finds where to stop.
AFTER = "select pg_logical_emit_message(true, 'wuji', 'moment')::text"
TRIES = 2000  # each takes less than a millisecond or two
ARCHIVED_WITHIN = 180.0  # seconds; the archive looks every minute
LOOK = 0.5


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """`segment` is the first file of the log that it needs. `still_at`: where the log stood when the tables were counted;
    None where somebody wrote all the time, so that no place in the log is exactly that moment.
    """

    sha256: str
    size: int
    segment: str
    ended_at: datetime
    still_at: int | None = None


class Moment(msgspec.Struct, frozen=True):
    """The moment of a backup: the snapshot, its time, and its place in the log where that is known."""

    snapshot: str
    at: datetime
    place: int | None


def take_base(programs: Path, url: str, shelf: Shelf, name: str) -> Base:
    """Raises BackupError. What the server wrote meanwhile is in it; what it writes later is the archive's part."""
    with replicating(url) as server:
        segment = segment_of(server.position(), server.segment())
    how = ("--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast", "--manifest-checksums=SHA256")
    with output_of(programs, "pg_basebackup", url, *how) as tar:
        stored = shelf.put(f"{name}/{BASE}", tar)
    return Base(sha256=stored.sha256, size=stored.size, segment=segment, ended_at=datetime.now(UTC))


def begin_still(connection: psycopg.Connection, beside: psycopg.Connection, tries: int = TRIES) -> Moment:
    """Begins the transaction that reads everything, if possible while nobody writes. Nobody is kept from writing for it.

    With no transaction under way that has written, and nothing added to the log while the snapshot was taken, what the snapshot
    shows is what the log leads to up to there. `beside` is in autocommit.
    """
    for _ in range(tries):
        ((before,),) = beside.execute(INSERTED).fetchall()
        begin(connection)
        ((snapshot, at, after, nobody),) = connection.execute(MOMENT).fetchall()
        if nobody and before == after:
            return Moment(snapshot, at, number(after))
        connection.rollback()
    begin(connection)
    ((snapshot, at, _after, _nobody),) = connection.execute(MOMENT).fetchall()
    return Moment(snapshot, at, None)


def await_archive(shelf: Shelf, beside: psycopg.Connection, within: float) -> None:
    """Raises BackupError where the log does not come to the shelf: then a base backup is worth no more than a dump."""
    ((after,),) = beside.execute(AFTER).fetchall()
    until = time.monotonic() + within
    while (reached := read_reached(shelf)) is None or reached.position <= number(after):
        if time.monotonic() > until:
            last = f"has not come there since {reached.at:%Y-%m-%d %H:%M:%S} UTC" if reached else "has never come there"
            raise BackupError(
                f"the log of changes {last} ({shelf.address}/{LOG}): run `wuji archive`, and see what it says"
            )
        time.sleep(LOOK)
