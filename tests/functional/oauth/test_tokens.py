"""Codes and tokens: once, by whom they are for, and gone when they should be."""

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest

from wuji.kit.crypto import token_hash

from .conftest import BACK


def basic(name, secret):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def error(answer):
    return answer.status_code, answer.json["error"]


def age(oauth, table, column, token, interval):
    key = "code_hash" if table == "oauth_code" else "token_hash"
    oauth.world.run(
        f"update wuji.{table} set {column} = {column} - interval '{interval}' where {key} = %s", token_hash(token)
    )


def test_of_many_that_redeem_a_code_at_once_one_does(oauth):
    program = oauth.program()
    code = oauth.allow(program)["code"]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: program.redeem(code), range(12)))
    good = [answer for answer in answers if answer.status_code == 200]
    assert len(good) == 1
    assert {error(answer) for answer in answers if answer is not good[0]} == {(400, "invalid_grant")}
    assert oauth.call(good[0].json["access_token"], "/oauth/userinfo").status_code == 200  # an impatient finger


def test_a_code_that_comes_back_later_was_stolen_and_ends_everything(oauth):
    program = oauth.program()
    code = oauth.allow(program)["code"]
    tokens = program.redeem(code).json
    age(oauth, "oauth_code", "used_at", code, "11 seconds")
    assert error(program.redeem(code)) == (400, "invalid_grant")
    assert oauth.call(tokens["access_token"], "/oauth/userinfo").status_code == 401
    assert error(program.refresh(tokens["refresh_token"])) == (400, "invalid_grant")


def test_of_many_that_refresh_at_once_one_does(oauth):
    program = oauth.program()
    token = program.tokens()["refresh_token"]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: program.refresh(token), range(12)))
    (good,) = [answer.json for answer in answers if answer.status_code == 200]
    assert program.refresh(good["refresh_token"]).status_code == 200


def test_a_refresh_token_that_comes_back_later_was_stolen_and_ends_everything(oauth):
    program = oauth.program()
    first = program.tokens()
    second = program.refresh(first["refresh_token"]).json
    assert second["refresh_token"] != first["refresh_token"]
    age(oauth, "oauth_token", "used_at", first["refresh_token"], "11 seconds")
    assert error(program.refresh(first["refresh_token"])) == (400, "invalid_grant")
    assert error(program.refresh(second["refresh_token"])) == (400, "invalid_grant")
    assert oauth.call(second["access_token"], "/oauth/userinfo").status_code == 401


def test_less_may_be_asked_for_and_more_may_not(oauth):
    program = oauth.program()
    tokens = program.tokens(scope="openid profile offline_access")
    less = program.refresh(tokens["refresh_token"], scope="openid")
    assert less.json["scope"] == "openid"
    assert "name" not in oauth.call(less.json["access_token"], "/oauth/userinfo").json
    assert error(program.refresh(less.json["refresh_token"], scope="openid api:write")) == (400, "invalid_scope")
    assert program.refresh(less.json["refresh_token"]).json["scope"] == "openid profile offline_access"


def test_tokens_of_the_moment_end_with_the_session_and_those_that_stay_do_not(oauth):
    passing, staying = oauth.program(), oauth.program()
    short = passing.tokens(scope="openid")
    long = staying.tokens(scope="openid offline_access")
    oauth.browser("resident").delete("/api/v1/session", headers={"X-Wuji-Request": "1"})
    assert oauth.call(short["access_token"], "/oauth/userinfo").status_code == 401
    assert error(passing.refresh(short["refresh_token"])) == (400, "invalid_grant")
    assert staying.refresh(long["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        "update wuji.account set state = 'suspended' where id = %(person)s",
        "update wuji.oauth_client set revoked_at = now() where id = %(client)s",
        "update wuji.tenant set state = 'suspended' where id = %(tenant)s",
    ],
)
def test_what_ends_the_person_the_program_or_its_tenant_ends_the_tokens(oauth, change):
    program = oauth.program()
    tokens = program.tokens(scope="openid offline_access")
    ids = {"person": oauth.world.account["resident"], "client": program.id, "tenant": oauth.world.tenant["street"]}
    oauth.world.stage.execute(change, ids)
    assert oauth.call(tokens["access_token"], "/oauth/userinfo").status_code == 401
    assert program.refresh(tokens["refresh_token"]).status_code in {400, 401}


