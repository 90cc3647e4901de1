"""A folder of backups: one subfolder for each, and one pool of files that all of them share.

A backup is there once its folder has lost the word `draft`: it is renamed last, so what was cut short is never taken for one.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from wuji.backup.contents import Link, Table
from wuji.backup.programs import BackupError
from wuji.files.store import FolderStore

DUMP, MANIFEST, POOL, DRAFT = "database.dump", "manifest.json", "files", "draft-"
STAMP = "%Y%m%dT%H%M%S-%fZ"
DRAFTS_LIVE = 24 * 3600  # seconds: a younger one may still be written


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What was backed up, and how to prove that it came back."""

    wuji: str
    postgres: str
    taken_at: datetime
    dump_sha256: str
    tables: Mapping[str, Table]
    files: Mapping[str, int]
    chains: list[Link]


class BackupSet(msgspec.Struct, frozen=True):
    """One backup that is complete."""

    path: Path
    manifest: Manifest

    @property
    def dump(self) -> Path:
        return self.path / DUMP

    @property
    def store(self) -> FolderStore:
        return FolderStore(self.path.parent / POOL)

    def check(self) -> None:
        """Raises BackupError for a dump that is not the one that was written."""
        with self.dump.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != self.manifest.dump_sha256:
                raise BackupError(f"{self.dump} is damaged: its digest is not the one in {MANIFEST}")


def list_sets(folder: Path) -> list[BackupSet]:
    """Oldest first."""
    return list(_sets(folder))


def _sets(folder: Path) -> Iterator[BackupSet]:
    for path in sorted(folder.glob(f"*/{MANIFEST}")):
        if not path.parent.name.startswith(DRAFT):
            yield read_set(path.parent)


def read_set(path: Path) -> BackupSet:
    """Raises BackupError where there is none, or where its manifest cannot be read."""
    try:
        return BackupSet(path, msgspec.json.decode((path / MANIFEST).read_bytes(), type=Manifest))
    except FileNotFoundError:
        raise BackupError(f"{path} holds no backup: there is no {MANIFEST}") from None
    except msgspec.MsgspecError as error:
        raise BackupError(f"{path / MANIFEST}: {error}") from error


def newest_set(folder: Path) -> BackupSet:
    """Raises BackupError for a folder without any."""
    found = list_sets(folder)
    if not found:
        raise BackupError(f"{folder} holds no backup: `wuji db backup` takes one")
    return found[-1]


def make_draft(folder: Path, taken_at: datetime) -> Path:
    """A folder for what is not complete yet."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f"{DRAFT}{taken_at.strftime(STAMP)}"
    if draft.exists():
        raise BackupError(f"{draft} is being written by another backup")
    draft.mkdir(mode=0o700)
    return draft


def finish(draft: Path, manifest: Manifest) -> BackupSet:
    (draft / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    for path in (draft / DUMP, draft / MANIFEST, draft):
        _sync(path)
    path = draft.with_name(draft.name.removeprefix(DRAFT))
    draft.rename(path)
    _sync(path.parent)
    return BackupSet(path, manifest)


def prune(folder: Path, keep: int) -> list[Path]:
    """Removes all but the newest `keep` backups, drafts that were cut short, and files that none of those left names."""
    gone = [one.path for one in list_sets(folder)[:-keep]]
    given_up = [path for path in folder.glob(f"{DRAFT}*") if path.stat().st_mtime < time.time() - DRAFTS_LIVE]
    for path in [*gone, *given_up]:
        shutil.rmtree(path)
    named = {sha256 for one in _sets(folder) for sha256 in one.manifest.files}
    pool = FolderStore(folder / POOL)
    for sha256 in [blob for blob in pool.list_blobs() if blob.hex() not in named]:
        pool.remove(sha256)
    return gone


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
