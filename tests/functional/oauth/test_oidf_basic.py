"""The OpenID Foundation's Basic and Config plans, one test for each module by its name; all with PKCE, which everybody needs."""

import base64
import json

import pytest

from .conftest import ALL, BACK, BASE, WORDS, told
from .test_flow import id_claims


def claims_of(oauth, program, **more):
    return id_claims(oauth, program.tokens(**more)["id_token"]).claims


def userinfo(oauth, tokens):
    return oauth.call(tokens["access_token"], "/oauth/userinfo").json


def refused(oauth, **more):
    return told(oauth.get(oauth.browser("resident"), "/oauth/authorize", oauth.program().params(**more)))["error"]


def aged(oauth, seconds):
    oauth.world.run(
        "update wuji.account_session set auth_time = now() - make_interval(secs => %s) where account_id = %s",
        *(seconds, oauth.world.account["resident"]),
    )


def test_oidcc_server(oauth):
    program = oauth.program()
    claims = claims_of(oauth, program)
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (BASE, program.client_id, "n-1")


def test_oidcc_response_type_missing(oauth):
    assert refused(oauth, response_type=None) == "invalid_request"


def test_oidcc_idtoken_signature(oauth):
    token = oauth.program().tokens()["id_token"]
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    keys = oauth.app.test_client().get("/oauth/jwks").json["keys"]
    assert header["kid"] in {key["kid"] for key in keys}
    assert id_claims(oauth, token).claims


def test_oidcc_idtoken_unsigned(oauth):
    """Is not offered, and so not given."""
    algorithms = oauth.app.test_client().get("/.well-known/openid-configuration").json
    assert "none" not in algorithms["id_token_signing_alg_values_supported"]


@pytest.mark.parametrize("way", ["get", "post-header", "post-body"])
def test_oidcc_userinfo(oauth, way):
    tokens = oauth.program().tokens()
    token, client = tokens["access_token"], oauth.app.test_client()
    bearer = {"Authorization": f"Bearer {token}"}
    answer = {
        "get": lambda: client.get("/oauth/userinfo", headers=bearer),
        "post-header": lambda: client.post("/oauth/userinfo", headers=bearer),
        "post-body": lambda: client.post("/oauth/userinfo", data={"access_token": token}),
    }[way]()
    assert answer.json["sub"] == id_claims(oauth, tokens["id_token"]).claims["sub"]


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(oauth):
    assert "nonce" not in claims_of(oauth, oauth.program(), nonce=None)


@pytest.mark.parametrize("scope", ["profile", "email", "address", "phone", "profile email address phone"])
def test_oidcc_scope(oauth, scope):
    """Claims of scopes are told at the userinfo endpoint, not in the ID token; what we do not know of anybody is left out."""
    tokens = oauth.program().tokens(scope=f"openid {scope}")
    known = userinfo(oauth, tokens)
    assert ("name" in known) == ("profile" in scope)
    assert not {"name", "email", "address", "phone_number"} & id_claims(oauth, tokens["id_token"]).claims.keys()
    assert not {"address", "phone_number"} & known.keys()


def test_oidcc_alternate_happy_flow(oauth):
    other = "https://app.example/other?x=1"
    program = oauth.program(redirect_uris=[BACK, other])
    answer = oauth.get(oauth.browser("resident"), "/oauth/authorize", program.params(redirect_uri=other))
    assert "asks for your permission" in answer.text
    assert program.tokens()["access_token"]


@pytest.mark.parametrize("display", ["page", "popup"])
def test_oidcc_display(oauth, display):
    assert claims_of(oauth, oauth.program(), display=display)


def test_oidcc_prompt_login(oauth):
    program, login, browser = oauth.program(), oauth.give_password("resident"), oauth.browser("resident")
    before = claims_of(oauth, program)
    aged(oauth, 3600)
    page = oauth.get(browser, "/oauth/authorize", program.params(prompt="login"))
    code = told(oauth.submit(browser, page, login=login, password=WORDS))["code"]
    after = id_claims(oauth, program.redeem(code).json["id_token"]).claims
    assert after["sub"] == before["sub"]
    assert after["auth_time"] >= before["auth_time"]


def test_oidcc_prompt_none_not_logged_in(oauth):
    answer = oauth.get(oauth.browser(), "/oauth/authorize", oauth.program().params(prompt="none"))
    assert told(answer)["error"] == "login_required"


def test_oidcc_prompt_none_logged_in(oauth):
    program = oauth.program()
    before = claims_of(oauth, program)
    answer = told(oauth.get(oauth.browser("resident"), "/oauth/authorize", program.params(prompt="none")))
    after = id_claims(oauth, program.redeem(answer["code"]).json["id_token"]).claims
    assert (after["sub"], after["auth_time"]) == (before["sub"], before["auth_time"])


def test_oidcc_max_age_1(oauth):
    program, login, browser = oauth.program(), oauth.give_password("resident"), oauth.browser("resident")
    program.tokens()
    aged(oauth, 5)
    page = oauth.get(browser, "/oauth/authorize", program.params(max_age="1"))
    code = told(oauth.submit(browser, page, login=login, password=WORDS))["code"]
    assert "auth_time" in id_claims(oauth, program.redeem(code).json["id_token"]).claims


