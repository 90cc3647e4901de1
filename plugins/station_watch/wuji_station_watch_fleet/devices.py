"""One device: what it says of its station each time, and what is the matter with it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from wuji_station_watch_fleet.courses import Course, air

FAULTS = ("silent", "double", "disordered", "fast", "nan", "unit", "drift")
FAULTY = 0.14  # of all devices, a seventh of them in each of these ways
MOMENT = timedelta(minutes=1)
AHEAD = timedelta(minutes=40)  # of a clock that goes wrong
SILENT_FOR, SILENT_EACH = 12, 60  # of its reports
MISSED = 0.1  # of those who leave, by a door that drifts
Reading = dict[str, Any]


@dataclass
class Device:
    """Counts in one station with one token."""

    path: str
    token: str
    kind: str
    course: Course
    chance: Random
    fault: str = ""
    seen: int = -1  # the last minute of the station that it has told of
    reports: int = 0
    held: list[Reading] = field(default_factory=list)

    def report(self, minute: int, now: datetime) -> Iterator[bytes]:
        """The bodies it sends now: usually one."""
        self.course.reach(minute)
        self.reports += 1
        readings = self._readings(now + AHEAD if self.fault == "fast" else now)
        self.seen = minute
        sent_at = now + AHEAD if self.fault == "fast" else now
        match self.fault:
            case "silent" if self.reports % SILENT_EACH >= SILENT_EACH - SILENT_FOR:
                return
            case "double":
                yield from (_body(sent_at, readings), _body(sent_at, readings))
                return
            case "disordered":  # each report goes after the one that follows it
                readings, self.held = ([*readings, *self.held], []) if self.held else ([], readings)
                if not readings:
                    return
        yield _body(sent_at, readings)

    def _readings(self, at: datetime) -> list[Reading]:
        said = [{"measure": name, "value": value, "at": at.isoformat()} for name, value in self._values().items()]
        if self.fault == "nan" and self.reports % 5 == 0:
            said[0]["value"] = float("nan")
        if self.fault == "unit" and self.reports % 3 == 0:
            said[0]["unit"] = "kg"
        return said

    def _values(self) -> dict[str, float]:
        since = self.seen if self.seen >= 0 else self.course.minute - 1
        match self.kind:
            case "counter":
                came, went = self.course.flow(since)
                if self.fault == "drift":
                    went = sum(self.chance.random() > MISSED for _ in range(went))
                return {"in": self._share(came, self.course.doors), "out": self._share(went, self.course.doors)}
            case "occupancy":
                return {"present": self._share(self.course.present, self.course.rooms)}
            case _:
                return air(self.course, self.chance)

    def _share(self, number: int, parts: int) -> int:
        """Its part of what several count together, so that about all of it is told."""
        whole, rest = divmod(number, parts)
        return whole + (self.chance.random() < rest / parts)


def fault_of(chance: Random) -> str:
    return chance.choice(FAULTS) if chance.random() < FAULTY else ""


def _body(sent_at: datetime, readings: list[Reading]) -> bytes:
    """NaN goes out as careless programs write it, which is no JSON."""
    return json.dumps({"sent_at": sent_at.astimezone(UTC).isoformat(), "readings": readings}).encode()