def test_a_person_disconnects_a_program(oauth):
    program = oauth.program()
    tokens = program.tokens(scope="openid offline_access")
    browser = oauth.browser("resident")
    (shown,) = browser.get("/api/v1/me/connected-apps").json["items"]
    assert (shown["client_id"], shown["name"], shown["scopes"]) == (
        program.client_id,
        "邻里通 App",
        ["openid", "offline_access"],
    )
    assert shown["tenant"]["code"] == oauth.world.code["village"]
    path, header = f"/api/v1/me/connected-apps/{program.client_id}", {"X-Wuji-Request": "1"}
    assert oauth.browser("neighbour").delete(path, headers=header).status_code == 404
    assert browser.delete(path, headers=header).status_code == 204
    assert browser.delete(path, headers=header).status_code == 404
    assert browser.get("/api/v1/me/connected-apps").json["items"] == []
    assert oauth.call(tokens["access_token"], "/oauth/userinfo").status_code == 401
    assert error(program.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert oauth.get(browser, "/oauth/authorize", program.params(scope="openid")).status_code == 200


def test_a_code_is_for_one_program_one_address_and_one_verifier(oauth):
    program, thief = oauth.program(), oauth.program()
    code = oauth.allow(program)["code"]
    assert error(thief.redeem(code)) == (400, "invalid_grant")
    assert error(program.redeem(code, redirect_uri=BACK + "?x=1")) == (400, "invalid_grant")
    assert error(program.redeem(code, code_verifier="x" * 43)) == (400, "invalid_grant")
    assert error(program.redeem(code, code_verifier="short")) == (400, "invalid_request")
    assert program.redeem(code).status_code == 200


def test_a_code_lasts_a_minute(oauth):
    program = oauth.program()
    code = oauth.allow(program)["code"]
    age(oauth, "oauth_code", "expires_at", code, "61 seconds")
    assert error(program.redeem(code)) == (400, "invalid_grant")


def test_a_refresh_token_is_for_one_program_and_is_no_access_token(oauth):
    program, thief = oauth.program(), oauth.program()
    tokens = program.tokens()
    assert error(thief.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert oauth.call(tokens["refresh_token"], "/oauth/userinfo").status_code == 401
    assert oauth.call(tokens["refresh_token"], "/api/v1/me").status_code == 401
    assert error(program.refresh(tokens["access_token"])) == (400, "invalid_grant")


def test_a_program_proves_itself_in_one_way(oauth):
    program, asked = oauth.program(), {"grant_type": "client_credentials", "scope": "api:read"}
    own = {"client_id": program.client_id, "client_secret": program.secret}
    assert program.post("/oauth/token", **asked).status_code == 200
    assert program.post("/oauth/token", **asked, **own, headers={}).status_code == 200
    wrong = program.post("/oauth/token", **asked, headers=basic(program.client_id, "nothing"))
    assert error(wrong) == (401, "invalid_client")
    assert wrong.headers["WWW-Authenticate"].startswith("Basic ")
    for headers, form in (
        ({}, {}),
        ({}, {"client_id": program.client_id}),
        (basic("wuji_nobody", program.secret), {}),
        ({"Authorization": "Basic ???"}, {}),
        ({"Authorization": "Basic " + base64.b64encode(b"\xff\xfe:x").decode()}, {}),
        (basic(program.client_id, program.secret), {"client_id": "wuji_other"}),
    ):
        assert error(program.post("/oauth/token", **asked, **form, headers=headers)) == (401, "invalid_client")
    both = program.post("/oauth/token", **asked, **own, headers=basic(program.client_id, program.secret))
    assert error(both) == (400, "invalid_request")


def test_a_program_without_a_secret(oauth):
    program = oauth.program(token_endpoint_auth_method="none", grant_types=["authorization_code", "refresh_token"])
    tokens = program.tokens()
    assert program.refresh(tokens["refresh_token"]).status_code == 200
    assert error(program.post("/oauth/token", grant_type="client_credentials")) == (400, "unauthorized_client")
    assert error(program.post("/oauth/token", grant_type="refresh_token", client_secret="x")) == (401, "invalid_client")
    assert error(program.post("/oauth/introspect", token="x")) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "client_credentials", "scope": "openid"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "resource": "https://other.example"}, "invalid_target"),
        ({"grant_type": ["client_credentials", "refresh_token"]}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "猫\0"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "e" * 7000}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "e" * 9000}, "invalid_request"),
        (
            {"grant_type": "authorization_code", "code": "猫", "redirect_uri": BACK, "code_verifier": "猫" * 50},
            "invalid_request",
        ),
    ],
)
def test_a_request_for_tokens_that_cannot_be_met_says_why(oauth, form, wanted):
    answer = oauth.program().post("/oauth/token", **form)
    assert error(answer) == (400, wanted)
    assert answer.headers["Cache-Control"] == "no-store"