def test_oidcc_max_age_10000(oauth):
    program = oauth.program()
    before = claims_of(oauth, program)
    answer = told(oauth.get(oauth.browser("resident"), "/oauth/authorize", program.params(max_age="10000")))
    after = id_claims(oauth, program.redeem(answer["code"]).json["id_token"]).claims
    assert after["auth_time"] == before["auth_time"]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"extra": "foobar"}, id="ensure-request-with-unknown-parameter-succeeds"),
        pytest.param({"ui_locales": "se en"}, id="ui-locales"),
        pytest.param({"claims_locales": "se"}, id="claims-locales"),
        pytest.param({"acr_values": "urn:wuji:acr:1 2"}, id="ensure-request-with-acr-values-succeeds"),
        pytest.param({"code_challenge_method": "S256"}, id="ensure-request-with-valid-pkce-succeeds"),
    ],
)
def test_oidcc(oauth, more):
    assert claims_of(oauth, oauth.program(), **more)["acr"].startswith("urn:wuji:acr:")


def test_oidcc_id_token_hint(oauth):
    program = oauth.program()
    hint = program.tokens()["id_token"]
    answer = oauth.get(oauth.browser("resident"), "/oauth/authorize", program.params(prompt="none", id_token_hint=hint))
    code = told(answer)["code"]
    assert id_claims(oauth, program.redeem(code).json["id_token"]).claims["sub"] == id_claims(oauth, hint).claims["sub"]


def test_oidcc_login_hint(oauth):
    page = oauth.get(oauth.browser(), "/oauth/authorize", oauth.program().params(login_hint="zhang"))
    assert 'value="zhang"' in page.text


def test_oidcc_codereuse(oauth):
    program = oauth.program()
    code = oauth.allow(program)["code"]
    assert program.redeem(code).status_code == 200
    again = program.redeem(code)
    assert (again.status_code, again.json["error"]) == (400, "invalid_grant")


def test_oidcc_codereuse_30seconds(oauth):
    program = oauth.program()
    code = oauth.allow(program)["code"]
    token = program.redeem(code).json["access_token"]
    oauth.world.run("update wuji.oauth_code set used_at = used_at - interval '30 seconds'")
    assert program.redeem(code).json["error"] == "invalid_grant"
    assert oauth.call(token, "/oauth/userinfo").status_code == 401


def test_oidcc_ensure_registered_redirect_uri(oauth):
    answer = oauth.get(oauth.browser(), "/oauth/authorize", oauth.program().params(redirect_uri=f"{BACK}x"))
    assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_oidcc_ensure_post_request_succeeds(oauth):
    program, browser = oauth.program(), oauth.browser("resident")
    program.tokens()
    sent = browser.post("/oauth/authorize", data=program.params())
    assert "code" in told(oauth.get(browser, sent.location))


def test_oidcc_server_client_secret_post(oauth):
    program = oauth.program(token_endpoint_auth_method="client_secret_post")
    code = oauth.allow(program)["code"]
    form = {"client_id": program.client_id, "client_secret": program.secret}
    assert program.redeem(code, headers={}, **form).status_code == 200


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(oauth):
    assert refused(oauth, request_uri="https://app.example/request.jwt") == "request_uri_not_supported"


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(oauth):
    assert refused(oauth, request="eyJhbGciOiJub25lIn0.e30.") == "request_not_supported"


def test_oidcc_ensure_request_object_with_redirect_uri(oauth):
    assert refused(oauth, request="eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJ4In0.") == "request_not_supported"


def test_oidcc_claims_essential(oauth):
    tokens = oauth.program().tokens(scope="openid", claims='{"userinfo": {"name": {"essential": true}}}')
    assert userinfo(oauth, tokens)["name"] == "resident"


def test_oidcc_refresh_token(oauth):
    program = oauth.program()
    first = program.tokens(scope="openid offline_access")
    second = program.refresh(first["refresh_token"]).json
    before, after = (id_claims(oauth, tokens["id_token"]).claims for tokens in (first, second))
    assert [before[name] for name in ("iss", "sub", "aud", "auth_time")] == [
        after[name] for name in ("iss", "sub", "aud", "auth_time")
    ]
    assert second["access_token"] != first["access_token"]
    assert program.refresh(first["refresh_token"]).json["error"] == "invalid_grant"


def test_oidcc_discovery_endpoint_verification(oauth):
    told_ = oauth.app.test_client().get("/.well-known/openid-configuration").json
    assert told_["issuer"] == BASE
    for name in ("authorization", "token", "userinfo", "end_session", "registration", "device_authorization"):
        assert told_[f"{name}_endpoint"].startswith(f"{BASE}/oauth/")
    assert "RS256" in told_["id_token_signing_alg_values_supported"]
    assert {"openid", *ALL.split()} == set(told_["scopes_supported"])
    assert (told_["response_types_supported"], told_["code_challenge_methods_supported"]) == (["code"], ["S256"])
    assert set(told_["subject_types_supported"]) == {"public", "pairwise"}
