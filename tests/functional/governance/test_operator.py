"""The operator sees every plugin, served or not, and takes one out of service everywhere."""

import pytest


@pytest.fixture(autouse=True)
def installed(world, plugin):
    """As `wuji plugin install` leaves it."""
    world.insert("wuji.plugin", {"id": plugin, "version": "1.0.0"})
    yield
    world.run("delete from wuji.plugin where id = %s", plugin)


def operate(ask, method, path="", who="operator", **given):
    return ask(who, method, f"/operator/plugins{path}", **given)


def test_out_of_service_and_back(ask, say, show, plugin, world):
    say("city", "require")
    assert show("village")["active"]
    answer = operate(ask, "POST", f"/{plugin}/suspend", json={"reason": "it fails"})
    assert (answer.json["state"], answer.json["reason"]) == ("suspended", "it fails")
    shown = show("village")
    assert (shown["active"], shown["cause"], shown["on"]) == (False, "suspended", True)
    assert operate(ask, "POST", f"/{plugin}/resume").json["state"] == "active"
    assert show("village")["active"]
    verbs = world.run(
        "select verb from wuji.journal_record where subject_id = %s and tenant_id is null order by id", plugin
    )
    assert [verb for (verb,) in verbs] == ["governance.plugin.suspend", "governance.plugin.resume"]


def test_saying_so_again_changes_nothing(ask, plugin, world):
    for _again in range(2):
        assert operate(ask, "POST", f"/{plugin}/suspend", json={"reason": "it fails"}).status_code == 200
    assert world.one("select count(*) from wuji.journal_record where subject_id = %s", plugin) == 1


def test_every_plugin_is_named(workshop, serve, ask, plugin, world):
    broken = workshop.write(before="import weather_of_yesterday")
    world.insert("wuji.plugin", {"id": f"{plugin}_gone", "version": "0.1"})
    items = {item["id"]: item for item in operate(ask, "GET", app=serve(workshop.load())).json["items"]}
    assert (items[plugin]["state"], items[plugin]["name"]) == ("active", f"Plugin {plugin}")
    assert items[broken]["state"] == "quarantined"
    assert items[broken]["quarantine"]["cause"] == "import"
    assert "weather_of_yesterday" in items[broken]["quarantine"]["detail"]
    assert items[f"{plugin}_gone"]["state"] == "absent"
    world.run("delete from wuji.plugin where id = %s", f"{plugin}_gone")


def test_nobody_else(ask, plugin):
    for who in ("official@city", "anonymous"):
        assert operate(ask, "GET", who=who).status_code in {401, 404}
        assert operate(ask, "POST", f"/{plugin}/suspend", who=who, json={"reason": "x"}).status_code in {401, 404}
    assert operate(ask, "GET", "/nobodys_plugin").status_code == 404
    assert operate(ask, "POST", "/nobodys_plugin/resume").status_code == 404
    assert operate(ask, "POST", f"/{plugin}/suspend", json={}).status_code == 422
