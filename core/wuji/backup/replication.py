"""The server as its replication login sees it: where its log of changes (WAL) has come to, and how far ours has followed."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from wuji.backup.programs import BackupError
from wuji.kit.db.engine import plain_url

SLOT = "wuji_archive"
PATIENCE = 10  # seconds
UNITS = {"MB": 1 << 20, "GB": 1 << 30}


class Replication:
    """One connection that knows replication's commands and no SQL."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def position(self) -> int:
        """What the server has flushed of its log: everything that was committed until now."""
        return number(self._ask("IDENTIFY_SYSTEM")[2])

    def received(self) -> int:
        """How far our receiver has written the log to a disk of ours; 0 where it has never run."""
        restart = self._ask(f"READ_REPLICATION_SLOT {SLOT}")[1]
        return number(restart) if restart else 0

    def segment(self) -> int:
        """Bytes of one file of the log."""
        size = self._ask("SHOW wal_segment_size")[0]
        return int(size[:-2]) * UNITS[size[-2:]]

    def make_slot(self) -> None:
        """Has the server keep its log from now on until we have it. A slot that is there goes on."""
        if self._ask(f"READ_REPLICATION_SLOT {SLOT}")[0] == "":
            self._ask(f"CREATE_REPLICATION_SLOT {SLOT} PHYSICAL RESERVE_WAL")

    def _ask(self, command: str) -> list[str]:
        """A row; what it lacks is empty. Commands are made of this module's own words: replication knows no parameters."""
        row = self._connection.execute(command.encode()).fetchall()[0]
        # such a connection belongs to no database, so nobody knows its encoding
        return [value.decode() if isinstance(value, bytes) else str(value or "") for value in row]


@contextmanager
def replicating(url: str) -> Iterator[Replication]:
    """Raises BackupError where the server is away, or the login may not replicate."""
    try:
        # nothing is prepared: replication knows the simple protocol alone
        with psycopg.connect(
            plain_url(url), autocommit=True, prepare_threshold=None, replication="true", connect_timeout=PATIENCE
        ) as connection:
            yield Replication(connection)
    except psycopg.Error as error:
        raise BackupError(
            f"the server cannot be followed: {error}; see whether WUJI_REPLICATION_DATABASE_URL names a login with "
            "REPLICATION, and pg_hba.conf lets it in"
        ) from error


def number(position: str) -> int:
    """A position in the log, as PostgreSQL writes it: 16/B374D848."""
    high, low = position.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def written(position: int) -> str:
    return f"{position >> 32:X}/{position & 0xFFFFFFFF:X}"


def segment_of(position: int, size: int) -> str:
    """The last sixteen letters of the name of the file that holds the position; the first eight are the timeline."""
    number_of = position // size
    each = (1 << 32) // size
    return f"{number_of // each:08X}{number_of % each:08X}"
