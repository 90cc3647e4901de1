"""Backups on a shelf: one folder of names for each, and one pool of files that all of them share.

A backup is there once its manifest is, which is put last: what was cut short is never taken for one.
"""

import io
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime

import msgspec

from wuji.backup.archiving import LOG, list_log
from wuji.backup.bases import Base
from wuji.backup.contents import Link, Table
from wuji.backup.places import open_shelf, split
from wuji.backup.programs import BackupError
from wuji.backup.shelves import Shelf, read_all

DUMP, MANIFEST, BEGUN, POOL = "database.dump", "manifest.json", "begun", "files"
STAMP = "%Y%m%dT%H%M%S-%fZ"
NAME = re.compile(r"\d{8}T\d{6}-\d{6}Z")
DRAFTS_LIVE = 24 * 3600  # seconds: a younger one may still be written


class NoBackupError(BackupError):
    """None was taken, or not there."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What was backed up, and how to prove that it came back."""

    wuji: str
    postgres: str
    taken_at: datetime
    dump_sha256: str
    tables: Mapping[str, Table]
    files: Mapping[str, int]
    chains: list[Link]
    base: Base | None = None


class BackupSet(msgspec.Struct, frozen=True):
    """One backup that is complete."""

    shelf: Shelf
    name: str
    manifest: Manifest

    @property
    def address(self) -> str:
        """As `wuji db restore` takes it."""
        return f"{self.shelf.address}/{self.name}"

    @property
    def dump(self) -> str:
        return f"{self.name}/{DUMP}"


def list_sets(shelf: Shelf) -> list[BackupSet]:
    """Oldest first."""
    return list(_sets(shelf, _names(shelf)))


def find_set(where: str) -> BackupSet:
    """The one that is named, or the newest of the place that is named. Raises BackupError where there is none."""
    above, name = split(where)
    if not NAME.fullmatch(name):
        return newest_set(open_shelf(where))
    try:
        return read_set(open_shelf(above), name)
    except FileNotFoundError:
        raise NoBackupError(f"{where} holds no backup: there is no {MANIFEST}") from None


def newest_set(shelf: Shelf) -> BackupSet:
    """Raises BackupError for a place without any."""
    found = next(_sets(shelf, reversed(_names(shelf))), None)
    if found is None:
        raise NoBackupError(f"{shelf.address} holds no backup: `wuji db backup` takes one")
    return found


def read_set(shelf: Shelf, name: str) -> BackupSet:
    """Raises FileNotFoundError where there is none, BackupError where its manifest cannot be read."""
    with shelf.open(f"{name}/{MANIFEST}") as stream:
        content = read_all(stream)
    try:
        return BackupSet(shelf, name, msgspec.json.decode(content, type=Manifest))
    except msgspec.MsgspecError as error:
        raise BackupError(f"{shelf.address}/{name}/{MANIFEST}: {error}") from error


def begin_set(shelf: Shelf, taken_at: datetime) -> str:
    """Notes that a backup is being taken, so that nobody clears up its files; returns its name."""
    name = taken_at.astimezone(UTC).strftime(STAMP)
    shelf.put(f"{name}/{BEGUN}", io.BytesIO())
    return name


def finish_set(shelf: Shelf, name: str, manifest: Manifest) -> BackupSet:
    """From here on it is a backup."""
    shelf.put(f"{name}/{MANIFEST}", io.BytesIO(msgspec.json.format(msgspec.json.encode(manifest), indent=1)))
    shelf.remove(f"{name}/{BEGUN}")
    return BackupSet(shelf, name, manifest)


def prune(shelf: Shelf, keep: int) -> list[str]:
    """Removes all but the newest `keep` backups, what was cut short, and files that none of those left names; returns the
    backups that went.
    """
    until = time.time() - DRAFTS_LIVE
    complete = list_sets(shelf)
    gone, left = complete[:-keep], complete[-keep:]
    drafts = {*_names(shelf)} - {one.name for one in complete}
    given_up = {name for name in drafts if datetime.strptime(name, STAMP).replace(tzinfo=UTC).timestamp() < until}
    for name in [*(one.name for one in gone), *given_up]:
        shelf.remove(f"{name}/{MANIFEST}")  # first: a backup that is half gone must not count as one
        shelf.remove_folder(name)
    shelf.tidy(until)
    _prune_log(shelf, [one.manifest.base.segment for one in left if one.manifest.base])
    if not drafts - given_up:  # one that is being taken counts on files that only a backup of before names
        named = {pooled(sha256) for one in left for sha256 in one.manifest.files}
        for name in [name for name, _size in shelf.sizes(POOL) if name not in named]:
            shelf.remove(name)
    return [one.address for one in gone]


def _prune_log(shelf: Shelf, needed: list[str]) -> None:
    """What no base backup that is left needs. Without any nothing goes: the first one may be on its way."""
    for entry in list_log(shelf) if needed else []:
        if entry.segment and entry.segment < min(needed):
            shelf.remove(f"{LOG}/{entry.file}")


def pooled(sha256: str) -> str:
    """Where a file lies, whichever backups name it."""
    return f"{POOL}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _names(shelf: Shelf) -> list[str]:
    return [name for name in shelf.folders() if NAME.fullmatch(name)]


def _sets(shelf: Shelf, names: Iterable[str]) -> Iterator[BackupSet]:
    for name in names:
        with suppress(FileNotFoundError):  # it was cut short
            yield read_set(shelf, name)
