"""What officials see in figures: visits, how much of the room is used, and how much of the opening hours is known at all.

A subject is one station on one day; pushes are not recorded one by one, so the clock asks what has changed. Past days are
counted by the hours and the room that a station has now: whoever changes them changes what use means, and all its days are
counted anew.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select, text

from wuji.api import Fact, Figure, ScopedSession, now, read_zone
from wuji.api.models import among
from wuji_station_watch.models import Slot, Station
from wuji_station_watch.opening import quarters_of
from wuji_station_watch.services.courses import moment, quarter_of
from wuji_station_watch.services.stations import IN_RANGE

CHUNK = 500
QUARTER = 900  # seconds
LINES = 96
# Row security shows quarter hours of the range alone. Days on which one changed, and every day of stations that were changed
# themselves.
CHANGED = text(
    "select distinct s.station_id, s.day from plugin_station_watch.slot s "
    "where s.changed_at > :since "
    "union select s.station_id, s.day from plugin_station_watch.slot s "
    "join plugin_station_watch.station t on t.id = s.station_id "
    "where t.updated_at > :since order by 1, 2"
)
# The first day of each station: before it nothing is missing.
BEGINS = text(
    "select t.id, b.day from plugin_station_watch.station t cross join lateral (select s.day "
    "from plugin_station_watch.slot s where s.station_id = t.id order by s.starts_at limit 1) b "
    "order by t.id"
)
Slots = Sequence[Row[*tuple[Any, ...]]]


class Spent(NamedTuple):
    """A station's day as it was, and the quarter hours in which it should have been open."""

    station: Station
    day: date
    opened: set[int]
    slots: Mapping[int, Row[*tuple[Any, ...]]]

    @property
    def subject(self) -> str:
        return f"{self.station.id}:{self.day.isoformat()}"

    def fact(self, value: Decimal | int, part: int = 0) -> Fact:
        return Fact(subject_id=self.subject, tenant_id=self.station.tenant_id, on=self.day, value=value, part=part)


def read_visits(session: ScopedSession, ids: Sequence[str]) -> list[Fact]:
    """People who came in."""
    return [
        spent.fact(sum(slot.entered for slot in spent.slots.values())) for spent in _read(session, ids) if spent.slots
    ]


def read_use(session: ScopedSession, ids: Sequence[str]) -> list[Fact]:
    """People present against the room, over the quarter hours of which something is known while it was open."""
    found = []
    for spent in _read(session, ids):
        known = [slot for quarter, slot in spent.slots.items() if quarter in spent.opened]
        if known:
            people = sum((slot.present_avg for slot in known), Decimal(0))
            found.append(spent.fact(people, spent.station.capacity * len(known)))
    return found


def read_known(session: ScopedSession, ids: Sequence[str]) -> list[Fact]:
    """Seconds that devices spoke for, of those in which it was open, on days that are over; one without a word counts too."""
    today = now().astimezone(read_zone(session)).date()
    begins = {row.id: row.day for row in session.execute(BEGINS)}
    return [
        spent.fact(
            sum(min(slot.covered_seconds, QUARTER) for quarter, slot in spent.slots.items() if quarter in spent.opened),
            QUARTER * len(spent.opened),
        )
        for spent in _read(session, ids)
        if spent.opened and begins.get(spent.station.id, date.max) <= spent.day < today
    ]


def changed(session: ScopedSession, since: datetime) -> list[str]:
    """What was said since; and where a day has ended meanwhile, that day of all stations."""
    found = {f"{row.station_id}:{row.day.isoformat()}" for row in session.execute(CHANGED, {"since": since})}
    zone = read_zone(session)
    ended = _days(since.astimezone(zone).date(), now().astimezone(zone).date())
    begun = session.execute(BEGINS).all() if ended else []
    return sorted(found | {f"{row.id}:{day.isoformat()}" for row in begun for day in ended if day >= row.day})


def scan(session: ScopedSession) -> Iterator[Sequence[str]]:
    """Every day of every station since its first."""
    zone = read_zone(session)
    tomorrow = now().astimezone(zone).date() + timedelta(days=1)
    for row in session.execute(BEGINS).all():
        ids = [f"{row.id}:{day.isoformat()}" for day in _days(row.day, tomorrow)]
        yield from (ids[place : place + CHUNK] for place in range(0, len(ids), CHUNK))


def _days(first: date, before: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((before - first).days)]


def _read(session: ScopedSession, ids: Sequence[str]) -> Iterator[Spent]:
    """Those of these subjects whose station lies in the range."""
    wanted: dict[UUID, list[date]] = defaultdict(list)
    for one in ids:
        station_id, _, day = one.partition(":")
        wanted[UUID(station_id)].append(date.fromisoformat(day))
    zone = read_zone(session)
    for station in session.scalars(select(Station).where(among(Station.id, list(wanted)), IN_RANGE)):
        days = sorted(wanted[station.id])
        by_day: dict[date, dict[int, Row[*tuple[Any, ...]]]] = defaultdict(dict)
        for slot in _slots(session, station.id, moment(days[0], 0, zone), moment(days[-1], LINES, zone)):
            local = slot.starts_at.astimezone(zone)
            by_day[local.date()][quarter_of(local)] = slot
        for on in days:
            yield Spent(station, on, quarters_of(station.hours, station.closed_on, on), by_day.get(on, {}))


def _slots(session: ScopedSession, station_id: UUID, since: datetime, before: datetime) -> Slots:
    columns = (Slot.starts_at, Slot.present_avg, Slot.entered, Slot.covered_seconds)
    return session.execute(
        select(*columns).where(Slot.station_id == station_id, Slot.starts_at >= since, Slot.starts_at < before)
    ).all()


TEXTS = "station_watch.figure"
FIGURES = (
    Figure(
        name="visits",
        title=f"{TEXTS}.visits.title",
        unit=f"{TEXTS}.visits.unit",
        measure="sum",
        read=read_visits,
        scan=scan,
        changed=changed,
        gaps=True,
    ),
    Figure(
        name="use",
        title=f"{TEXTS}.use.title",
        unit=f"{TEXTS}.use.unit",
        measure="ratio",
        share=True,
        decimals=1,
        read=read_use,
        scan=scan,
        changed=changed,
    ),
    Figure(
        name="known",
        title=f"{TEXTS}.known.title",
        unit=f"{TEXTS}.known.unit",
        measure="ratio",
        share=True,
        decimals=1,
        better="up",
        target=Decimal("0.95"),
        read=read_known,
        scan=scan,
        changed=changed,
    ),
)
