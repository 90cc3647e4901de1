"""Whether the files of a base backup are those that the server sent: PostgreSQL's own list of them, name by name.

Its program pg_verifybackup does the same; that of the embedded server's wheel does not run.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from wuji.backup.programs import BackupError

LIST = "backup_manifest"
NAMED = 5  # files that the error names


class Listed(
    msgspec.Struct,
    frozen=True,
    rename={"path": "Path", "encoded": "Encoded-Path", "size": "Size", "sha256": "Checksum"},
):
    """One file. A name that is no UTF-8 is written in hex."""

    size: int
    sha256: str
    path: str = ""
    encoded: str = ""

    @property
    def name(self) -> str:
        return self.path or bytes.fromhex(self.encoded).decode("utf-8", "surrogateescape")


class _List(msgspec.Struct, rename={"files": "Files", "own": "Manifest-Checksum"}):
    files: list[Listed]
    own: str


def verify_files(data: Path) -> None:
    """Raises BackupError that names what is missing or other than the server sent."""
    content = (data / LIST).read_bytes()
    found = msgspec.json.decode(content, type=_List)
    # its last line is its own digest, of everything before
    own = hashlib.sha256(content[: content.rstrip().rindex(b"\n") + 1]).hexdigest()
    wrong = [LIST] if own != found.own else [*_wrong(data, found.files)]
    if wrong:
        more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
        raise BackupError(f"the base backup lacks files, or holds them damaged: {', '.join(wrong[:NAMED])}{more}")


def _wrong(data: Path, files: list[Listed]) -> Iterator[str]:
    for one in files:
        path = data / one.name
        if not path.is_file() or path.stat().st_size != one.size:
            yield one.name
            continue
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != one.sha256:
                yield one.name
