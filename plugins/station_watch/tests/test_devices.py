"""A device's token: shown once, for one thing alone, changed with a grace, ended at once."""

from datetime import UTC, datetime, timedelta

import pytest

OPEN = {"measure": "in", "value": 1}


def reading(minutes=5):
    return [{**OPEN, "at": (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()}]


def test_registered_changed_revoked(watch):
    door = watch.device()
    assert door.token.startswith("wuji_device_")
    assert door.send(reading()).status_code == 200
    shown = watch.sound(watch.ask("clerk", "GET", f"stations/{door.station}/devices"))["items"][0]
    assert door.token not in str(shown)
    assert (shown["last_values"], shown["silent"], shown["measures"]) == ({"in": 1}, False, ["in", "out", "battery"])
    assert watch.ask("clerk", "POST", f"devices/{door.id}/rotate").status_code == 403
    other = watch.sound(watch.ask("official@village", "POST", f"devices/{door.id}/rotate"))
    ends = datetime.fromisoformat(other["old_until"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < ends <= timedelta(minutes=10)
    old, door.token = door.token, other["token"]
    assert door.send(reading(4)).status_code == 200
    door.token = old
    assert door.send(reading(3)).status_code == 200
    # a third token ends the first one at once: it had its time
    third = watch.sound(watch.ask("official@village", "POST", f"devices/{door.id}/rotate"))["token"]
    assert door.send(reading()).status_code == 401
    revoked = watch.sound(watch.ask("official@street", "POST", f"devices/{door.id}/revoke", at="street"))
    assert revoked["state"] == "revoked"
    for token in (other["token"], third):
        door.token = token
        answer = door.send(reading())
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="wuji", error="invalid_token"'
    assert watch.ask("official@village", "POST", f"devices/{door.id}/rotate").status_code == 409
    said = "select verb from wuji.journal_record where tenant_id = %s and verb like '%%device%%' order by id"
    verbs = [verb for (verb,) in watch.world.run(said, watch.world.tenant["village"])]
    own = [verb.rpartition(".")[2] for verb in verbs if verb.startswith("station_watch")]
    assert own == ["register", "rotate", "rotate", "revoke"]
    whole = watch.world.run(
        "select j::text from wuji.journal_record j where tenant_id = %s", watch.world.tenant["village"]
    )
    assert not [row for (row,) in whole if "wuji_device_" in row]


def test_a_token_is_good_for_nothing_else(watch):
    door, code = watch.device(), watch.world.code["village"]
    held = {"Authorization": f"Bearer {door.token}"}
    for path in (f"/api/v1/tenants/{code}/station_watch/stations", "/api/v1/me", f"/api/v1/tenants/{code}/grants"):
        assert watch.ask("anonymous", "GET", path, headers=held).status_code == 401, path
        client = watch.app.test_client()
        client.set_cookie("wuji-8000", door.token)
        assert client.get(path).status_code == 401, path
    # at its station's tenant alone, not below it, above it or elsewhere
    for place in ("grid", "street", "sibling", "other"):
        path = f"/api/v1/tenants/{watch.world.code[place]}/station_watch/readings"
        body = {"sent_at": datetime.now(UTC).isoformat(), "readings": reading()}
        assert watch.ask("anonymous", "POST", path, headers=held, json=body).status_code == 404, place


def test_a_session_is_no_device(watch):
    door = watch.device()
    cookie = watch.world.cookie["official@village"]
    for header in (f"Bearer {cookie}", "Bearer ", "Basic Zm9vOmJhcg==", "Bearer wuji_device_guess"):
        answer = door.send(reading(), headers={"Authorization": header})
        assert answer.status_code == 401, header
    body = {"sent_at": datetime.now(UTC).isoformat(), "readings": reading()}
    assert watch.ask("official@village", "POST", "readings", json=body).status_code == 403
    assert watch.ask("anonymous", "POST", "readings", json=body, headers={"X-Wuji-Request": ""}).status_code == 401


@pytest.mark.parametrize("who", ["official@sibling", "official@other"])
def test_nobody_else_manages_it(watch, who):
    door, at = watch.device(), who.partition("@")[2]
    for path in (f"devices/{door.id}/rotate", f"devices/{door.id}/revoke"):
        assert watch.ask(who, "POST", path, at=at).status_code == 404
    assert (
        watch.ask(
            who, "POST", f"stations/{door.station}/devices", at=at, json={"name": "x", "kind": "counter"}
        ).status_code
        == 404
    )
    assert door.send(reading()).status_code == 200


def test_the_role_is_given_to_nobody(watch):
    roles = watch.sound(watch.ask("official@village", "GET", f"/api/v1/tenants/{watch.world.code['village']}/roles"))
    assert "device" not in {role["name"] for role in roles["items"]}
    sent = {"login": f"stranger-{watch.world.mark}", "role": "device"}
    path = f"/api/v1/tenants/{watch.world.code['village']}/grants"
    assert watch.ask("official@village", "POST", path, json=sent).status_code == 422
    door = watch.device()
    account = watch.world.one("select account_id from plugin_station_watch.device where id = %s", door.id)
    login = watch.world.one("select login from wuji.account where id = %s", account)
    assert watch.ask("official@village", "POST", path, json={"login": login, "role": "head"}).status_code == 422
    people = f"/api/v1/tenants/{watch.world.code['village']}/accounts/{account}/link"
    assert watch.ask("official@village", "POST", people).status_code == 404


def test_sql_alone_opens_none(watch):
    """Without the program's seal the functions do nothing, whoever calls them."""
    tenant, seal = watch.world.tenant["village"], b"0" * 32
    account = watch.world.one("select account_id from plugin_station_watch.device where id = %s", watch.device().id)
    right = "station_watch.device.manage"
    with watch.world.enter("official@village", "village") as tx:
        opened = "select wuji.device_open(%s, %s, 'x', %s, now(), %s)"
        assert tx.refused(opened, right, tenant, b"1" * 32, seal) == "42501"
        rotated = "select wuji.device_rotate(%s, %s, %s, now(), now(), %s)"
        assert tx.refused(rotated, right, account, b"1" * 32, seal) == "42501"
        assert tx.refused("select wuji.device_revoke(%s, %s, %s)", right, account, seal) == "42501"
        assert len(tx.all("select account_id from wuji.device_tokens(%s)", [account])) == 1
    with watch.world.enter("official@sibling", "sibling") as tx:
        assert tx.all("select account_id from wuji.device_tokens(%s)", [account]) == []
