"""Reads a pack's files as what they should be, UTF-8 text, TOML, CSV, and says where they are not."""

import csv
import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from wuji.tenancy.packs.finding import Findings

HEADER = ("code", "parent", "level", "category", "name")
MOST_BYTES = 32 * 1024 * 1024
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
UTF_8_MARK = b"\xef\xbb\xbf"
TOML_TABLE = re.compile(r"\s*(\[{1,2})\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?")
TOML_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
TOML_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
TOML_AT = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)")


def read_text(path: Path, file: str, findings: Findings) -> str | None:
    """The text of a file; None, with a finding, where there is none to read."""
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        findings.error(file, 0, f"it cannot be read ({error.strerror}); a pack needs it")
        return None
    if size > MOST_BYTES:
        findings.error(file, 0, f"it has {size:,} bytes; a pack's file has at most {MOST_BYTES:,}")
        return None
    if raw.startswith(UTF_16):
        findings.error(file, 1, "it is UTF-16; save it as UTF-8")
        return None
    if b"\0" in raw:
        findings.error(file, _line(raw, raw.index(b"\0")), "there is a NUL byte; save the file as plain text in UTF-8")
        return None
    if raw.startswith(UTF_8_MARK):
        findings.warn(file, 1, "it begins with a byte order mark, which is skipped; UTF-8 needs none")
    try:
        return raw.removeprefix(UTF_8_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        guess = "it looks like GBK: save it as UTF-8" if _is_gbk(raw) else "save the file as UTF-8"
        findings.error(
            file, _line(error.object, error.start), f"byte 0x{error.object[error.start]:02x} is not UTF-8; {guess}"
        )
        return None


def _line(raw: bytes, place: int) -> int:
    return raw.count(b"\n", 0, place) + 1


def _is_gbk(raw: bytes) -> bool:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def read_toml(text: str, file: str, findings: Findings) -> Any:
    """The document with its dates as text, as JSON has them; None, with a finding, where it is no TOML."""
    try:
        return _as_json(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        said = TOML_AT.fullmatch(str(error))
        line = int(said[2]) if said and said[2] else text.count("\n") + 1
        findings.error(file, line, f"this is no TOML: {said[1] if said else error}")
        return None


def _as_json(value: Any) -> Any:
    match value:
        case dict():
            return {key: _as_json(item) for key, item in value.items()}
        case list():
            return [_as_json(item) for item in value]
        case date():
            return value.isoformat()
        case _:
            return value


def toml_line(text: str, path: Sequence[str | int]) -> int:
    """The line on which the value at the path is written; of the nearest thing around it where it has none of its own."""
    table: tuple[str | int, ...] = ()
    place: tuple[str | int, ...]
    counts: dict[tuple[str | int, ...], int] = {}
    best, line = 0, 1
    for number, content in enumerate(text.split("\n"), 1):
        if found := TOML_TABLE.fullmatch(content):
            place = _parts(found[2])
            if found[1] == "[[":
                counts[place] = counts.get(place, -1) + 1
                place = (*place, counts[place])
            table = place
        elif found := TOML_KEY.match(content):
            place = (*table, *_parts(found[1]))
        else:
            continue
        if best < len(place) <= len(path) and place == tuple(path[: len(place)]):
            best, line = len(place), number
    return line


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in TOML_PART.findall(dotted))


def read_rows(text: str, file: str, findings: Findings) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) of a CSV file with the header of tenants.csv; what is no row becomes a finding."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    start = 1
    try:
        header = next(reader, [])
        if tuple(header) != HEADER:
            findings.error(file, 1, f"the first line must be {','.join(HEADER)}; it is {','.join(header)[:80]!r}")
            return
        for fields in reader:
            start, line = reader.line_num, start + 1
            if len(fields) == len(HEADER):
                yield line, dict(zip(HEADER, fields, strict=True))
            elif fields:
                findings.error(
                    file, line, f"there are {len(fields)} fields, not {len(HEADER)}; quote a name that has a comma"
                )
    except csv.Error as error:
        findings.error(file, reader.line_num, f"this is no CSV ({error}); close the quotes")
