"""Where the bytes of files lie: under their sha256, so that the same bytes lie once and a changed byte is another file."""

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, NamedTuple, Protocol

PIECE = 1 << 20
HASH = 64  # characters of a sha256 in hex
DRAFT, ASIDE = "draft-", ".dropped"
DRAFTS_LIVE = 24 * 3600  # seconds


class Blob(NamedTuple):
    """Bytes that a store holds."""

    sha256: bytes
    size: int


class Readable(Protocol):
    """What gives its bytes once."""

    def read(self, size: int, /) -> bytes: ...


class Store(Protocol):
    """A folder of this machine now, an object store later."""

    def put(self, stream: Readable) -> Blob:
        """Stores what is left in the stream; what is there already is kept, and counts as put now."""

    def open(self, sha256: bytes) -> BinaryIO:
        """For reading. Raises FileNotFoundError."""

    def list_blobs(self) -> Iterator[bytes]:
        """The sha256 of every blob, in no order."""

    def tidy(self) -> None:
        """Clears up after a program that was killed."""

    def spare(self, sha256: bytes) -> None:
        """The blob is in use."""

    def drop(self, sha256: bytes, after: float) -> bool:
        """The blob is not in use. Removes it once that was said for the first time more than so many seconds ago and
        nothing has put it since; whether it did.
        """


class FolderStore:
    """ab/cd/abcd… below one folder, nobody's but the program's. `unused/` notes since when a blob has been out of use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, stream: Readable) -> Blob:
        self._make(self.folder)
        digest = hashlib.sha256()
        with NamedTemporaryFile(dir=self.folder, prefix=DRAFT, delete=False) as draft:
            try:
                while piece := stream.read(PIECE):
                    digest.update(piece)
                    draft.write(piece)
                draft.flush()
                os.fsync(draft.fileno())
                size = draft.tell()
                self._settle(Path(draft.name), digest.digest(), size)
            finally:
                Path(draft.name).unlink(missing_ok=True)
        return Blob(digest.digest(), size)

    def open(self, sha256: bytes) -> BinaryIO:
        return self._path(sha256).open("rb")

    def holds(self, sha256: bytes, size: int) -> bool:
        """Whether the blob is there in its whole length."""
        path = self._path(sha256)
        return path.exists() and path.stat().st_size == size

    def remove(self, sha256: bytes) -> None:
        """At once: for stores that nobody else writes."""
        self._path(sha256).unlink(missing_ok=True)

    def list_blobs(self) -> Iterator[bytes]:
        for path in self.folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if len(path.name) == HASH:
                yield bytes.fromhex(path.name)

    def spare(self, sha256: bytes) -> None:
        self._note(sha256).unlink(missing_ok=True)

    def drop(self, sha256: bytes, after: float) -> bool:
        note = self._note(sha256)
        if not note.exists():
            self._make(note.parent)
            note.touch(mode=0o600)
            return False
        with suppress(FileNotFoundError):  # another sweeper was faster
            return self._drop(self._path(sha256), note, time.time() - after)
        return False

    @staticmethod
    def _drop(path: Path, note: Path, until: float) -> bool:
        if max(note.stat().st_mtime, path.stat().st_mtime) > until:
            return False
        # Aside first, and only then looked at: a put that touched it in between is seen, and one that comes later
        # finds nothing and writes it anew.
        aside = path.with_suffix(ASIDE)
        path.rename(aside)
        if aside.stat().st_mtime > until:
            aside.rename(path)
            return False
        aside.unlink()
        note.unlink()
        return True

    def tidy(self) -> None:
        """Removes drafts that were cut short, and takes back what a removal that was cut short had set aside."""
        for draft in self.folder.glob(f"{DRAFT}*"):
            with suppress(FileNotFoundError):  # it was finished meanwhile
                if draft.stat().st_mtime < time.time() - DRAFTS_LIVE:
                    draft.unlink()
        for aside in self.folder.glob(f"??/??/*{ASIDE}"):
            with suppress(FileNotFoundError):
                aside.rename(aside.with_suffix(""))

    def _settle(self, draft: Path, sha256: bytes, size: int) -> None:
        path = self._path(sha256)
        for folder in (path.parent.parent, path.parent):
            self._make(folder)
        with suppress(FileNotFoundError):
            if path.stat().st_size == size:  # anything else is a damaged disk's, and is mended by writing it again
                os.utime(path)
                return
        draft.rename(path)
        for folder in (path.parent, path.parent.parent, self.folder):
            _sync(folder)

    def _path(self, sha256: bytes) -> Path:
        name = sha256.hex()
        return self.folder / name[:2] / name[2:4] / name

    def _note(self, sha256: bytes) -> Path:
        return self.folder / "unused" / sha256.hex()

    @staticmethod
    def _make(folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sync(folder: Path) -> None:
    """A renamed file survives a power cut only once its folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
