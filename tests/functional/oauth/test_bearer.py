"""A program acts for a person through the API: at its tenant's places, with what it was allowed, never more than the person."""

import pytest
from sqlalchemy import text

from wuji.kit.db.doors import by_bearer, by_session

READ, WRITE = "openid api:read", "openid api:write"


def at(oauth, tenant, path=""):
    return f"/api/v1/tenants/{oauth.world.code[tenant]}{path}"


def test_it_reads_where_its_tenant_stands_and_nowhere_else(oauth):
    token = oauth.program().tokens("official@city", scope=READ)["access_token"]
    assert oauth.call(token, at(oauth, "village", "/grants")).status_code == 200
    assert oauth.call(token, at(oauth, "street", "/grants")).status_code == 200
    for tenant in ("district", "city", "other", "foreign"):
        assert oauth.call(token, at(oauth, tenant, "/grants")).status_code == 404
    assert oauth.call(token, "/api/v1/me").json["account"]["id"] == str(oauth.world.account["official@city"])


def test_it_may_no_more_than_the_person(oauth):
    token = oauth.program().tokens("resident", scope=f"{READ} api:write")["access_token"]
    assert oauth.call(token, at(oauth, "village", "/grants")).status_code == 403
    assert oauth.call(token, at(oauth, "sibling", "/grants")).status_code == 404


def test_reading_is_not_writing(oauth):
    reads = oauth.program().tokens("official@village", scope=READ)["access_token"]
    writes = oauth.program().tokens("official@village", scope=WRITE)["access_token"]
    none = oauth.program().tokens("official@village", scope="openid")["access_token"]
    sent = {"login": f"stranger-{oauth.world.mark}", "role": "resident"}
    path = at(oauth, "village", "/grants")
    refused = oauth.call(reads, path, "POST", json=sent)
    assert refused.status_code == 403
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="wuji", error="insufficient_scope", scope="api:write"'
    assert oauth.call(none, path).headers["WWW-Authenticate"].endswith('scope="api:read"')
    assert oauth.call(writes, path, "POST", json=sent).status_code == 201  # and no header of our pages is asked
    assert oauth.call(writes, path).status_code == 200


def test_passwords_and_sessions_are_not_for_programs(oauth):
    token = oauth.program().tokens("resident", scope=WRITE)["access_token"]
    sent = {"present_password": "x" * 12, "password": "y" * 12}
    answer = oauth.call(token, "/api/v1/me/password", "POST", json=sent)
    assert (answer.status_code, answer.json["type"]) == (403, "urn:wuji:problem:kit.not_for_programs")


def test_an_operator_lends_nobody_the_deployment(oauth):
    token = oauth.program().tokens("operator", scope=READ)["access_token"]
    assert oauth.call(token, "/api/v1/operator/grants").status_code in {403, 404}


@pytest.mark.parametrize("token", ["wuji_oat_nothing", "wuji_oat_", "nothing", "wuji_oat_" + "x" * 5000, "e" * 100])
def test_a_token_that_is_none_is_said_to_be(oauth, token):
    for path in ("/api/v1/me", at(oauth, "village", "/grants")):
        answer = oauth.call(token, path)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="wuji", error="invalid_token"'


def test_a_token_counts_in_the_header_alone(oauth):
    token = oauth.program().tokens("resident", scope=READ)["access_token"]
    browser = oauth.browser()
    browser.set_cookie("wuji-8000", token)
    assert browser.get("/api/v1/me").status_code == 401
    assert oauth.browser().get(f"/api/v1/me?access_token={token}").status_code == 401
    logged_in = oauth.browser("official@village")
    answer = logged_in.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.json["account"]["id"] == str(oauth.world.account["resident"])  # never both
    assert logged_in.get("/api/v1/me", headers={"Authorization": "Bearer x"}).status_code == 401


def test_classes_that_are_held_outside_its_subtree_do_not_count(oauth):
    """A resident of the village is one of the city too, but not for a program of the village."""
    token, world = oauth.program("village").tokens("resident", scope=READ)["access_token"], oauth.world
    app = oauth.app.extensions["wuji"]
    with app.work(by_bearer(token, world.code["village"]), read_only=True) as session:
        seen = set(session.execute(text("select wuji.scope_tokens()")).scalar_one())
    with app.work(by_session(world.cookie["resident"], world.code["village"]), read_only=True) as session:
        own = set(session.execute(text("select wuji.scope_tokens()")).scalar_one())
    assert world.token("city", 1) in own - seen
    assert {0, world.token("city", 0), world.token("village", 1)} <= seen < own


def test_a_program_for_itself_reads_what_is_public(oauth):
    program = oauth.program(scope="api:read")
    token = program.post("/oauth/token", grant_type="client_credentials").json
    assert (token["scope"], "refresh_token" in token) == ("api:read", False)
    assert oauth.call(token["access_token"], at(oauth, "village")).status_code == 200
    assert oauth.call(token["access_token"], at(oauth, "village", "/grants")).status_code in {403, 404}
    assert oauth.call(token["access_token"], "/oauth/userinfo").status_code == 403


def test_userinfo_asks_for_a_token(oauth):
    client, token = oauth.app.test_client(), oauth.program().tokens()["access_token"]
    bare = client.get("/oauth/userinfo")
    assert (bare.status_code, bare.headers["WWW-Authenticate"].split(",")[:2]) == (
        401,
        ['Bearer realm="wuji"', ' DPoP realm="wuji"'],
    )
    assert client.post("/oauth/userinfo", data={"access_token": token}).status_code == 200
    assert client.get(f"/oauth/userinfo?access_token={token}").status_code == 401
    both = client.post("/oauth/userinfo", data={"access_token": token}, headers={"Authorization": f"Bearer {token}"})
    assert both.status_code == 401


def test_what_asks_for_a_fresh_proof_sends_the_person_to_log_in(oauth):
    """RFC 9470, 3: the program begins again with `max_age`, or with `acr_values`."""
    token = oauth.program().tokens("official@village", scope=WRITE)["access_token"]
    oauth.world.run(
        "update wuji.oauth_family set auth_time = now() - interval '1 hour' where account_id = %s",
        oauth.world.account["official@village"],
    )
    sent = {"login": f"stranger-{oauth.world.mark}", "role": "resident"}
    refused = oauth.call(token, at(oauth, "village", "/grants"), "POST", json=sent)
    assert refused.status_code == 401
    said = 'Bearer realm="wuji", error="insufficient_user_authentication", max_age="300"'
    assert refused.headers["WWW-Authenticate"] == said
    assert oauth.call(token, at(oauth, "village", "/grants")).status_code == 200


def test_where_officials_have_two_factors_their_programs_say_so(oauth):
    token = oauth.program().tokens("official@village", scope=READ)["access_token"]
    oauth.world.run(
        "insert into wuji.setting_value(tenant_id, key, mode, value) values (%s, 'identity.policy', 'set', '\"dengbao3\"')",
        oauth.world.tenant["village"],
    )
    refused = oauth.call(token, at(oauth, "village", "/grants"))
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].endswith(
        'error="insufficient_user_authentication", acr_values="urn:wuji:acr:2"'
    )
