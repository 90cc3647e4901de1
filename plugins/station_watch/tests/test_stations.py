"""Stations are kept by their tenant and by those above it; what is wrong is said at its place."""

from wuji_station_watch.testing import station_in


def test_a_station_is_kept(watch):
    made = watch.station(**station_in(watch.world, ""))
    assert made["hours"] == {**{day: [] for day in made["hours"]}, "mon": [["08:00", "12:00"], ["14:00", "24:00"]]}
    assert (made["longitude"], made["public"], made["state"]) == (117.81, True, "open")
    again = watch.station(**{**station_in(watch.world, ""), "services": ["rest", "water", "rest"]})
    assert again["services"] == ["rest", "water"]
    assert (made["tenant"]["level"], made["may"]) == (4, ["edit", "devices"])
    path = f"stations/{made['id']}"
    change = {"state": "paused", "public": False, "longitude": None, "latitude": None}
    assert watch.ask("clerk", "PATCH", path, json=change).status_code == 428
    changed = watch.ask("official@street", "PATCH", path, at="street", version=1, json=change)
    assert (changed.json["state"], changed.json["public"], changed.json["latitude"]) == ("paused", False, None)
    assert watch.ask("clerk", "PATCH", path, version=1, json=change).status_code == 412
    assert watch.ask("clerk", "GET", path).json["may"] == ["edit"]
    assert watch.ask("official@sibling", "GET", path, at="sibling").status_code == 404
    listed = watch.sound(watch.ask("official@street", "GET", "stations?state=paused&q=长江", at="street"))
    assert [(one["id"], one["tenant"]) for one in listed["items"]] == [(made["id"], watch.world.code["village"])]
    verbs = watch.world.run(
        "select verb, fields from wuji.journal_record where subject_id = %s order by id", made["id"]
    )
    fields = ["audience", "latitude", "longitude", "state"]
    assert verbs.fetchall() == [("station_watch.station.add", []), ("station_watch.station.change", fields)]


def test_what_is_wrong_is_said_where_it_is(watch):
    wrong = {
        "#/kind": {"kind": "bar"},
        "#/capacity": {"capacity": 0},
        "#/latitude": {"latitude": 30.9},
        "#/longitude": {"longitude": 181, "latitude": 3},
        "#/hours/mon": {"hours": {"mon": [["12:00", "08:00"]]}},
        "#/hours/tue": {"hours": {"tue": [["8:00", "09:00"]]}},
        "#/hours/wed": {"hours": {"wed": [["08:00", "12:00"], ["11:00", "13:00"]]}},
        "#/closed_on": {"closed_on": [{"on": "2026-10-01", "reason": "节"}] * 2},
        "#/services/0": {"services": ["casino"]},
        "#/owner": {"owner": "张三"},
    }
    for pointer, change in wrong.items():
        answer = watch.ask("clerk", "POST", "stations", json={"name": "驿站", "kind": "civic", "capacity": 9, **change})
        assert answer.status_code == 422, change
        assert [one["pointer"] for one in answer.json["errors"]] == [pointer]
    short = watch.ask("clerk", "POST", "stations", json={"name": "驿站"})
    assert [one["pointer"] for one in short.json["errors"]] == ["#/kind", "#/capacity"]
    assert (
        watch.world.one(
            "select count(*) from plugin_station_watch.station where tenant_id = %s", watch.world.tenant["village"]
        )
        == 0
    )
