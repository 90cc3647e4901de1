"""Settings: set, suggested, locked, explained, taken back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from psycopg.types.json import Jsonb

from wuji.identity.settings import SESSION_IDLE_MINUTES
from wuji.kit.db.session import unit_of_work
from wuji.kit.setting import read_setting
from wuji.testing.factories import factories

IDLE = "identity.session_idle_minutes"


@pytest.fixture
def say(ask):
    """As the official of a tenant: says something of a setting there."""

    def send(tenant, mode, value, key=IDLE, version=0, **given):
        sent = {"mode": mode, "value": value, **given}
        return ask(f"official@{tenant}", "PUT", f"/settings/{key}", at=tenant, version=version, json=sent)

    return send


@pytest.fixture
def show(ask):
    def read(tenant, key=IDLE):
        answer = ask(f"official@{tenant}", "GET", f"/settings/{key}", at=tenant)
        assert answer.status_code == 200, answer.text
        return answer.json

    return read


def verdicts(shown):
    return {rung["tenant"]["name"]: (rung["mode"], rung["verdict"]) for rung in shown["ladder"]}


def test_untouched(ask, show, world):
    shown = show("village")
    assert (shown["value"], shown["source"], shown["source_tenant"], shown["may_change"]) == (30, "default", None, True)
    assert [rung["tenant"]["name"] for rung in shown["ladder"]] == world.path("village")
    assert {rung["verdict"] for rung in shown["ladder"]} == {"silent"}
    assert shown["schema"] == {"type": "integer", "minimum": 5, "maximum": 480}
    assert ask("official@village", "GET", f"/settings/{IDLE}", at="village").headers["ETag"] == '"0"'
    keys = [row["key"] for row in ask("clerk", "GET", "/settings", at="village").json["items"]]
    assert keys == sorted(keys)
    assert {IDLE, "tenancy.time_zone", "tenancy.portal_notice"} <= set(keys)


def test_set_is_inherited_and_changed_below(say, show, journal):
    answer = say("city", "set", 60, reason="等保测评要求")
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    assert show("village")["value"] == 60
    assert show("village")["source_tenant"]["name"] == "city"
    assert say("street", "set", 20).status_code == 200
    shown = show("village")
    assert (shown["value"], shown["source"], shown["own_mode"]) == (20, "set", None)
    assert verdicts(shown) == {
        "city": ("set", "overruled"),
        "district": (None, "silent"),
        "street": ("set", "decides"),
        "village": (None, "silent"),
    }
    assert shown["ladder"][0]["reason"] == "等保测评要求"
    assert show("other")["value"] == 30, "another root has its own"
    assert journal("city")[-1] == ("tenancy.setting.set", IDLE, ["mode", "value"], "等保测评要求")


def test_a_suggestion_gives_way(say, show):
    assert say("city", "suggest", 60).status_code == 200
    assert (show("village")["value"], show("village")["source"]) == (60, "suggest")
    assert say("village", "set", 10).status_code == 200
    assert (show("village")["value"], show("street")["value"]) == (10, 60)


def test_a_lock_holds(say, show):
    assert say("village", "set", 10).status_code == 200
    assert say("city", "lock", 60).status_code == 200
    shown = show("village")
    assert (shown["value"], shown["source"], shown["may_change"]) == (60, "lock", False)
    assert verdicts(shown)["village"] == ("set", "overruled")
    for mode in ("set", "suggest", "lock"):
        answer = say("village", mode, 10, version=1)
        assert (answer.status_code, answer.json["type"]) == (409, "urn:wuji:problem:tenancy.setting_locked")
        assert "city" in answer.json["detail"]
    assert say("city", "lock", 90, version=1).status_code == 200, "who locked it may change it"
    assert show("village")["value"] == 90


def test_the_highest_lock_wins(say, show):
    assert say("street", "lock", 20).status_code == 200
    assert say("city", "lock", 60).status_code == 200
    assert show("village")["value"] == 60
    assert verdicts(show("village"))["street"] == ("lock", "overruled")


def test_a_value_written_past_the_api_does_not_break_a_lock(say, show, world):
    """Row security lets an official write into their own range; what counts is decided when it is read."""
    assert say("city", "lock", 60).status_code == 200
    with world.enter("official@village", "village") as tx:
        tx.execute(
            "insert into wuji.setting_value(tenant_id, key, mode, value) values (%s, %s, 'lock', '10')",
            world.tenant["village"],
            IDLE,
        )
        tx.commit()
    assert show("village")["value"] == 60
    assert show("grid")["value"] == 60


def test_taken_back(ask, say, show, journal):
    assert say("city", "set", 60).status_code == 200
    assert say("village", "set", 10).status_code == 200
    for _ in range(2):
        assert ask("official@village", "DELETE", f"/settings/{IDLE}", at="village").status_code == 204
    assert show("village")["value"] == 60
    assert [row[0] for row in journal("village") if row[1] == IDLE] == ["tenancy.setting.set", "tenancy.setting.clear"]
    assert say("village", "set", 15).headers["ETag"] == '"1"'


def test_an_overruled_value_can_be_taken_back_below_a_lock(ask, say, show):
    assert say("village", "set", 10).status_code == 200
    assert say("city", "lock", 60).status_code == 200
    assert ask("official@village", "DELETE", f"/settings/{IDLE}", at="village").status_code == 204
    assert show("village")["own_mode"] is None


def test_how_many_below_say_something(say, show):
    assert say("village", "set", 10).status_code == 200
    assert say("sibling", "suggest", 10).status_code == 200
    assert say("grid", "set", 10).status_code == 200
    assert show("street")["below"] == [{"level": 4, "tenants": 2}, {"level": 5, "tenants": 1}]
    assert show("grid")["below"] == []


def test_of_the_root_alone(say, show, ask):
    assert say("city", "set", "Asia/Urumqi", "tenancy.time_zone").status_code == 200
    shown = show("village", "tenancy.time_zone")
    assert (shown["value"], shown["may_change"]) == ("Asia/Urumqi", False)
    assert ask("anonymous", "GET", at="village").json["zone"] == "Asia/Urumqi"
    answer = say("village", "set", "Asia/Shanghai", "tenancy.time_zone")
    assert (answer.status_code, answer.json["type"]) == (409, "urn:wuji:problem:tenancy.setting_elsewhere")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (IDLE, 4),
        (IDLE, 481),
        (IDLE, "30"),
        (IDLE, 30.5),
        (IDLE, True),
        (IDLE, [[[]]]),
        (IDLE, {"a": 1}),
        (IDLE, 10**400),
        ("tenancy.portal_notice", "字" * 400),
        ("tenancy.portal_notice", "a\x00"),
        ("tenancy.portal_notice", "a\nb"),
        ("tenancy.portal_notice", 7),
        ("tenancy.time_zone", "Mars/Base"),
        ("tenancy.time_zone", "../../etc/passwd"),
    ],
)
def test_what_does_not_fit(say, faults, key, value):
    message = faults(say("city", "set", value, key))["#/value"]
    assert len(message) > 10


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"value": 10}, "#/mode"),
        ({"mode": "force", "value": 10}, "#/mode"),
        ({"mode": "set"}, "#/value"),
        ({"mode": "set", "value": None}, "#/value"),
        ({"mode": "set", "value": 10, "reason": "\x00"}, "#/reason"),
        ({"mode": "set", "value": 10, "until": "x"}, "#/until"),
    ],
)
def test_bad_input(ask, faults, sent, pointer):
    assert pointer in faults(ask("official@city", "PUT", f"/settings/{IDLE}", at="city", version=0, json=sent))


def test_emoji_are_welcome(say, show):
    assert say("village", "set", "今晚停电 🕯️", "tenancy.portal_notice").status_code == 200
    assert show("grid", "tenancy.portal_notice")["value"] == "今晚停电 🕯️"


@pytest.mark.parametrize("key", ["tenancy.absent", "x", "x" * 400, "a%00b", "identity.session_idle_minutes "])
def test_unknown_keys(ask, key):
    for method in ("GET", "PUT", "DELETE"):
        sent = {"json": {"mode": "set", "value": 1}, "version": 0} if method == "PUT" else {}
        assert ask("official@city", method, f"/settings/{key}", at="city", **sent).status_code == 404


def test_versions(say):
    for version, status in ((None, 428), (1, 412), (0, 200), (0, 412), (1, 200)):
        value = 10 if version == 0 else 11
        assert say("village", "set", value, version=version).status_code == status, version


def test_two_people_save_at_once(say):
    def first(number):
        return say("village", "set", 10 + number).status_code

    def second(number):
        return say("village", "set", 20 + number, version=1).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(first, range(4))) == [200, 412, 412, 412]
        assert sorted(pool.map(second, range(4))) == [200, 412, 412, 412]


def test_who(ask):
    sent = {"mode": "set", "value": 10}
    for who, read, write in (
        ("clerk", 200, 403),
        ("resident", 403, 403),
        ("official@sibling", 404, 404),
        ("anonymous", 401, 401),
    ):
        assert ask(who, "GET", "/settings", at="village").status_code == read, who
        assert ask(who, "GET", f"/settings/{IDLE}", at="village").status_code == read, who
        assert ask(who, "PUT", f"/settings/{IDLE}", at="village", version=0, json=sent).status_code == write, who
        assert ask(who, "DELETE", f"/settings/{IDLE}", at="village").status_code == write, who


def test_a_feature_reads_its_setting(app, world):
    factories["wuji.setting_value"](world, "street", key=IDLE, value=Jsonb(45))
    engine = app.extensions["wuji"].engine
    for who, at, minutes in (("anonymous", "village", 45), ("official@city", "city", 30), ("operator", None, 30)):
        with unit_of_work(engine, world.door(who, at)) as session:
            assert read_setting(session, SESSION_IDLE_MINUTES) == minutes
