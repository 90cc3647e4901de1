"""What a pack brings, and what stations come to: now, today, in a usual week, in figures; and what the public is told of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from wuji.api import ImportSource
from wuji.testing.acting import acting
from wuji.testing.counting import sweep_figures, verify_figures
from wuji_station_watch.importing import import_stations
from wuji_station_watch.profiling import put_places, put_profiles

DEMO = Path(__file__).parents[1] / "wuji_station_watch" / "demo"
HEAD = "区划代码,名称,类型,地址,容量,经度,纬度,服务,开放时间\n"
SHANGHAI = ZoneInfo("Asia/Shanghai")
FIGURES = ["station_watch.known", "station_watch.use", "station_watch.visits"]


def bring(watch, folder, text, *, weeks=0, encoding="utf-8"):
    """As a pack of the city does."""
    (folder / "stations.csv").write_text(text, encoding=encoding)
    (folder / "watch.toml").write_text(
        f'imagined_weeks = {weeks}\n[[rules.{watch.world.code["street"]}]]\nkind = "silent"\nminutes = 15\n'
    )
    tenants = {watch.world.code[name]: watch.world.tenant[name] for name in ("city", "street", "village", "sibling")}
    with acting(watch.app, watch.world, "city") as session:
        done = dict(
            import_stations(session, ImportSource(str(folder), tenants, deployment=watch.app.extensions["wuji"]))
        )
        if weeks:  # as the job does that was asked for
            put_profiles(session)
            put_places(session)
    return done


@pytest.fixture
def filled(watch, tmp_path):
    """Two stations that never close, with ten weeks behind them and somebody there just now."""
    code = watch.world.code
    rows = f"{code['village']},莲花湖驿站,courier,公园东门,80,117.22,30.7,water、meals,00:00-24:00\n"
    rows += f"{code['sibling']},山水服务站,service,,20,,,rest,00:00-24:00\n"
    assert bring(watch, tmp_path, HEAD + rows, weeks=10) == {"made": 2, "left": 0}
    assert bring(watch, tmp_path, HEAD + rows, weeks=10) == {"made": 0, "left": 2}
    fresh(watch, "莲花湖驿站", 45)
    fresh(watch, "山水服务站", 9)
    asked = "select count(*) from wuji.job where kind = 'station_watch.profile' and tenant_id = %s"
    assert watch.world.one(asked, watch.world.tenant["city"]) == 2
    stations = "plugin_station_watch.station s join wuji.tenant t on t.id = s.tenant_id"
    of = f"select s.id from {stations} where s.name = %s and t.root_id = %s"  # noqa: S608 - of ours
    return {name: str(watch.world.one(of, name, watch.world.tenant["city"])) for name in ("莲花湖驿站", "山水服务站")}


def fresh(watch, name, present):
    watch.world.run(
        "update plugin_station_watch.station_state v "
        "set present = %s, as_of = now(), day = (now() at time zone 'Asia/Shanghai')::date "
        "from plugin_station_watch.station s join wuji.tenant t on t.id = s.tenant_id "
        "where s.id = v.station_id and s.name = %s and t.root_id = %s",
        *(present, name, watch.world.tenant["city"]),
    )


def get(watch, path, who="official@street", at="street", **given):
    return watch.sound(watch.ask(who, "GET", path, at=at, **given))


def test_a_station_now_today_and_next(watch, filled):
    place = f"stations/{filled['莲花湖驿站']}"
    now = get(watch, f"{place}/now")
    assert (now["present"], now["share"], now["level"], now["words"]) == (45, 56, 3, "Getting busy")
    assert (now["open_now"], now["closed_reason"]) == (True, "")
    day = get(watch, f"{place}/day?on={datetime.now(UTC).date() - timedelta(days=3)}")
    assert len(day["slots"]) == len(day["last_week"]) == 96
    assert [one["at"] for one in day["slots"]] == [one["at"] for one in day["last_week"]]
    assert day["hours"] == [["00:00", "24:00"]]
    coming = get(watch, f"{place}/forecast")
    assert coming["samples"] > 1000
    assert 0 < coming["mae"] < coming["naive_mae"]
    assert coming["better"] == round(100 * (1 - coming["mae"] / coming["naive_mae"]))
    for one in coming["slots"]:
        assert one["low"] <= one["p50"] <= one["high"]
    assert get(watch, f"{place}/day?on=2020-01-01")["slots"] == []
    for path in (f"{place}/day", "curve"):
        for never in ("0001-01-01", "9999-12-31"):
            wrong = watch.ask("clerk", "GET", f"{path}?on={never}")
            assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "?on")
    assert watch.ask("official@sibling", "GET", f"{place}/now", at="sibling").status_code == 404


def test_quarter_hours_are_listed_and_taken_along(watch, filled):
    day = (datetime.now(SHANGHAI) - timedelta(days=3)).replace(hour=0, minute=0, second=0, microsecond=0)
    span = {
        "station_id": filled["莲花湖驿站"],
        "since": day.isoformat(),
        "until": (day + timedelta(days=1)).isoformat(),
    }
    first = get(watch, "slots", query_string={**span, "limit": 60, "sort": "starts_at"})
    rest = get(watch, "slots", query_string={**span, "limit": 60, "sort": "starts_at", "cursor": first["next"]})
    begins = [datetime.fromisoformat(one["starts_at"]) for one in first["items"] + rest["items"]]
    assert begins == [day + timedelta(minutes=15 * quarter) for quarter in range(96)]
    both = get(watch, "slots", query_string={**span, "station_id": filled["山水服务站"], "limit": 1})
    assert both["items"][0]["station"] == "山水服务站"
    shown = get(watch, f"stations/{filled['莲花湖驿站']}/day?on={day.date()}")["slots"]
    assert [one["entered"] for one in first["items"]] == [one["entered"] for one in shown[:60]]
    sent = {"list": "station_watch.slots", "format": "xlsx", "filters": span}
    path = f"/api/v1/tenants/{watch.world.code['street']}/exports"
    assert watch.ask("official@street", "POST", path, json=sent).json["state"] == "done"
    assert get(watch, "slots", "official@sibling", "sibling", query_string=span)["items"] == []
    assert watch.ask("resident", "GET", "slots").status_code == 403


def test_a_usual_week_and_where_room_is_short(watch, filled):
    place = f"stations/{filled['莲花湖驿站']}"
    week = get(watch, f"{place}/week")
    assert [day["weekday"] for day in week["days"]] == [1, 2, 3, 4, 5, 6, 7]
    assert all(len(day["hours"]) == 24 for day in week["days"])
    hours = [hour["present"] for day in week["days"] for hour in day["hours"]]
    assert max(hours) > 20 > min(hours)
    use = get(watch, f"{place}/use")
    assert (use["open_hours"], use["peak"] > 40) == (168, True)
    plan = get(watch, "planning?sort=-peak&limit=1")
    assert plan["items"][0]["name"] == "莲花湖驿站"
    assert get(watch, f"planning?sort=-peak&limit=1&cursor={plan['next']}")["items"][0]["name"] == "山水服务站"
    children = get(watch, "comparison")["children"]
    assert [one["code"] for one in children] == sorted(one["code"] for one in children)
    by_name = {one["name"]: one for one in children}
    assert (by_name["village"]["capacity"], by_name["village"]["present"], by_name["sibling"]["stations"]) == (
        80,
        45,
        1,
    )
    assert 0 < by_name["village"]["mean_share"] < 100
    sent = {"list": "station_watch.planning", "format": "csv", "filters": {}}
    assert (
        watch.ask(
            "official@street", "POST", "/api/v1/tenants/{}/exports".format(watch.world.code["street"]), json=sent
        ).json["state"]
        == "done"
    )


@pytest.mark.usefixtures("filled")
def test_all_of_a_place_in_a_few_numbers(watch):
    sums = get(watch, "overview")
    assert (sums["stations"], sums["open"], sums["present"], sums["capacity"], sums["share"]) == (2, 2, 54, 100, 54)
    live = watch.world.run(
        "select key, body from wuji.live_bodies('plugin_station_watch.live_of_stations', %s)",
        [str(watch.world.tenant["street"])],
    ).fetchall()
    assert live == [(str(watch.world.tenant["street"]), {**live[0][1], "present": 54, "alarms": 0})]
    rows = get(watch, "station-states?sort=-fill")["items"]
    assert [(one["name"], one["share"], one["open_now"]) for one in rows] == [
        ("莲花湖驿站", 56, True),
        ("山水服务站", 45, True),
    ]
    assert get(watch, "station-states?over=yes")["items"] == get(watch, "station-states?silent=yes")["items"] == []
    curve = get(watch, "curve")
    assert len(curve["last_week"]) == 96
    assert 0 < curve["mae"] < curve["naive_mae"]
    assert curve["samples"] > 1000
    for one in curve["forecast"]:
        assert one["low"] <= one["p50"] <= one["high"]
    # the village has one of them, and errors of its own
    assert 0 < get(watch, "curve", "official@village", "village")["mae"] != curve["mae"]
    with watch.world.enter("anonymous", "village") as sql:
        assert sql.all("select * from plugin_station_watch.place_tried()") == []
        assert sql.refused("select * from plugin_station_watch.place_profile") == "42501"
    assert watch.ask("resident", "GET", "overview").status_code == 403


def test_the_public_is_told_words_and_no_number_below_ten(watch, filled):
    many, few = (
        get(watch, f"public-stations/{filled[name]}", "anonymous", "village") for name in ("莲花湖驿站", "山水服务站")
    )
    assert (many["level"], many["present"], many["words"]) == (3, 45, "Getting busy")
    assert (few["level"], few["present"], few["words"]) == (1, None, "Few people")  # nine of twenty
    assert {hour["level"] for day in few["typical"] for hour in day["hours"]} == {1}
    near = {one["name"]: one for one in get(watch, "public-stations?near=yes", "anonymous", "village")["items"]}
    assert {name: one["present"] for name, one in near.items()} == {"莲花湖驿站": 45, "山水服务站": None}
    assert [one["name"] for one in get(watch, "public-stations", "anonymous", "village")["items"]] == ["莲花湖驿站"]
    # open day and night: until midnight, and not opening
    midnight = datetime.now(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert {(datetime.fromisoformat(one["closes_at"]), one["opens_at"]) for one in near.values()} == {(midnight, None)}
    keys = [f"{watch.world.tenant[at]}/{one}" for at in ("village", "foreign") for one in filled.values()]
    told = watch.world.run(
        "select key, body from wuji.live_bodies('plugin_station_watch.live_of_busy', %s)", keys
    ).fetchall()
    assert {body["present"] for _, body in told} == {45, None}
    exact = watch.world.run(
        "select key from wuji.live_bodies('plugin_station_watch.live_of_station', %s)", keys
    ).fetchall()
    assert exact == [(f"{watch.world.tenant['village']}/{filled['莲花湖驿站']}",)]
    with watch.world.enter("anonymous", "village") as sql:
        for table in ("station_state", "slot", "station_profile", "alarm"):
            assert sql.all(f"select * from plugin_station_watch.{table}") == []  # noqa: S608 - names of ours


def test_pages_cards_and_search(watch, filled):
    code = watch.world.code
    page = watch.ask("anonymous", "GET", f"/{code['village']}/x/station_watch/").text
    assert "Stations nearby" in page
    one = watch.ask("anonymous", "GET", f"/{code['village']}/x/station_watch/stations/{filled['山水服务站']}").text
    assert "Few people" in one
    assert "Room for 20" in one
    assert watch.ask("anonymous", "GET", f"/{code['village']}/x/station_watch/stations/x").status_code == 404
    for surface, who, at, said in (
        ("portal", "anonymous", "village", "Getting busy"),
        ("console", "official@street", "street", "2 of 2 open, 54 people, 54% of capacity"),
        ("screen", "official@street", "street", "54% of capacity"),
    ):
        path = f"/api/v1/tenants/{code[at]}/cards?surface={surface}"
        answer = watch.sound(watch.ask(who, "GET", path))
        assert answer["failed"] == []
        assert said in json.dumps(answer, ensure_ascii=False)
    for words, at, there in (("莲花湖", "village", True), ("公园东门", "sibling", True), ("莲花湖", "foreign", False)):
        found = get(watch, f"/api/v1/search?q={words}&tenant={code[at]}", "anonymous")["items"]
        assert (filled["莲花湖驿站"] in [hit["id"] for hit in found]) is there
    assert "莲花湖驿站" in json.dumps(
        get(watch, f"/api/v1/suggest?q=lhhyz&tenant={code['village']}"), ensure_ascii=False
    )


@pytest.mark.usefixtures("filled")
def test_figures_say_what_counting_again_gives(watch):
    sweep_figures(watch.app, watch.world, FIGURES)
    assert [(one.wrong, one.sums) for one in verify_figures(watch.app, watch.world, "station_watch")] == [([], [])] * 3
    sums = dict(
        watch.world.run(
            "select figure, sum(sum) from wuji.rollup where tenant_id = %s and period = 'year' group by 1",
            watch.world.tenant["street"],
        ).fetchall()
    )
    entered = "select sum(entered) from plugin_station_watch.slot s join wuji.tenant t on t.id = s.tenant_id where t.root_id = %s"
    assert sums["station_watch.visits"] == watch.world.one(entered, watch.world.tenant["city"])
    assert set(sums) == set(FIGURES)


@pytest.mark.parametrize(
    ("row", "encoding", "said"),
    [
        (
            "{village},驿站,courier,,40,,,rest,08:00-21:00\n,二驿站,courier,,40,,,,",
            "utf-8",
            ":3: code is empty (a merged cell?",
        ),
        (
            "{village},驿站,courier,,40,,,rest,",
            "gb18030",
            ":1: not UTF-8 (save the sheet as “CSV UTF-8”; it looks like GBK)",
        ),
        ("{village},驿站,courier,,很多,,,rest,", "utf-8-sig", ":2: invalid literal for int()"),
        ("{village},驿站,bar,,40,,,rest,", "utf-8", ":2: {'kind'"),
        ("{village},驿站,courier,,40,,,rest,早上到晚上", "utf-8", ":2: hours '早上到晚上'"),
        ("{village},驿站,courier,,40,,,rest,sat-mon 09:00-12:00", "utf-8", ":2: hours 'sat-mon 09:00-12:00'; a week"),
        ("1,驿站,courier,,40,,,rest,", "utf-8", ":2: the pack has no tenant 1"),
        ("{village},驿站,courier", "utf-8", ":2: 3 cells under 9 headings"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_said_with_its_line(watch, tmp_path, row, encoding, said):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is what is tested
        bring(watch, tmp_path, HEAD + row.format(village=watch.world.code["village"]), encoding=encoding)
    assert f"stations.csv{said}" in str(caught.value)


def test_the_demo_is_whole():
    lines = (DEMO / "stations.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 25
    assert len({line.split(",")[1] for line in lines}) == 25
