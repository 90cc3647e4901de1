"""Alarms open when something has lasted, once each; one person has it in hand; it goes up where nobody takes it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

from wuji.api import Run
from wuji.testing.acting import acting
from wuji.testing.application import make_app
from wuji_station_watch import tasks

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def look(watch, monkeypatch):
    """As the clock does each minute, so many minutes from now; by another process, which knows where the module is on."""
    app = make_app(watch.world.server)

    def at(minutes=0):
        later = datetime.now(UTC) + timedelta(minutes=minutes)
        monkeypatch.setattr(tasks, "now", lambda: later)
        with acting(app, watch.world, "city") as session:
            tasks.watch_stations.run(
                Run(app.extensions["wuji"], session, Path(), lambda _progress: None), tasks.WatchArgs()
            )

    yield at
    app.extensions["wuji"].engine.dispose()


def rule(watch, at="village", **said):
    return watch.sound(watch.ask(f"official@{at}", "POST", "alarm-rules", at=at, json=said))


def alarms(watch, who="official@village", at="village", asked=""):
    return watch.sound(watch.ask(who, "GET", f"alarms?sort=opened_at{asked}", at=at))["items"]


def verbs(watch, alarm):
    found = watch.world.run("select verb from wuji.journal_record where subject_id = %s order by id", alarm["id"])
    return [verb.rpartition(".")[2] for (verb,) in found]


def told(watch, who):
    page = watch.sound(watch.ask(who, "GET", "/api/v1/me/notifications"))
    return [(one["title"], one["path"]) for one in page["items"] if one["topic"] == "station_watch.alarm"]


def state(watch, station, present, minutes=0):
    """Said so many minutes from now."""
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    watch.world.run(
        "insert into plugin_station_watch.station_state"
        "(tenant_id, station_id, day, present, entered_today, left_today, as_of) values (%s, %s, %s, %s, 0, 0, %s) "
        "on conflict (station_id) do update set present = excluded.present, as_of = excluded.as_of",
        *(watch.world.tenant["village"], station["id"], at.date(), present, at),
    )


def test_a_silent_device_is_told_once_and_is_over_when_it_speaks(watch, look):
    rule(watch, kind="silent", minutes=15)
    door = watch.device(watch.station(hours=ALWAYS))
    look(14)
    assert alarms(watch) == []
    for minute in (16, 17, 17):
        look(minute)
    (alarm,) = alarms(watch)
    assert (alarm["kind"], alarm["state"], alarm["device"], alarm["told_name"]) == ("silent", "open", "东门", "village")
    assert alarm["value"] == pytest.approx(17, abs=0.1)
    [(title, path)] = told(watch, "official@village")
    assert title == "长江路驿站: 东门 has not reported for 16 min"
    assert path == f"/console/{watch.world.code['village']}/x/station_watch/stations/{door.station}"
    assert told(watch, "official@street") == told(watch, "resident") == []
    door.push(("in", datetime.now(UTC), 1))
    look(5)
    (alarm,) = alarms(watch)
    assert (alarm["state"], alarm["by_itself"], verbs(watch, alarm)) == ("closed", True, ["open", "close"])


def test_a_station_goes_silent_and_is_back(watch, look):
    place = watch.station(hours=ALWAYS)
    door, eye = watch.device(place), watch.device(place, "occupancy", name="大厅")
    look(30)
    assert "silent" not in verbs(watch, place)  # it was never heard
    door.push(("in", datetime.now(UTC), 1))
    look(14)
    assert "silent" not in verbs(watch, place)
    for minute in (16, 17):
        look(minute)
    assert verbs(watch, place)[-1] == "silent"
    eye.push(("present", datetime.now(UTC), 4))
    for minute in (5, 6):
        look(minute)
    assert verbs(watch, place) == ["add", "silent", "back"]
    watch.ask("official@village", "PATCH", f"stations/{place['id']}", version=1, json={"hours": {}})
    look(60)
    assert verbs(watch, place)[-1] == "change"  # closed, it may be silent


def test_a_closed_station_may_be_silent(watch, look):
    rule(watch, kind="silent", minutes=15)
    watch.device(watch.station(hours={}))
    look(60)
    assert alarms(watch) == []


def test_being_full_must_last_and_does_not_flap(watch, look):
    rule(watch, kind="full", share=90, minutes=10)
    station = watch.station(capacity=100)
    for minute, present in ((0, 95), (5, 96), (9, 40), (10, 97), (19, 95)):
        state(watch, station, present, minute)
        look(minute)
    assert alarms(watch) == []  # it was empty in between
    state(watch, station, 98, 21)
    look(21)
    (alarm,) = alarms(watch)
    assert (alarm["state"], alarm["bound"], alarm["value"]) == ("open", 90, 98)
    state(watch, station, 88, 22)
    look(22)
    assert [one["state"] for one in alarms(watch)] == ["open"]  # a little less is not over
    look(60)  # nobody has said anything since: nobody knows
    assert [one["state"] for one in alarms(watch)] == ["open"]
    state(watch, station, 84, 61)
    look(61)
    assert [one["state"] for one in alarms(watch)] == ["closed"]


def test_readings_out_of_range(watch, look):
    rule(watch, kind="reading", measure="temperature", high=30, minutes=0)
    air = watch.device(watch.station(hours=ALWAYS), "climate", name="阅览室")
    air.push(("temperature", datetime.now(UTC), 31.6))
    look()
    (alarm,) = alarms(watch)
    assert (alarm["measure"], alarm["value"], alarm["device"]) == ("temperature", 31.6, "阅览室")
    assert told(watch, "official@village")[0][0].endswith("阅览室: temperature 31.6°C, limit 30°C")
    air.push(("temperature", datetime.now(UTC), 29.8))
    look()
    assert [one["state"] for one in alarms(watch)] == ["open"]
    air.push(("temperature", datetime.now(UTC), 29.0))
    look()
    assert [one["state"] for one in alarms(watch)] == ["closed"]


def test_each_level_is_told_of_what_it_chose_and_what_nobody_takes_goes_up(watch, look):
    rule(watch, "village", kind="silent", minutes=10, escalate_minutes=30)
    rule(watch, "district", kind="silent", minutes=60)
    watch.device(watch.station(hours=ALWAYS))
    look(11)
    assert [one["told_name"] for one in alarms(watch)] == ["village"]
    look(40)
    assert told(watch, "official@street") == []
    look(42)
    (alarm,) = alarms(watch)
    assert (alarm["told_name"], verbs(watch, alarm)) == ("street", ["open", "escalate"])
    assert len(told(watch, "official@street")) == 1
    take = watch.ask("official@street", "POST", f"alarms/{alarm['id']}/take", at="street", json={"note": "派人去看"})
    assert take.json["taken_name"] == "street"
    look(100)
    assert [(one["told_name"], one["state"]) for one in alarms(watch)] == [("street", "taken"), ("district", "open")]
    assert len(told(watch, "official@district")) == 1
    assert alarms(watch, "official@sibling", "sibling") == []


def test_of_two_at_once_one_takes_it_and_the_other_is_told_who(watch, look):
    rule(watch, kind="silent", minutes=1)
    watch.device(watch.station(hours=ALWAYS))
    look(5)
    (alarm,) = alarms(watch)
    answers, start = [], Barrier(2)

    def take(who, at):
        start.wait(10)
        answers.append(watch.ask(who, "POST", f"alarms/{alarm['id']}/take", at=at, json={"note": "我去"}))

    both = [Thread(target=take, args=one) for one in (("clerk", "village"), ("official@street", "street"))]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    won = next(answer.json for answer in answers if answer.status_code == 200)
    lost = next(answer.json for answer in answers if answer.status_code == 409)
    assert lost["type"].endswith("station_watch.taken")
    assert f"{won['taken_role']['en']} at {won['taken_name']} has" in lost["detail"]
    seen = watch.sound(watch.ask("official@city", "GET", f"alarms/{alarm['id']}", at="city"))
    assert (seen["taken_role"], seen["note"]) == (won["taken_role"], "我去")
    done = watch.sound(watch.ask("clerk", "POST", f"alarms/{alarm['id']}/close", json={"result": "换了电池"}))
    assert (done["state"], done["by_itself"], done["result"]) == ("closed", False, "换了电池")
    again = watch.ask("clerk", "POST", f"alarms/{alarm['id']}/close", json={"result": "又换了"})
    assert (again.status_code, again.json["type"][-6:]) == (409, "closed")
    assert verbs(watch, alarm) == ["open", "take", "close"]


def test_rules_are_checked_kept_and_dropped(watch, look):
    wrong = {
        "#/share": {"kind": "full", "minutes": 5},
        "#/measure": {"kind": "reading", "minutes": 5, "high": 3},
        "#/high": {"kind": "reading", "measure": "co2", "minutes": 5, "low": 9, "high": 3},
        "#/minutes": {"kind": "silent", "minutes": 0},
    }
    for pointer, sent in wrong.items():
        answer = watch.ask("official@village", "POST", "alarm-rules", json=sent)
        assert answer.status_code == 422, answer.text
        assert [one["pointer"] for one in answer.json["errors"]] == [pointer]
    assert watch.ask("clerk", "POST", "alarm-rules", json={"kind": "silent", "minutes": 5}).status_code == 403
    made = rule(watch, "street", kind="silent", minutes=5, share=None)
    listed = watch.sound(watch.ask("clerk", "GET", "alarm-rules"))["items"]
    assert [(one["tenant_name"], one["own"]) for one in listed] == [("street", False)]
    assert watch.ask("official@village", "DELETE", f"alarm-rules/{made['id']}", version=1).status_code == 404
    watch.device(watch.station(hours=ALWAYS))
    look(6)
    path = f"alarm-rules/{made['id']}"
    off = watch.ask("official@street", "PATCH", path, at="street", version=1, json={"is_on": False})
    assert off.json["is_on"] is False
    look(7)
    assert [one["state"] for one in alarms(watch)] == ["closed"]
    assert watch.ask("official@street", "DELETE", path, at="street", version=1).status_code == 412
    assert watch.ask("official@street", "DELETE", path, at="street", version=2).status_code == 204
    assert watch.sound(watch.ask("clerk", "GET", "alarms"))["total"]["value"] == 1


def test_where_the_module_is_off_nothing_is_watched(watch, look):
    rule(watch, kind="silent", minutes=1)
    watch.device(watch.station(hours=ALWAYS))
    watch.world.rule("village", "station_watch", rule="forbid")
    look(30)
    count = "select count(*) from plugin_station_watch.alarm where tenant_id = %s"
    assert watch.world.one(count, watch.world.tenant["village"]) == 0


@pytest.mark.parametrize(("who", "at"), [("official@city", "city"), ("resident", "village"), ("anonymous", "village")])
def test_nobody_else_opens_alarms(watch, who, at):
    with watch.world.enter(who, at) as tx:
        assert tx.refused("select * from plugin_station_watch.watch(array[1], now())") == "42501"
        assert tx.refused("select plugin_station_watch.profile_put('[]')") == "42501"
        assert tx.refused("select * from plugin_station_watch.watch_silence(array[1], now())") == "42501"
        assert tx.refused("select plugin_station_watch.places_put('[]')") == "42501"
        assert tx.refused("select plugin_station_watch.past_imagine(null, 1)") == "42501"
        assert tx.refused("insert into plugin_station_watch.alarm(station_id) values (null)") == "42501"
