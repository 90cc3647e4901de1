"""The archive: a program that has the server's log of changes (WAL) follow to where backups lie, so that the last minute is
all that a fire could take.

PostgreSQL's own receiver writes the log to this machine as it is written there; from here it goes to the shelf, whole files
as soon as they are full, and the one that is not full yet once a minute.
"""

import gzip
import io
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from wuji.backup.places import open_shelf
from wuji.backup.programs import BackupError, environment, on_path
from wuji.backup.replication import SLOT, replicating
from wuji.backup.shelves import Shelf
from wuji.kit.logs import start_logging
from wuji.kit.options import Options, load

EVERY = 60.0  # seconds between two looks
LOG, REACHED = "wal", "wal/reached.json"
PARTIAL, ZIPPED = ".partial", ".gz"
HISTORY, TIMELINE = ".history", 8  # letters of a name that say the timeline
WHOLE = re.compile(r"[0-9A-F]{24}|[0-9A-F]{8}\.history")
RECEIVED_WITHIN = 30.0  # seconds that the receiver may take for what the server has flushed
LOOK = 0.05
log = logging.getLogger(__name__)


class Reached(msgspec.Struct, frozen=True):
    """Whatever was committed until then lies on the shelf."""

    at: datetime
    position: int


class Entry(msgspec.Struct, frozen=True):
    """One file of the log on the shelf. `segment`: its place in the order of all timelines; empty for a timeline's history."""

    file: str
    name: str
    segment: str
    partial: bool


class Archive:
    """`folder` is this machine's part: what is on the shelf whole is removed from it."""

    def __init__(self, programs: Path, url: str, shelf: Shelf, folder: Path) -> None:
        self._programs = programs
        self._url = url
        self._shelf = shelf
        self._folder = folder
        self._receiver: subprocess.Popen[bytes] | None = None
        self._shipped = "", 0  # the file that is not full yet, as it lies on the shelf

    def run(self, stopping: threading.Event, every: float = EVERY) -> None:
        """Until it is told to stop. What is away is tried again, and said once until it is back."""
        said = ""
        try:
            while not stopping.is_set():
                try:
                    self.follow()
                    said = ""
                except (BackupError, OSError) as error:
                    if str(error) != said:
                        log.warning("the archive does not follow: %s", error)
                    said = str(error)
                stopping.wait(every)
        finally:
            self._end()

    def follow(self) -> Reached:
        """Brings everything that is committed now to the shelf. Raises BackupError where that cannot be."""
        with replicating(self._url) as server:
            server.make_slot()
            self._receive()
            reached = Reached(datetime.now(UTC), server.position())
            until = time.monotonic() + RECEIVED_WITHIN
            while server.received() < reached.position:
                self._receive()
                if time.monotonic() > until:
                    raise BackupError(f"pg_receivewal does not keep up: look at {self._complaints} for what it says")
                time.sleep(LOOK)
        self._ship()
        self._shelf.put(REACHED, io.BytesIO(msgspec.json.encode(reached)))
        return reached

    @property
    def _complaints(self) -> Path:
        return self._folder / "receiver.log"

    def _receive(self) -> None:
        """PostgreSQL's receiver, which connects again by itself; only one that ended is started anew."""
        if self._receiver and self._receiver.poll() is None:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        how = ("--no-password", f"--slot={SLOT}", "--synchronous", f"--directory={self._folder}")
        with self._complaints.open("wb") as complaints:
            argv: list[str | Path] = [self._programs / "pg_receivewal", *how]
            self._receiver = subprocess.Popen(argv, stderr=complaints, env=environment(self._url))

    def _ship(self) -> None:
        for path in sorted(self._folder.iterdir()):
            name = path.name.removesuffix(PARTIAL)
            if not WHOLE.fullmatch(name):
                continue
            partial, changed_at = path.suffix == PARTIAL, path.stat().st_mtime_ns
            if self._shipped == (path.name, changed_at):
                continue
            content = gzip.compress(path.read_bytes(), compresslevel=1)
            self._shelf.put(f"{LOG}/{path.name}{ZIPPED}", io.BytesIO(content))
            if partial:
                self._shipped = path.name, changed_at
            else:
                self._shelf.remove(f"{LOG}/{name}{PARTIAL}{ZIPPED}")
                path.unlink()

    def _end(self) -> None:
        if self._receiver and self._receiver.poll() is None:
            self._receiver.send_signal(signal.SIGINT)
            self._receiver.wait()


def read_reached(shelf: Shelf) -> Reached | None:
    """None: no archive has ever followed to there."""
    try:
        with shelf.open(REACHED) as stream:
            return msgspec.json.decode(stream.read(1 << 16), type=Reached)
    except FileNotFoundError:
        return None


def list_log(shelf: Shelf) -> list[Entry]:
    """What there is; of a file that is there whole, not also what was there of it before."""
    files = [path.removeprefix(f"{LOG}/") for path, _size in shelf.sizes(LOG)]
    found: dict[str, Entry] = {}
    for file in sorted(files, reverse=True):  # a partial one first, so that the whole one replaces it
        name = file.removesuffix(ZIPPED).removesuffix(PARTIAL)
        if WHOLE.fullmatch(name):
            segment = "" if name.endswith(HISTORY) else name[TIMELINE:]
            found[name] = Entry(file, name, segment, file.endswith(f"{PARTIAL}{ZIPPED}"))
    return list(found.values())


def archive_of(options: Options) -> Archive:
    """Raises BackupError where the place cannot be used or programs are missing."""
    shelf = open_shelf(options.backup_url or str(options.home / "backups"))
    return Archive(on_path(), options.replication_database_url, shelf, options.home / LOG)


def main() -> None:
    """Runs until SIGTERM or Ctrl-C."""
    options = load(os.environ)
    start_logging(options)
    stopping = threading.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        # in a thread: the handler runs inside whatever the main one does, be it that it holds the event's own lock
        signal.signal(asked, lambda *_: threading.Thread(target=stopping.set).start())
    try:
        archive_of(options).run(stopping)
    except BackupError as error:
        sys.exit(str(error))
    log.info("the archive stops")


if __name__ == "__main__":
    main()
