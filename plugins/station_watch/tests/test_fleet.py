"""Simulated devices: the same seed lives the same days, and a fault is the fault it says."""

import json
from datetime import UTC, datetime, timedelta
from random import Random

from wuji_station_watch_fleet.courses import DAY, Course
from wuji_station_watch_fleet.devices import AHEAD, FAULTS, Device

BEGUN = datetime(2026, 7, 1, tzinfo=UTC)


def bodies(fault="", kind="counter", minutes=DAY):
    course = Course(60, Random("a"))  # noqa: S311 - the same each time
    device = Device("/path", "token", kind, course, Random("b"), fault)  # noqa: S311 - the same each time
    return [
        (minute, body) for minute in range(minutes) for body in device.report(minute, BEGUN + timedelta(minutes=minute))
    ], course


def test_a_day_adds_up_and_is_the_same_again():
    sent, course = bodies()
    assert sent == bodies()[0]
    said = [reading for _, body in sent for reading in json.loads(body)["readings"]]
    came, went = (sum(one["value"] for one in said if one["measure"] == measure) for measure in ("in", "out"))
    assert came == went > 200
    assert course.present == 0
    eyes = [json.loads(body)["readings"][0]["value"] for _, body in bodies(kind="occupancy")[0]]
    assert max(eyes) > 20
    assert eyes[3 * 60] == 0


def test_faults():
    sound = bodies(minutes=600)[0]
    faulty = {fault: bodies(fault, minutes=600)[0] for fault in FAULTS}
    assert len(faulty["silent"]) == 600 - 600 // 60 * 12
    assert len(faulty["double"]) == 1200
    assert {b"NaN" in body for _, body in faulty["nan"]} == {True, False}
    assert {b'"kg"' in body for _, body in faulty["unit"]} == {True, False}
    first = json.loads(faulty["fast"][0][1])
    assert datetime.fromisoformat(first["sent_at"]) == BEGUN + AHEAD
    readings = [one for _, body in faulty["disordered"] for one in json.loads(body)["readings"]]
    assert sorted(map(str, readings)) == sorted(str(one) for _, body in sound for one in json.loads(body)["readings"])
    assert [one["at"] for one in readings] != sorted(one["at"] for one in readings)
