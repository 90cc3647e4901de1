"""Tips that come with a pack or a demo: a folder `tips` of TOML files and beside it a folder `pictures`.

Idempotent: a tip is known by its slug at its tenant, and what people have taken over is left alone.
"""

import json
import tomllib
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import text

from wuji.api import ImportSource, Problem, ScopedSession, now, read_zone, record
from wuji_agri_tips.models import CLASSES
from wuji_agri_tips.rich_text.checking import check_headings, check_needed
from wuji_agri_tips.schemas import TipIn
from wuji_agri_tips.services.attaching import keep_medium, open_incoming
from wuji_agri_tips.services.finding import get_managed, list_media
from wuji_agri_tips.services.writing import CONTENT, KIND, read_values
from wuji_agri_tips.solar_terms import NAMES

WORDS = ("subject", "locality", "title", "summary", "body", "title_en", "summary_en")
PUT = text(
    "select plugin_agri_tips.tip_import(:tenant_id, :origin, :state, :class, :reach_id, :reason, cast(:content as jsonb))"
)
TERMS = {zh: number for number, (zh, _en, _pinyin) in enumerate(NAMES, start=1)}
DIGITS = {"city": 4, "district": 6, "street": 9, "community": 12}  # of the code of a territory
PLACES = "places.toml"
IMAGINE = text("select plugin_agri_tips.past_imagine(:tip_id, :since, :since_on)")
OF_TODAY = 12  # of an imagined past, one in so many is of today
STATES = ("draft", "in_review", "published", "withdrawn")


@dataclass(frozen=True)
class Ground:
    """Codes of places where tips are preferably written; for a demo the present time there, which imagines a past of its tips."""

    near: list[str]
    today: datetime | None


@dataclass(frozen=True)
class Entry:
    """One tip as a file has it, and where it stands there."""

    where: str
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise self.wrong(f"{name} is missing") from None

    def wrong(self, why: object) -> ValueError:
        return ValueError(f"{self.where}: {why}")


def import_tips(session: ScopedSession, source: ImportSource) -> Mapping[str, int]:
    """How many tips were made, changed and left alone. Raises ValueError that names file and line."""
    folder = Path(source.folder)
    places = read_places(folder)
    today = now().astimezone(read_zone(session)) if places.get("imagined_past") else None
    ground = Ground(places.get("near", []), today)
    done: Counter[str] = Counter({"made": 0, "changed": 0, "left": 0})
    for entry in _read_entries(folder):
        done[_put(session, source, entry, ground)] += 1
    return done


def read_places(folder: Path) -> dict[str, Any]:
    """What the folder says of all its tips."""
    path = folder / PLACES
    return _read_toml(path) if path.exists() else {}


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise ValueError(f"{path}: {error}") from error


def _read_entries(folder: Path) -> Iterator[Entry]:
    for path in sorted(folder.glob("tips/*.toml")):
        lines = path.read_text(encoding="utf-8").splitlines()
        starts = [number for number, line in enumerate(lines, start=1) if line.strip() == "[[tip]]"]
        tips = _read_toml(path).get("tip", [])
        for line, values in zip(starts, tips, strict=True):
            yield Entry(f"{path}:{line}", values)


def _put(session: ScopedSession, source: ImportSource, entry: Entry, ground: Ground) -> str:
    code = _find_place(source, entry, ground.near)
    reach = _find_reach(source, entry, code)
    values = {
        "tenant_id": source.tenants[code],
        "origin": entry["slug"],
        "state": STATES[_index(entry, STATES, "state")],
        "class": _index(entry, CLASSES, "audience_class"),
        "reach_id": source.tenants[reach],
        "reason": entry.values.get("reason", ""),
        "content": json.dumps(_read_content(entry)),
    }
    did, tip_id = session.execute(PUT, values).scalar_one()
    if did != "left":
        _illustrate(session, source, entry, UUID(tip_id))
        since = _imagine(entry, ground.today) if ground.today and did == "made" else None
        if since:
            session.execute(IMAGINE, {"tip_id": tip_id, "since": since, "since_on": since.date()})
        elif entry["state"] == "published":
            record(session, "agri_tips.tip.publish", KIND, tip_id, tenant_id=source.tenants[code])
        record(session, "agri_tips.tip.import", KIND, tip_id, tenant_id=source.tenants[code])
    return str(did)


def _imagine(entry: Entry, today: datetime) -> datetime | None:
    """When it would have been published: in the first days of the last of its months that has begun. None: today, or never."""
    share = zlib.crc32(str(entry["slug"]).encode())
    if entry["state"] != "published" or share % OF_TODAY == 0:
        return None
    morning = today.replace(hour=8, minute=share % 60, second=0, microsecond=0)
    times = [
        morning.replace(year=year, month=month, day=1 + share % 9)
        for month in entry["months"]
        for year in (today.year - 1, today.year)
    ]
    return max(time for time in times if time < today)


def _find_place(source: ImportSource, entry: Entry, near: list[str]) -> str:
    """Where it is written: dealt by its slug, so that it is the same each time."""
    digits, district = DIGITS.get(entry["written_at"]), str(entry["district"])
    if digits is None:
        raise entry.wrong(f"written_at is one of {', '.join(DIGITS)}")
    there = [code for code in source.tenants if code.startswith(district[:digits]) and len(code) == digits]
    chosen = [code for code in near if code in there] or sorted(there)
    if not chosen:
        raise entry.wrong(f"the pack has no {entry['written_at']} in {district}")
    return chosen[zlib.crc32(str(entry["slug"]).encode()) % len(chosen)]


def _find_reach(source: ImportSource, entry: Entry, code: str) -> str:
    if entry["reach"] == "own":
        return code
    digits = DIGITS.get(entry["reach"])
    if digits is None or digits > len(code) or code[:digits] not in source.tenants:
        raise entry.wrong(f"reach {entry['reach']} is no place above {code}")
    return code[:digits]


def _index(entry: Entry, among: tuple[str, ...], name: str) -> int:
    if entry[name] not in among:
        raise entry.wrong(f"{name} is one of {', '.join(among)}")
    return among.index(entry[name])


def _read_content(entry: Entry) -> dict[str, Any]:
    """Checked as what people send is."""
    terms = [TERMS.get(name) for name in entry["solar_terms"]]
    if None in terms:
        raise entry.wrong("solar_terms are names such as 大暑")
    given = {name: entry.values[name] for name in CONTENT if name in entry.values}
    try:
        loaded: dict[str, Any] = TipIn().load({**given, "terms": terms})
    except ValidationError as error:
        raise entry.wrong(error.messages) from error
    content = {**dict.fromkeys(WORDS, ""), "months": [], **read_values(loaded)}
    faults = [*check_needed(content), *check_headings(content["body"])]
    if faults and entry["state"] != "draft":
        raise entry.wrong(", ".join(fault.key for fault in faults))
    return content


def _illustrate(session: ScopedSession, source: ImportSource, entry: Entry, tip_id: UUID) -> None:
    """Its picture, where it has none yet."""
    if "picture" not in entry.values or source.files is None or list_media(session, tip_id):
        return
    path = Path(source.folder) / "pictures" / entry["picture"]
    try:
        with path.open("rb") as stream:
            described = {"alt": entry["picture_alt"], "number": 1, "place": 1}
            incoming = open_incoming(stream, path.name)
            keep_medium(session, source.files, get_managed(session, tip_id), incoming, **described)
    except (OSError, Problem) as error:
        raise entry.wrong(f"{path.name}: {error}") from error