def test_credentials_belong_in_the_body(oauth):
    client = oauth.app.test_client()
    assert error(client.post("/oauth/token?grant_type=client_credentials", data={})) == (400, "invalid_request")
    assert error(client.post("/oauth/token", json={"grant_type": "client_credentials"})) == (400, "invalid_request")


def test_a_token_is_told_about_to_its_own_tenants_programs(oauth):
    program, foreign = oauth.program(), oauth.program("other")
    tokens = program.tokens(scope="openid tenant api:read")
    told = program.post("/oauth/introspect", token=tokens["access_token"]).json
    assert (told["active"], told["client_id"], told["scope"], told["token_type"]) == (
        True,
        program.client_id,
        "openid tenant api:read",
        "Bearer",
    )
    assert (told["sub"], told["tenant"]) == (str(oauth.world.account["resident"]), oauth.world.code["village"])
    assert foreign.post("/oauth/introspect", token=tokens["access_token"]).json == {"active": False}
    assert program.post("/oauth/introspect", token="wuji_oat_nothing").json == {"active": False}


def test_a_program_ends_its_tokens_and_nobody_elses(oauth):
    program, thief = oauth.program(), oauth.program()
    tokens = program.tokens()
    assert thief.post("/oauth/revoke", token=tokens["refresh_token"]).status_code == 200
    assert oauth.call(tokens["access_token"], "/oauth/userinfo").status_code == 200
    assert program.post("/oauth/revoke", token="nothing", token_type_hint="of_nobody").status_code == 200
    assert (
        program.post("/oauth/revoke", token=tokens["refresh_token"], token_type_hint="access_token").status_code == 200
    )
    assert oauth.call(tokens["access_token"], "/oauth/userinfo").status_code == 401
    assert error(program.refresh(tokens["refresh_token"])) == (400, "invalid_grant")


def test_people_are_others_at_each_tenant_for_programs_that_ask_so(oauth):
    here, beside, there = (oauth.program(tenant, subject_type="pairwise") for tenant in ("street", "street", "city"))
    subs = [oauth.call(one.tokens()["access_token"], "/oauth/userinfo").json["sub"] for one in (here, beside, there)]
    assert subs[0] == subs[1] != subs[2]
    assert str(oauth.world.account["resident"]) not in subs


def test_nothing_that_opens_anything_is_kept(oauth):
    program = oauth.program()
    code = oauth.allow(program)["code"]
    tokens = program.redeem(code).json
    kept = oauth.world.run(
        "select to_jsonb(t)::text from wuji.oauth_token t union all select to_jsonb(c)::text from wuji.oauth_code c "
        "union all select to_jsonb(k)::text from wuji.oauth_key k union all select to_jsonb(o)::text from wuji.oauth_client o"
    ).fetchall()
    said = "\n".join(row[0] for row in kept)
    assert not [one for one in (code, tokens["access_token"], tokens["refresh_token"], program.secret) if one in said]
    assert all(len(token) < 1024 for token in (tokens["access_token"], tokens["refresh_token"], tokens["id_token"]))
