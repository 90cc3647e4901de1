"""Simulated devices: the same seed lives the same days, and a fault is the fault it says."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event
from types import SimpleNamespace

from wuji_station_watch_fleet.__main__ import MOST, add_stations
from wuji_station_watch_fleet.courses import DAY, Course
from wuji_station_watch_fleet.devices import AHEAD, FAULTS, Device
from wuji_station_watch_fleet.turns import Turn

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


def test_a_course_begins_with_the_people_of_its_hour():
    late = Course(60, Random("a"))  # noqa: S311 - the same each time
    late.reach(DAY + 12 * 60)
    whole = Course(60, Random("a"))  # noqa: S311 - the same each time
    for minute in range(12 * 60 + 1):
        whole.reach(minute)
    assert late.present > 20
    assert abs(late.present - whole.present) <= 15  # another day, the same hour
    assert len(late.flows) <= 60


class Village:
    """A city of thirty communities that remembers its stations."""

    def __init__(self):
        self.stations = [{"tenant": "07", "name": "横埠驿站", "capacity": 40, "id": 0}]

    def communities(self, _code):
        return ({"code": f"{number:02}", "name": f"村{number}"} for number in range(30))

    def add_station(self, code, said):
        made = {**said, "tenant": code, "id": len(self.stations)}
        self.stations.append(made)
        return made


def test_stations_are_added_where_devices_would_crowd_and_only_once():
    village, options = Village(), SimpleNamespace(count=80, tenant="3407", seed=7)
    made = list(add_stations(village, options, village.stations, Event()))
    assert len(village.stations) == 80 / MOST
    assert len({one["tenant"] for one in village.stations}) == 10
    assert {one["public"] for one in made} == {False}
    assert all(one["name"].startswith("模拟驿站") for one in made)
    assert list(add_stations(village, options, village.stations, Event())) == []


def test_a_fleet_by_hand_takes_the_turn(tmp_path):
    stop, file = Event(), tmp_path / "devices.lock"
    with Turn(file, stop, gives_way=True) as living:
        assert living.waited()
        with Turn(file, stop, gives_way=False) as by_hand:
            assert by_hand.waited()
            assert not by_hand.is_over()
            assert living.is_over()
        assert not living.is_over()
