"""From a base backup and the log of changes to a server as it was at any moment: PostgreSQL's own recovery."""

import gzip
import re
import shutil
import subprocess
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import make_url

from wuji.backup.archiving import LOG, list_log, read_reached
from wuji.backup.bases import BASE
from wuji.backup.contents import begin, read_files
from wuji.backup.programs import BackupError
from wuji.backup.replication import written
from wuji.backup.restoring import fetch_files
from wuji.backup.sets import BackupSet, list_sets
from wuji.backup.shelves import Shelf, read_all
from wuji.backup.taking import connect
from wuji.backup.verifying import verify_files
from wuji.files.store import FolderStore
from wuji.kit.embedded.failure import EmbeddedError, tail
from wuji.kit.embedded.place import Place, find_place, settle
from wuji.kit.embedded.postgres import DBA, PORT, Postgres
from wuji.kit.embedded.running import await_ready, find_server
from wuji.kit.embedded.secret import secret

SERVERS = "/usr/lib/postgresql/{major}/bin"
LOG_FOLDER = "log-of-changes"
MAJOR = re.compile(r"\d+")
WITHIN = 24 * 3600.0  # seconds that reading the log may take
# Whoever reaches the socket, which is nobody but its owner, needs the password of the server that was backed up.
LETS_IN = "local all all scram-sha-256\n"
TOO_SHORT = "recovery ended before configured recovery target was reached"
RECOVERY = {"hot_standby": "off", "recovery_target_timeline": "latest", "archive_mode": "off", "ssl": "off"}


def until_place(place: int) -> Mapping[str, str]:
    """To just before what stands there in the log."""
    return {"recovery_target_lsn": written(place), "recovery_target_inclusive": "off"}


def until_time(at: datetime) -> Mapping[str, str]:
    """With whatever was committed by then."""
    return {"recovery_target_time": at.isoformat()}


def recover(backup: BackupSet, home: Path, until: Mapping[str, str]) -> Postgres:
    """A server below this folder, which is new, as it was then; it runs. Raises BackupError."""
    place = settle(home)
    secret(home, DBA)  # of no server: there is none of ours in what comes back
    folder = place.root / "postgres"
    place.servant.make_folder(folder)
    programs = find_version(backup.manifest.postgres, home)
    _unpack(backup, place)
    _lay_log(backup, place)
    for name, content in {"recovered.conf": "", "recovered_hba.conf": LETS_IN, "data/recovery.signal": ""}.items():
        place.servant.write(folder / name, content)
    settings = {
        **RECOVERY,
        "config_file": str(folder / "recovered.conf"),
        "hba_file": str(folder / "recovered_hba.conf"),
        "ident_file": str(folder / "recovered.conf"),
        "restore_command": f"cp '{folder / LOG_FOLDER}/%f' '%p'",
    }
    return _start(home, programs, settings, until)


def _start(home: Path, programs: Path, settings: Mapping[str, str], until: Mapping[str, str]) -> Postgres:
    server = Postgres(home, programs, {**settings, **until, "recovery_target_action": "promote"})
    try:
        _await_promotion(server)
    except BackupError as error:
        if TOO_SHORT not in str(error) or "recovery_target_time" not in until:
            raise
        # Nothing was committed after the time asked for: what the whole log leads to is what was then.
        server = Postgres(home, programs, settings)
        _await_promotion(server)
    return server


def _await_promotion(server: Postgres) -> None:
    """pg_ctl comes back as soon as the log is being read. Raises BackupError with what the server said."""
    try:
        server.start(WITHIN)
        await_ready(find_server("postgres", server.data), server.ready, WITHIN)
    except EmbeddedError as error:
        log = server.data.parent / "log"
        said = tail(log.read_bytes()) if log.exists() else ""
        raise BackupError(f"the base backup does not come back: {error}\n{said}") from error


