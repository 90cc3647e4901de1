"""The OpenID Foundation's Dynamic plan: programs that register themselves, one test for each module by its name."""

from contextlib import suppress
from datetime import timedelta

import pytest
from joserfc.jwk import ECKey

from wuji.identity.oauth.services import client_keys
from wuji.identity.oauth.services.keys import rotate_keys
from wuji.identity.oauth.services.registering import invite
from wuji.kit.problem import Problem
from wuji.testing.acting import acting

from .conftest import BACK, told
from .test_flow import id_claims


@pytest.fixture
def register(oauth):
    """`register(**metadata)`: a program that registered itself; or the answer, where it may not."""
    with acting(oauth.app, oauth.world, "street") as session:
        token = invite(session, oauth.app.extensions["wuji"], uses=20, valid=timedelta(days=1))

    def make(**metadata):
        asked = {"client_name": "OIDF", "redirect_uris": [BACK], "grant_types": ["authorization_code", "refresh_token"]}
        headers = {"Authorization": f"Bearer {token}"}
        answer = oauth.app.test_client().post("/oauth/register", json={**asked, **metadata}, headers=headers)
        if answer.status_code != 201:
            return answer
        program = oauth.program()
        program.client_id, program.secret = answer.json["client_id"], answer.json.get("client_secret")
        program.public = program.secret is None
        program.registered = answer.json
        return program

    return make


def test_oidcc_idtoken_rs256(oauth, register):
    token = register(id_token_signed_response_alg="RS256").tokens()["id_token"]
    assert id_claims(oauth, token).header["alg"] == "RS256"


def test_oidcc_idtoken_unsigned(register):
    assert register(id_token_signed_response_alg="none").json["error"] == "invalid_client_metadata"


def test_oidcc_userinfo_rs256(oauth, register):
    program = register(userinfo_signed_response_alg="RS256")
    answer = oauth.call(program.tokens()["access_token"], "/oauth/userinfo")
    assert answer.mimetype == "application/jwt"
    assert id_claims(oauth, answer.text).claims["aud"] == program.client_id


def test_oidcc_ensure_redirect_uri_in_authorization_request(oauth, register):
    params = register().params(redirect_uri=None)
    assert oauth.get(oauth.browser(), "/oauth/authorize", params).status_code == 400


def test_oidcc_redirect_uri_query_ok(oauth, register):
    there = f"{BACK}?foo=bar"
    program, browser = register(redirect_uris=[there]), oauth.browser("resident")
    page = oauth.get(browser, "/oauth/authorize", program.params(redirect_uri=there))
    assert oauth.submit(browser, page, decision="allow", tenant="").location.startswith(f"{there}&code=")


@pytest.mark.parametrize("asked", [f"{BACK}?foo=baz", f"{BACK}?foo=bar&x=y", BACK])
def test_oidcc_redirect_uri_query_mismatch_and_added(oauth, register, asked):
    params = register(redirect_uris=[f"{BACK}?foo=bar"]).params(redirect_uri=asked)
    assert oauth.get(oauth.browser(), "/oauth/authorize", params).status_code == 400


def test_oidcc_redirect_uri_regfrag(register):
    assert register(redirect_uris=[f"{BACK}#foobar"]).json["error"] == "invalid_redirect_uri"


def test_oidcc_server(oauth, register):
    program = register()
    assert id_claims(oauth, program.tokens()["id_token"]).claims["aud"] == program.client_id


@pytest.mark.parametrize("member", ["logo_uri", "policy_uri", "tos_uri"])
def test_oidcc_registration(oauth, register, member):
    program = register(**{member: "https://app.example/about"})
    assert program.registered[member] == "https://app.example/about"
    page = oauth.get(oauth.browser("resident"), "/oauth/authorize", program.params())
    assert ("https://app.example/about" in page.text) == (member != "logo_uri")  # no picture of others on our page


def test_oidcc_registration_jwks_uri_and_ensure_client_assertion_with_iss_aud_succeeds(oauth, register, told_at):
    address, said = told_at
    program = register(token_endpoint_auth_method="private_key_jwt", jwks_uri=address)
    said[0] = {"keys": [program.key.as_dict(private=False)]}
    assert program.redeem(oauth.allow(program)["code"], **program.assertion()).status_code == 200


def test_oidcc_refresh_token_rp_key_rotation(oauth, register, told_at, monkeypatch):
    monkeypatch.setattr(client_keys, "SOON", 0.0)
    address, said = told_at
    program = register(token_endpoint_auth_method="private_key_jwt", jwks_uri=address)
    said[0] = {"keys": [{**program.key.as_dict(private=False), "kid": "1"}]}
    first = program.redeem(oauth.allow(program)["code"], **program.assertion(header={"kid": "1"})).json
    program.key = ECKey.generate_key("P-256")
    said[0] = {"keys": [{**program.key.as_dict(private=False), "kid": "2"}]}
    assert program.refresh(first["refresh_token"], **program.assertion(header={"kid": "2"})).status_code == 200


def test_oidcc_registration_sector_uri(register, told_at):
    address, said = told_at
    said[0] = [BACK, "https://other.example/back"]
    assert (
        register(subject_type="pairwise", sector_identifier_uri=address).registered["sector_identifier_uri"] == address
    )


@pytest.mark.parametrize("answer", [["https://other.example/back"], {"redirect_uris": [BACK]}, "x", []])
def test_oidcc_registration_sector_bad(register, told_at, answer):
    address, said = told_at
    said[0] = answer
    assert register(subject_type="pairwise", sector_identifier_uri=address).json["error"] == "invalid_client_metadata"


def test_oidcc_server_rotate_keys(oauth, register):
    """What is published before it signs, and after, is tried in test_keys; here: tokens of before are still known."""
    program = register()
    hint = program.tokens()["id_token"]
    made = oauth.app.extensions["wuji"]
    before = {key["kid"] for key in oauth.app.test_client().get("/oauth/jwks").json["keys"]}
    with acting(oauth.app, oauth.world, "city") as session, suppress(Problem):  # another test may have just done so
        rotate_keys(session, made)
    after = {key["kid"] for key in oauth.app.test_client().get("/oauth/jwks").json["keys"]}
    assert before <= after
    answer = oauth.get(oauth.browser("resident"), "/oauth/authorize", program.params(id_token_hint=hint, prompt="none"))
    assert "code" in told(answer)


@pytest.mark.parametrize("more", [{"request_uri": "https://app.example/r"}, {"request": "eyJhbGciOiJSUzI1NiJ9.e30.x"}])
def test_oidcc_request_uri_and_request_object_are_refused_as_unsupported(oauth, register, more):
    answer = told(oauth.get(oauth.browser("resident"), "/oauth/authorize", register().params(**more)))
    assert answer["error"] in {"request_uri_not_supported", "request_not_supported"}


def test_oidcc_refresh_token(register):
    program = register(scope="openid offline_access")
    first = program.tokens(scope="openid offline_access")
    assert program.refresh(first["refresh_token"]).json["refresh_token"] != first["refresh_token"]
