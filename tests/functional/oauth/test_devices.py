"""A TV shows a code; somebody with a phone allows it."""

import pytest

from wuji.kit.crypto import token_hash

from .conftest import BASE, WORDS

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
PUBLIC = {"token_endpoint_auth_method": "none", "grant_types": [GRANT, "refresh_token"], "redirect_uris": []}


@pytest.fixture
def tv(oauth):
    return oauth.program(**PUBLIC)


def begin(tv, **form):
    answer = tv.post("/oauth/device_authorization", **{"scope": "openid tenant api:read", **form})
    assert answer.status_code == 200, answer.text
    return answer.json


def poll(tv, code):
    answer = tv.post("/oauth/token", grant_type=GRANT, device_code=code)
    return answer.json.get("error") or answer.json


def rest(oauth, code, interval="1 hour"):
    oauth.world.run(
        f"update wuji.oauth_device set polled_at = polled_at - interval '{interval}' where device_hash = %s",
        token_hash(code),
    )


def test_somebody_allows_a_tv_on_a_phone(oauth, tv):
    shown = begin(tv)
    assert (shown["verification_uri"], shown["expires_in"], shown["interval"]) == (f"{BASE}/device", 600, 5)
    assert shown["verification_uri_complete"] == f"{BASE}/device?user_code={shown['user_code']}"
    assert poll(tv, shown["device_code"]) == "authorization_pending"
    assert poll(tv, shown["device_code"]) == "slow_down"
    phone, login = oauth.browser(), oauth.give_password("resident")
    page = oauth.get(phone, "/device", {"user_code": shown["user_code"]})
    assert "connect the device" in page.text
    ask = oauth.submit(phone, page, login=login, password=WORDS)
    assert "Connect 邻里通 App?" in ask.text
    assert shown["user_code"] in ask.text
    done = oauth.submit(phone, ask, decision="allow", tenant=oauth.world.code["village"])
    assert "The device is connected" in done.text
    rest(oauth, shown["device_code"])
    tokens = poll(tv, shown["device_code"])
    assert tokens["scope"] == "openid tenant api:read"
    assert oauth.call(tokens["access_token"], "/oauth/userinfo").json["tenant"]["code"] == oauth.world.code["village"]
    assert oauth.call(tokens["access_token"], f"/api/v1/tenants/{oauth.world.code['village']}").status_code == 200
    assert poll(tv, shown["device_code"]) == "invalid_grant"  # once
    assert "access_token" in tv.refresh(tokens["refresh_token"]).json


def test_it_outlives_the_phones_session_until_the_person_ends_it(oauth, tv):
    shown, phone = begin(tv), oauth.browser("resident")
    oauth.submit(phone, oauth.get(phone, "/device", {"user_code": shown["user_code"]}), decision="allow")
    token = poll(tv, shown["device_code"])["access_token"]
    header = {"X-Wuji-Request": "1"}
    phone.delete("/api/v1/session", headers=header)
    assert oauth.call(token, "/oauth/userinfo").status_code == 200
    oauth.world.run(
        "update wuji.account_session set revoked_at = null where account_id = %s", oauth.world.account["resident"]
    )
    phone.set_cookie("wuji-8000", oauth.world.cookie["resident"])
    assert phone.delete(f"/api/v1/me/connected-apps/{tv.client_id}", headers=header).status_code == 204
    assert oauth.call(token, "/oauth/userinfo").status_code == 401


def test_each_device_has_its_name_and_its_own_end(oauth, tv):
    phone, header, tokens = oauth.browser("resident"), {"X-Wuji-Request": "1"}, {}
    for name in ("村部大厅\n的电视", "  ", "x" * 90):
        shown = begin(tv)
        ask = oauth.get(phone, "/device", {"user_code": shown["user_code"]})
        oauth.submit(phone, ask, decision="allow", device_name=name)
        tokens[name] = poll(tv, shown["device_code"])["access_token"]
    (app,) = phone.get("/api/v1/me/connected-apps").json["items"]
    assert [device["name"] for device in app["devices"]] == ["x" * 50, "邻里通 App", "村部大厅 的电视"]
    hall = app["devices"][-1]["id"]
    other = oauth.browser("neighbour")
    assert other.delete(f"/api/v1/me/connected-devices/{hall}", headers=header).status_code == 404
    assert phone.delete(f"/api/v1/me/connected-devices/{hall}", headers=header).status_code == 204
    assert phone.delete(f"/api/v1/me/connected-devices/{hall}", headers=header).status_code == 404
    assert [oauth.call(token, "/oauth/userinfo").status_code for token in tokens.values()] == [401, 200, 200]
    (app,) = phone.get("/api/v1/me/connected-apps").json["items"]
    assert len(app["devices"]) == 2


def test_no_is_an_answer(oauth, tv):
    shown, phone = begin(tv), oauth.browser("resident")
    page = oauth.get(phone, "/device", {"user_code": shown["user_code"].lower().replace("-", " ")})
    assert "is not connected" in oauth.submit(phone, page, decision="deny").text
    assert poll(tv, shown["device_code"]) == "access_denied"
    assert oauth.get(phone, "/device", {"user_code": shown["user_code"]}).status_code == 404


def test_a_code_is_shown_for_ten_minutes(oauth, tv):
    shown = begin(tv)
    oauth.world.run(
        "update wuji.oauth_device set expires_at = now() where device_hash = %s", token_hash(shown["device_code"])
    )
    assert poll(tv, shown["device_code"]) == "expired_token"
    assert oauth.get(oauth.browser("resident"), "/device", {"user_code": shown["user_code"]}).status_code == 404


@pytest.mark.parametrize("code", ["AAAA-AAAA", "BCDF", "x" * 500, "猫猫猫猫-猫猫猫猫", "\0\0\0\0\0\0\0\0", "<script>"])
def test_a_code_that_nobody_shows(oauth, code):
    answer = oauth.get(oauth.browser("resident"), "/device", {"user_code": code})
    assert answer.status_code == 404
    assert "No device shows this code" in answer.text
    assert 'value="<script>' not in answer.text


def test_without_a_code_it_is_asked_for(oauth):
    page = oauth.get(oauth.browser("resident"), "/device")
    assert page.status_code == 200
    assert 'name="user_code"' in page.text


def test_another_sites_form_connects_nothing(oauth, tv):
    shown, phone = begin(tv), oauth.browser("resident")
    sent = {"user_code": shown["user_code"], "decision": "allow"}
    assert phone.post("/device", data=sent).status_code == 403
    assert phone.post("/device", data=sent, headers={"Origin": "https://evil.example"}).status_code == 403
    assert poll(tv, shown["device_code"]) == "authorization_pending"


def test_a_device_code_is_its_own_programs(oauth, tv):
    shown, phone = begin(tv), oauth.browser("resident")
    oauth.submit(phone, oauth.get(phone, "/device", {"user_code": shown["user_code"]}), decision="allow")
    assert poll(oauth.program(**PUBLIC), shown["device_code"]) == "invalid_grant"
    assert "access_token" in poll(tv, shown["device_code"])


def test_who_is_not_registered_for_it_waits_for_nothing(oauth, tv):
    other = oauth.program()
    assert other.post("/oauth/device_authorization", scope="openid").json["error"] == "unauthorized_client"
    assert other.post("/oauth/token", grant_type=GRANT, device_code="x").json["error"] == "unauthorized_client"
    assert tv.post("/oauth/device_authorization", scope="root").json["error"] == "invalid_scope"
    assert tv.post("/oauth/token", grant_type=GRANT).json["error"] == "invalid_request"
