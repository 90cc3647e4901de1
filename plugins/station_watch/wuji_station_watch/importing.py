"""Stations that come with a pack: `stations.csv`, as a spreadsheet saves it, and `watch.toml` with what is to be watched.

Idempotent: a station is known by its name at its tenant, and one that is there is left alone, as are the rules of a tenant that
has any.
"""

import csv
import io
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import select, text

from wuji.api import ImportSource, ScopedSession, add_job, record
from wuji_station_watch.alarm_models import AlarmRule
from wuji_station_watch.models import WEEKDAYS, Station
from wuji_station_watch.profiling import PROFILE
from wuji_station_watch.schemas import StationIn
from wuji_station_watch.services.rules import KIND as RULE_KIND
from wuji_station_watch.services.stations import IN_RANGE, KIND, read_values
from wuji_station_watch.watch_schemas import AlarmRuleIn

STATIONS, WATCH = "stations.csv", "watch.toml"
PAST = text("select plugin_station_watch.past_imagine(:station_id, :weeks)")
# Headings as sheets have them, in either language.
HEADINGS = {
    "区划代码": "code",
    "名称": "name",
    "类型": "kind",
    "地址": "address",
    "电话": "phone",
    "经度": "longitude",
    "纬度": "latitude",
    "容量": "capacity",
    "服务": "services",
    "开放时间": "hours",
}
NAMES = tuple(HEADINGS.values())
NEEDED = ("code", "name", "kind", "capacity")
DAYS = re.compile(
    r"(?:(?P<from>mon|tue|wed|thu|fri|sat|sun)(?:-(?P<to>mon|tue|wed|thu|fri|sat|sun))?\s+)?(?P<spans>\S.*)"
)


def import_stations(session: ScopedSession, source: ImportSource) -> Mapping[str, int]:
    """How many stations were made and left alone. Raises ValueError that names file and line."""
    folder = Path(source.folder)
    done: Counter[str] = Counter({"made": 0, "left": 0})
    for where, row in _read_rows(folder / STATIONS):
        done[_put(session, source, where, row)] += 1
    if (folder / WATCH).is_file():
        _watch(session, source, folder / WATCH)
    return done


def _read_rows(path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """(file:line, cells by name)."""
    reader = csv.reader(io.StringIO(_read_text(path), newline=""))
    heading = [HEADINGS.get(cell.strip(), cell.strip()) for cell in next(reader, [])]
    if missing := [name for name in NEEDED if name not in heading]:
        raise ValueError(f"{path}:1: no column {', '.join(missing)}; columns are {', '.join(NAMES)}")
    if unknown := [name for name in heading if name not in NAMES]:
        raise ValueError(f"{path}:1: nothing is known of the column {unknown[0]!r}; columns are {', '.join(NAMES)}")
    for cells in reader:
        where = f"{path}:{reader.line_num}"
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            raise ValueError(f"{where}: {len(cells)} cells under {len(heading)} headings")
        row = {name: cell.strip() for name, cell in zip(heading, cells, strict=True)}
        if empty := [name for name in NEEDED if not row[name]]:
            hint = "a merged cell? A sheet keeps its text in the first row only: unmerge it and fill each row"
            raise ValueError(f"{where}: {empty[0]} is empty ({hint})")
        yield where, row


def _read_text(path: Path) -> str:
    """UTF-8, with or without a mark."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        hint = (
            "save the sheet as “CSV UTF-8”; it looks like GBK" if _is_gbk(content) else "save the sheet as “CSV UTF-8”"
        )
        raise ValueError(f"{path}:{line}: not UTF-8 ({hint})") from error


def _is_gbk(content: bytes) -> bool:
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _put(session: ScopedSession, source: ImportSource, where: str, row: Mapping[str, str]) -> str:
    tenant_id = source.tenants.get(row["code"])
    if tenant_id is None:
        raise ValueError(f"{where}: the pack has no tenant {row['code']}")
    there = select(Station.id).where(Station.tenant_id == tenant_id, Station.name == row["name"])
    if session.execute(there).first():
        return "left"
    station = Station(tenant_id=tenant_id, **read_values({"public": True, **_check(where, row)}))
    session.add(station)
    session.flush()
    record(session, f"{KIND}.import", KIND, station.id, tenant_id=tenant_id)
    return "made"


def _check(where: str, row: Mapping[str, str]) -> Mapping[str, Any]:
    """As what people send is."""
    try:
        sent: dict[str, Any] = {name: row[name] for name in ("name", "kind", "address", "phone") if row.get(name)}
        sent["capacity"] = int(row["capacity"])
        sent |= {name: float(row[name]) for name in ("longitude", "latitude") if row.get(name)}
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    sent["services"] = row.get("services", "").replace("、", " ").split()
    sent["hours"] = read_hours(where, row.get("hours", ""))
    try:
        loaded: Mapping[str, Any] = StationIn().load(sent)
    except ValidationError as error:
        raise ValueError(f"{where}: {error.messages}") from error
    return loaded


def read_hours(where: str, said: str) -> dict[str, list[list[str]]]:
    """“08:00-21:00”, or “mon-fri 08:00-12:00 14:00-18:00; sat 09:00-12:00”; days that are not named are days off."""
    hours: dict[str, list[list[str]]] = {}
    for part in filter(None, (one.strip() for one in said.replace("；", ";").split(";"))):
        found = DAYS.fullmatch(part)
        spans = [one.split("-") for one in found["spans"].split()] if found else []
        if not found or not all(len(span) == 2 for span in spans):  # noqa: PLR2004 - from, to
            raise ValueError(f"{where}: hours {part!r}; write 08:00-21:00 or mon-fri 08:00-12:00 14:00-18:00")
        days = _days(found["from"], found["to"])
        if not days:
            raise ValueError(f"{where}: hours {part!r}; a week begins on mon and ends on sun")
        hours |= dict.fromkeys(days, spans)
    return hours


def _days(first: str | None, last: str | None) -> Sequence[str]:
    if first is None:
        return WEEKDAYS
    return WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1]


def _watch(session: ScopedSession, source: ImportSource, path: Path) -> None:
    """Rules by tenant, and for a demo a past to look at."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        rules = {code: [AlarmRuleIn().load(one) for one in some] for code, some in said.get("rules", {}).items()}
    except (tomllib.TOMLDecodeError, UnicodeError, ValidationError) as error:
        raise ValueError(f"{path}: {error}") from error
    for code, wanted in rules.items():
        if code not in source.tenants:
            raise ValueError(f"{path}: the pack has no tenant {code}")
        _put_rules(session, source.tenants[code], wanted)
    if said.get("imagined_weeks"):
        for station_id in session.scalars(select(Station.id).where(IN_RANGE)).all():
            session.execute(PAST, {"station_id": station_id, "weeks": said["imagined_weeks"]})
        if source.deployment:  # as each night: nobody has to wait for it
            add_job(source.deployment, session, PROFILE, {})


def _put_rules(session: ScopedSession, tenant_id: int, wanted: Sequence[Mapping[str, Any]]) -> None:
    if session.execute(select(AlarmRule.id).where(AlarmRule.tenant_id == tenant_id)).first():
        return
    for values in wanted:
        rule = AlarmRule(tenant_id=tenant_id, **values)
        session.add(rule)
        session.flush()
        record(session, f"{RULE_KIND}.add", RULE_KIND, rule.id, tenant_id=tenant_id)