def find_base(shelf: Shelf, at: datetime) -> BackupSet:
    """The newest base backup that was ready by then. Raises BackupError where there is none, or the log does not lead there."""
    reached = read_reached(shelf)
    fitting = [one for one in list_sets(shelf) if one.manifest.base and one.manifest.base.ended_at <= at]
    if not fitting:
        raise BackupError(f"{shelf.address} holds no base backup that was ready by {at:%Y-%m-%d %H:%M:%S %Z}")
    if reached is None or reached.at < at:
        last = f"{reached.at:%Y-%m-%d %H:%M:%S} UTC" if reached else "no moment"
        raise BackupError(f"the log of changes at {shelf.address} leads to {last}, no further")
    return fitting[-1]


def restore_server(backup: BackupSet, home: Path, at: datetime, owner_url: str, files: FolderStore) -> Path:
    """The server as it was then, stopped again, and the files that it names; returns its data folder. Raises BackupError.

    Files that were stored after the last backup are not in its pool: they must still be where they were.
    """
    server = recover(backup, home, until_time(at))
    try:
        with connect(url_in(home, owner_url)) as connection:
            begin(connection)
            wanted = read_files(connection)
    finally:
        server.stop()
    place = find_place(home)
    for folder in (place.run, place.root / "postgres" / LOG_FOLDER):
        shutil.rmtree(folder)
    fetch_files(backup.shelf, files, wanted)
    return server.data


def url_in(home: Path, url: str) -> str:
    """The same login and database, in the server that came back."""
    given = make_url(url)
    socket = f"host={quote(str(find_place(home).run), safe='')}&port={PORT}"
    password = quote(given.password or "", safe="")
    return f"postgresql+psycopg://{quote(given.username or '', safe='')}:{password}@/{given.database}?{socket}"


def find_version(version: str, home: Path) -> Path:
    """The folder of a server of that version: files of one are of no use to another. Raises BackupError."""
    found = MAJOR.match(version)
    major = found[0] if found else version
    if (Path(SERVERS.format(major=major)) / "postgres").exists():
        return Path(SERVERS.format(major=major))
    on_path = shutil.which("postgres")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    with suppress(EmbeddedError):  # it is not installed
        candidates.append(Postgres(home).bin)
    for folder in candidates:
        if _major_of(folder) == major:
            return folder
    raise BackupError(
        f"there is no server of PostgreSQL {major} on this machine: install it to bring a base backup back"
    )


def _major_of(folder: Path) -> str:
    said = subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    found = MAJOR.search(said)
    return found[0] if found else ""


def _unpack(backup: BackupSet, place: Place) -> None:
    """As the user whose server it will be. Raises BackupError where a file is not the one that the server sent."""
    base = backup.manifest.base
    if base is None:
        raise BackupError(f"{backup.address} holds no base backup")
    data = place.root / "postgres" / "data"
    place.servant.make_folder(data)
    who: dict[str, Any] = (
        {"user": place.servant.uid, "group": place.servant.gid, "extra_groups": []} if place.servant.dropped else {}
    )
    with backup.shelf.local(f"{backup.name}/{BASE}", base.sha256) as path, path.open("rb") as tar:
        argv = ["tar", "--extract", "--directory", str(data)]
        done = subprocess.run(argv, check=False, stdin=tar, capture_output=True, **who)
    if done.returncode:
        raise BackupError(f"the base backup cannot be unpacked: {done.stderr.decode('utf-8', 'replace').strip()}")
    verify_files(data)


def _lay_log(backup: BackupSet, place: Place) -> None:
    """Every file of the log from the base backup on, where recovery looks for it."""
    base = backup.manifest.base
    folder = place.root / "postgres" / LOG_FOLDER
    place.servant.make_folder(folder)
    for entry in list_log(backup.shelf):
        if base and (not entry.segment or entry.segment >= base.segment):
            path = folder / entry.name
            with backup.shelf.open(f"{LOG}/{entry.file}") as stream:
                packed = read_all(stream)
            try:
                path.write_bytes(gzip.decompress(packed))
            except (gzip.BadGzipFile, EOFError, zlib.error) as error:
                raise BackupError(f"{LOG}/{entry.file} is damaged: {error}") from error
            if place.servant.dropped:
                shutil.chown(path, place.servant.uid, place.servant.gid)
