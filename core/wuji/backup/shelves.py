"""Where backups lie: things under names with slashes, each there whole or not at all. A folder here, a bucket beside it."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, NamedTuple, Protocol

from wuji.backup.programs import BackupError
from wuji.files.store import Readable

PIECE = 1 << 20
DRAFT = ".draft-"


class DamagedError(BackupError):
    """Bytes do not make the digest that was written down of them."""


class Stored(NamedTuple):
    """What was put: its digest is of the bytes that were read, not of those that came back."""

    sha256: str
    size: int


class Shelf(Protocol):
    """A place for backups. Every method raises BackupError where the place refuses or cannot be reached."""

    @property
    def address(self) -> str:
        """As the operator names it."""

    def put(self, name: str, stream: Readable, wanted: str = "") -> Stored:
        """Raises DamagedError where the bytes do not make the sha256 that is wanted; after any error nothing is there."""

    def open(self, name: str) -> AbstractContextManager[Readable]:
        """Raises FileNotFoundError."""

    def local(self, name: str, wanted: str) -> AbstractContextManager[Path]:
        """As a file of this machine, for programs that want one. Raises DamagedError where its bytes do not make that sha256."""

    def folders(self) -> list[str]:
        """The first parts of names, in their order."""

    def sizes(self, folder: str) -> Iterator[tuple[str, int]]:
        """The names that begin with this folder, and how many bytes lie there."""

    def remove(self, name: str) -> None:
        """What is not there is removed already."""

    def remove_folder(self, folder: str) -> None:
        """All whose names begin with it."""

    def tidy(self, before: float) -> None:
        """Removes what was cut short before that time (seconds since 1970) and so never got its name."""


class Digesting:
    """A stream that knows the digest of what was read of it. Where that is not the wanted one its end is an error: whoever
    stores what they read never comes to store it.
    """

    def __init__(self, stream: Readable, wanted: str, name: str) -> None:
        self._stream = stream
        self._wanted = wanted
        self._name = name
        self._digest = hashlib.sha256()
        self._size = 0

    @property
    def stored(self) -> Stored:
        return Stored(self._digest.hexdigest(), self._size)

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or all that are left; fewer only at the end."""
        pieces: list[bytes] = []
        left = size
        while left and (piece := self._stream.read(left if left > 0 else PIECE)):
            pieces.append(piece)
            left -= len(piece) if left > 0 else 0
        found = b"".join(pieces)
        self._digest.update(found)
        self._size += len(found)
        if left and self._wanted not in {"", self._digest.hexdigest()}:
            raise DamagedError(f"{self._name} is damaged: its digest is not {self._wanted}")
        return found


def pour(stream: Readable, into: IO[bytes]) -> None:
    while piece := stream.read(PIECE):
        into.write(piece)


def read_all(stream: Readable) -> bytes:
    """Of something small."""
    return b"".join(iter(lambda: stream.read(PIECE), b""))


class FolderShelf:
    """A folder, nobody's but the program's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def address(self) -> str:
        return str(self.folder)

    def put(self, name: str, stream: Readable, wanted: str = "") -> Stored:
        path = self.folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        reading = Digesting(stream, wanted, name)
        with NamedTemporaryFile(dir=self.folder, prefix=DRAFT, delete=False) as draft:
            try:
                pour(reading, draft)
                draft.flush()
                os.fsync(draft.fileno())
                Path(draft.name).rename(path)
            finally:
                Path(draft.name).unlink(missing_ok=True)
        for folder in [path.parent, *(one for one in path.parents if one.is_relative_to(self.folder))]:
            _sync(folder)
        return reading.stored

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        return (self.folder / name).open("rb")

    @contextmanager
    def local(self, name: str, wanted: str) -> Iterator[Path]:
        with self.open(name) as stream:
            reading = Digesting(stream, wanted, name)
            while reading.read(PIECE):
                pass
        yield self.folder / name

    def folders(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("*/"))

    def sizes(self, folder: str) -> Iterator[tuple[str, int]]:
        for path in (self.folder / folder).rglob("*"):
            if path.is_file():
                yield path.relative_to(self.folder).as_posix(), path.stat().st_size

    def remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)

    def remove_folder(self, folder: str) -> None:
        if (self.folder / folder).exists():
            shutil.rmtree(self.folder / folder)

    def tidy(self, before: float) -> None:
        for draft in self.folder.glob(f"{DRAFT}*"):
            if draft.stat().st_mtime < before:
                draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """A renamed file survives a power cut only once its folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
