"""Access tokens that whoever serves the API can read: for programs that name the resource (RFC 8707, RFC 9068)."""

from joserfc import jws

from wuji.inbox.sealing import Vault

from .conftest import BASE
from .test_flow import id_claims

API = f"{BASE}/api"


def test_a_program_that_names_the_resource_gets_a_jwt_for_it(oauth):
    program = oauth.program()
    tokens = program.tokens(scope="openid api:read tenant", resource=API)
    token = tokens["access_token"]
    assert len(token) <= 1024
    assert jws.extract_compact(token.encode()).headers()["typ"] == "at+jwt"
    claims = id_claims(oauth, token).claims
    assert (claims["iss"], claims["aud"], claims["client_id"]) == (BASE, API, program.client_id)
    assert (claims["scope"], claims["tenant"]) == ("openid tenant api:read", oauth.world.code["village"])
    assert claims["sub"] == id_claims(oauth, tokens["id_token"]).claims["sub"]
    assert {"jti", "auth_time", "acr"} <= claims.keys()
    assert not {"name", "roles", "login"} & claims.keys()
    assert oauth.call(token, f"/api/v1/tenants/{oauth.world.code['village']}").status_code == 200


def test_what_reads_well_still_ends_when_it_should(oauth):
    program = oauth.program()
    tokens = program.tokens(scope="openid api:read offline_access", resource=API)
    fresh = program.refresh(tokens["refresh_token"]).json  # the grant remembers what it is for
    assert fresh["access_token"].count(".") == 2
    program.post("/oauth/revoke", token=fresh["refresh_token"])
    for token in (tokens["access_token"], fresh["access_token"]):
        assert oauth.call(token, "/api/v1/me").status_code == 401
    changed = fresh["access_token"][:-6] + "AAAAAA"
    assert oauth.call(changed, "/api/v1/me").status_code == 401


def test_naming_it_at_the_token_endpoint_is_enough(oauth):
    program = oauth.program(scope="api:read")
    named = program.post("/oauth/token", grant_type="client_credentials", resource=API).json
    assert named["access_token"].count(".") == 2
    plain = program.post("/oauth/token", grant_type="client_credentials").json
    assert plain["access_token"].startswith("wuji_oat_")
    wrong = program.post("/oauth/token", grant_type="client_credentials", resource="https://other.example/")
    assert wrong.json["error"] == "invalid_target"


def test_bound_to_a_key_it_says_to_which(oauth):
    program = oauth.program(token_endpoint_auth_method="none")
    code = oauth.allow(program, resource=API)["code"]
    tokens = program.redeem(code, headers={"DPoP": program.proof("POST", "/oauth/token")}).json
    assert id_claims(oauth, tokens["access_token"]).claims["cnf"] == {"jkt": program.key.thumbprint()}


def test_an_address_that_was_proven_is_told_to_whoever_may_know_it(oauth):
    program = oauth.program()
    token = program.tokens(scope="openid email")["access_token"]
    assert "email" not in oauth.call(token, "/oauth/userinfo").json
    deployment, account = oauth.app.extensions["wuji"], oauth.world.account["resident"]
    kept = Vault(deployment.seal).close(account, "email", "zhang@example.org")
    row = {
        "account_id": account,
        "channel": "email",
        "address": kept,
        "secret": b"",
        "digest": b"x",
        "verified_at": None,
    }
    address = oauth.world.insert("wuji.address", row, ())
    assert "email" not in oauth.call(token, "/oauth/userinfo").json
    oauth.world.run("update wuji.address set verified_at = now() where id = %s", address)
    told = oauth.call(token, "/oauth/userinfo").json
    assert (told["email"], told["email_verified"]) == ("zhang@example.org", True)
    other = program.tokens(scope="openid profile", prompt="consent")["access_token"]
    assert "email" not in oauth.call(other, "/oauth/userinfo").json
    asked = '{"id_token": {"email": null}}'
    named = program.tokens(scope="openid email", claims=asked)
    assert id_claims(oauth, named["id_token"]).claims["email"] == "zhang@example.org"
