"""What devices push: kept once, in whatever order, and refused where it is no count."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from threading import Thread

import pytest

DAY = {"mon": [], "tue": [], "wed": [], "thu": [], "fri": [], "sat": [], "sun": []}
ALWAYS = {day: [["08:00", "21:00"]] for day in DAY}


def test_counts_become_quarters_of_an_hour_and_a_state(watch, moment):
    door = watch.device(watch.station(hours=ALWAYS))
    answer = door.push(
        ("in", moment(7, 50), 5),  # the cleaners, before it opens
        ("in", moment(8, 5), 10),
        ("out", moment(8, 10), 4),
        ("out", moment(8, 20), 9),  # more than are there: nobody is left, not three fewer
        ("in", moment(8, 25), 2),
        ("battery", moment(8, 25), 80),
    )
    assert answer == {"accepted": 6, "repeated": 0, "conflicts": 0, "rejected": [], "skew_seconds": 0}
    whole = [(start, entered, gone, end) for start, entered, gone, end, *_ in door.slots()]
    # quarters know who came and went in them; within one, nine out and two in are seven out
    assert whole == [
        (moment(7, 45), 5, 0, 5),
        (moment(8), 10, 4, 6),
        (moment(8, 15), 2, 9, 0),
    ]
    state = door.state()
    assert (state["present"], state["entered_today"], state["left_today"]) == (0, 17, 13)
    assert datetime.fromisoformat(state["as_of"]) == moment(8, 25)
    assert watch.state_of(door.id)["last_values"] == {"in": 2, "out": 9, "battery": 80}


def test_a_head_count_takes_drift_away(watch, moment):
    place = watch.station(hours=ALWAYS)
    door, eye = watch.device(place), watch.device(place, "occupancy")
    door.push(("in", moment(9, 1), 20), ("in", moment(9, 12), 3), ("out", moment(9, 31), 2))
    eye.push(("present", moment(9, 5), 14), ("present", moment(9, 10), 16))
    ends = [(end, mean, most) for _, _, _, end, mean, most, _ in door.slots()]
    # 16 at ten past, then three more; two leave in the third quarter
    assert ends == [(19, Decimal("15.00"), 19), (17, Decimal("18.00"), 19)]
    assert door.state()["present"] == 17


def batches(said):
    return [said[start : start + 9] for start in range(0, len(said), 9)]


@pytest.mark.parametrize("seed", range(2))
def test_any_order_any_repetition_same_state(watch, moment, seed):
    chance = Random(seed)  # noqa: S311 - the same each time
    place, other = watch.station(hours=ALWAYS), watch.station(hours=ALWAYS)
    said = [
        (measure, moment(hour, minute), chance.randrange(6))
        for hour in (7, 8, 9, 23)
        for minute in range(0, 60, 7)
        for measure in ("in", "out")
    ]
    heads = [("present", moment(hour, 30), chance.randrange(30)) for hour in (8, 9)]
    straight = watch.device(place), watch.device(place, "occupancy")
    straight[0].push(*said)
    straight[1].push(*heads)
    mixed = watch.device(other), watch.device(other, "occupancy")
    parts = [(mixed[0], part) for part in batches(chance.sample(said * 2, len(said) * 2))]
    parts += [(mixed[1], [one]) for one in heads * 2]
    chance.shuffle(parts)
    for device, part in parts:
        device.push(*part)
    assert mixed[0].slots() == straight[0].slots()
    assert mixed[0].state() == straight[0].state()
    kept = "select count(*) from plugin_station_watch.reading where device_id = %s"
    assert watch.world.one(kept, mixed[0].id) == len(said)
    assert watch.state_of(mixed[0].id)["repeated"] == len(said)


def test_the_first_word_stays(watch, moment):
    door = watch.device()
    door.push(("in", moment(9), 3))
    again = door.push(("in", moment(9), 3), ("in", moment(9), 4), ("in", moment(9, 1), 1), ("in", moment(9, 1), 2))
    assert (again["accepted"], again["repeated"], again["conflicts"]) == (1, 1, 2)
    assert [entered for _, entered, *_ in door.slots()] == [4]


WRONG: list[tuple[dict[str, object], str]] = [
    ({"measure": "faces"}, "measure"),
    ({"measure": "co2", "value": 500}, "undeclared"),
    ({"value": "3"}, "value"),
    ({"value": None}, "value"),
    ({"value": True}, "value"),
    ({"value": 1.5}, "value"),
    ({"value": -1}, "range"),
    ({"value": 10_001}, "range"),
    ({"value": 10**60}, "range"),
    ({"unit": "kg"}, "unit"),
    ({"at": "noon"}, "time"),
    ({"at": "2026-07-01T12:00:00"}, "time"),
    ({"at": 1782907200}, "time"),
    ({"at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}, "future"),
    ({"at": (datetime.now(UTC) - timedelta(days=91)).isoformat()}, "old"),
    ({"at": "2020-01-01T00:00:00+23:59"}, "old"),
    ({"at": "0001-01-01T00:00:00+14:00"}, "time"),
]


def test_what_is_wrong_costs_itself_alone(watch, moment):
    door = watch.device()
    good = {"measure": "in", "at": moment(9).isoformat(), "value": 2}
    wrong = [{**good, "at": moment(10, number).isoformat(), **change} for number, (change, _) in enumerate(WRONG)]
    told = watch.sound(door.send([*wrong, good]))
    assert told["accepted"] == 1
    reasons = dict(enumerate(reason for _, reason in WRONG))
    assert {one["index"]: one["reason"] for one in told["rejected"]} == reasons
    assert watch.state_of(door.id)["rejected"] == len(WRONG)


def test_what_is_no_json_number(watch, moment):
    door = watch.device()
    headers = {"Authorization": f"Bearer {door.token}"}
    for value in ("NaN", "Infinity", "-Infinity", "1e400"):
        reading = f'{{"measure": "in", "at": "{moment(9).isoformat()}", "value": {value}}}'
        body = f'{{"sent_at": "{datetime.now(UTC).isoformat()}", "readings": [{reading}]}}'
        answer = watch.app.test_client().post(door.path, data=body, content_type="application/json", headers=headers)
        assert answer.status_code == 400, value
    assert door.slots() == []


def test_only_counts_are_taken(watch, moment):
    door = watch.device()
    good = {"measure": "in", "at": moment(9).isoformat(), "value": 2}
    for sent, more in (
        ([{**good, "name": "张三"}], {}),
        ([good], {"picture": "data:image/png;base64,AA"}),
        ("in", {}),
        ([7], {}),
        ([], {}),
        ([good] * 1001, {}),
    ):
        assert door.send(sent, more=more).status_code == 422, sent
    told = door.send([{**good, "face": "…"}]).json["errors"][0]
    assert told["pointer"] == "#/readings/0/face"
    assert "Only counts of people" in told["message"]
    for year in (1969, 2099):
        assert door.send([good], sent_at=datetime(year, 12, 31, tzinfo=UTC)).status_code == 422
    assert door.send([good], headers={"Content-Encoding": "gzip"}).status_code == 415
    assert door.send([{**good, "unit": "x" * 300_000}]).status_code == 413
    assert door.slots() == []


def test_units_become_one(watch, moment):
    air = watch.device(kind="climate")
    said = {"temperature": (86, "°F"), "humidity": (0.5, "1"), "co2": (612, "ppm"), "battery": (77, None)}
    sent = [{"measure": m, "at": moment(9).isoformat(), "value": v, "unit": u} for m, (v, u) in said.items()]
    assert air.send(sent).json["accepted"] == 4
    values = watch.state_of(air.id)["last_values"]
    assert values == {"temperature": 30, "humidity": 50, "co2": 612, "battery": 77}


def test_a_clock_that_goes_wrong_is_taken_into_account(watch):
    door, now = watch.device(), datetime.now(UTC).replace(microsecond=0)
    ahead = timedelta(hours=3)
    told = door.push(("in", now + ahead - timedelta(minutes=1), 2), sent_at=now + ahead)
    assert told["accepted"] == 1
    assert abs(told["skew_seconds"] - 3 * 3600) <= 30
    # sent again a little later, its times are taken back by the same: known again
    again = door.push(("in", now + ahead - timedelta(minutes=1), 2), sent_at=now + ahead + timedelta(seconds=20))
    assert (again["repeated"], again["skew_seconds"]) == (1, told["skew_seconds"])
    late = now - timedelta(minutes=4)  # four minutes are no wrong clock
    assert door.push(("in", late, 1), sent_at=late)["skew_seconds"] == 0


def test_two_devices_of_a_station_at_once(watch, moment):
    place = watch.station(hours=ALWAYS)
    doors = [watch.device(place, name=name) for name in ("东门", "西门")]

    def run(door, minute: Callable[[int], datetime]) -> None:
        for number in range(12):
            door.push(("in", minute(number), 1))

    threads = [Thread(target=run, args=(door, lambda number: moment(9, number))) for door in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(entered, end) for _, entered, _, end, *_ in doors[0].slots()] == [(24, 24)]
    assert doors[0].state()["entered_today"] == 24


def test_gaps_are_counted(watch, moment):
    door = watch.device()
    for minute in (0, 1, 2, 10, 11):
        door.push(("in", moment(9, minute), 1))
    state = watch.state_of(door.id)
    assert (state["gaps"], state["last_values"]) == (1, {"in": 1})
