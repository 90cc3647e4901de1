"""DPoP: a token that was given to whoever holds a key is worth nothing to anybody else (RFC 9449)."""

import base64
from time import time

import pytest
from joserfc.jwk import ECKey, OctKey

from .conftest import make_proof

TOKEN = "/oauth/token"
SHARED = {"kty": "oct", "k": "AAAA"}


def redeemed(program, code, **headers):
    return program.redeem(code, headers={**basic(program), **headers})


def basic(program):
    if program.public:
        return {}
    pair = base64.b64encode(f"{program.client_id}:{program.secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


@pytest.fixture
def bound(oauth):
    """A program, and an access token of its that is bound to its key."""
    program = oauth.program()
    code = oauth.allow(program, scope="openid profile api:read offline_access")["code"]
    answer = redeemed(program, code, DPoP=program.proof("POST", TOKEN))
    assert answer.json["token_type"] == "DPoP"
    return program, answer.json


def use(oauth, program, token, path="/api/v1/me", *, scheme="DPoP", proof=None):
    headers = {"Authorization": f"{scheme} {token}"}
    if proof is not False:
        headers["DPoP"] = proof or program.proof("GET", path, token)
    return oauth.app.test_client().get(path, headers=headers)


def test_whoever_holds_the_key_uses_the_token(oauth, bound):
    program, tokens = bound
    token = tokens["access_token"]
    assert use(oauth, program, token).status_code == 200
    known = use(oauth, program, token, "/oauth/userinfo")
    assert known.json["sub"] == str(oauth.world.account["resident"])
    told = program.post("/oauth/introspect", token=token).json
    assert (told["token_type"], told["cnf"]) == ("DPoP", {"jkt": program.key.thumbprint()})


def test_it_is_no_bearer_token(oauth, bound):
    program, tokens = bound
    for path in ("/api/v1/me", "/oauth/userinfo"):
        answer = use(oauth, program, tokens["access_token"], path, scheme="Bearer", proof=False)
        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    plain = oauth.program().tokens()["access_token"]
    for path in ("/api/v1/me", "/oauth/userinfo"):
        assert use(oauth, program, plain, path).status_code == 401  # and a bearer token is none of a key's


@pytest.mark.parametrize("path", ["/api/v1/me", "/oauth/userinfo"])
def test_every_wrong_proof_is_refused_and_says_why(oauth, bound, path):
    program, tokens = bound
    token, base = tokens["access_token"], "http://localhost:8000"
    other = ECKey.generate_key("P-256")
    used = program.proof("GET", path, token)
    assert use(oauth, program, token, path, proof=used).status_code == 200
    wrong = {
        "none": False,
        "used before": used,
        "of another method": program.proof("POST", path, token),
        "of another address": program.proof("GET", "/api/v1/other", token),
        "of another host": make_proof(program.key, "GET", f"https://evil.example{path}", token),
        "for another token": program.proof("GET", path, "other"),
        "for no token": program.proof("GET", path),
        "old": program.proof("GET", path, token, iat=int(time()) - 3600),
        "early": program.proof("GET", path, token, iat=int(time()) + 3600),
        "without a time": program.proof("GET", path, token, iat=None),
        "a time of words": program.proof("GET", path, token, iat="now"),
        "without a number": program.proof("GET", path, token, jti=""),
        "another type": program.proof("GET", path, token, header={"typ": "JWT"}),
        "without its key": program.proof("GET", path, token, header={"jwk": {}}),
        "with its private key": program.proof("GET", path, token, header={"jwk": program.key.as_dict(private=True)}),
        "signed by another": program.proof("GET", path, token, header={"jwk": other.as_dict(private=False)}),
        "a shared secret": make_proof(
            OctKey.generate_key(256), "GET", base + path, token, header={"alg": "HS256", "jwk": SHARED}
        ),
        "a short key": program.proof("GET", path, token, header={"jwk": {"kty": "RSA", "n": "A" * 171, "e": "AQAB"}}),
        "no JWT": "x.y.z",
        "unsigned": used.rsplit(".", 1)[0] + ".",
        "far too long": "x" * 5000,
        "Chinese": "证明".encode().decode("latin-1"),
    }
    for what, proof in wrong.items():
        answer = use(oauth, program, token, path, proof=proof)
        assert answer.status_code == 401, what
        said = answer.headers["WWW-Authenticate"]
        assert said.startswith('DPoP realm="wuji", error="invalid_'), (what, said)
        assert 'algs="ES256' in said
    stranger = make_proof(other, "GET", base + path, token)
    assert use(oauth, program, token, path, proof=stranger).status_code == 401


def test_two_proofs_are_none(oauth, bound):
    program, tokens = bound
    token = tokens["access_token"]
    headers = [("Authorization", f"DPoP {token}"), *[("DPoP", program.proof("GET", "/api/v1/me", token))] * 2]
    assert oauth.app.test_client().get("/api/v1/me", headers=headers).status_code == 401


def test_the_token_endpoint_says_what_is_wrong_with_a_proof_and_spends_nothing(oauth):
    program = oauth.program()
    code = oauth.allow(program)["code"]
    bad = redeemed(program, code, DPoP=program.proof("GET", TOKEN))
    assert (bad.status_code, bad.json["error"]) == (400, "invalid_dpop_proof")
    assert redeemed(program, code, DPoP=program.proof("POST", TOKEN)).status_code == 200


def test_a_program_that_is_registered_so_must_show_a_key(oauth):
    program = oauth.program(dpop_bound_access_tokens=True)
    code = oauth.allow(program)["code"]
    assert redeemed(program, code).json["error"] == "invalid_dpop_proof"
    assert redeemed(program, code, DPoP=program.proof("POST", TOKEN)).json["token_type"] == "DPoP"


def test_refresh_tokens_of_a_public_program_are_bound_and_of_others_are_not(oauth):
    public = oauth.program(token_endpoint_auth_method="none")
    code = oauth.allow(public, scope="openid offline_access")["code"]
    token = redeemed(public, code, DPoP=public.proof("POST", TOKEN)).json["refresh_token"]
    other = make_proof(ECKey.generate_key("P-256"), "POST", f"http://localhost:8000{TOKEN}")
    for headers in ({}, {"DPoP": other}):
        answer = public.refresh(token, headers=headers)
        assert (answer.status_code, answer.json["error"]) == (400, "invalid_grant")
    assert public.refresh(token, headers={"DPoP": public.proof("POST", TOKEN)}).status_code == 200  # nothing was spent
    secret = oauth.program()
    kept = redeemed(
        secret, oauth.allow(secret, scope="openid offline_access")["code"], DPoP=secret.proof("POST", TOKEN)
    )
    used = secret.refresh(kept.json["refresh_token"], headers={**basic(secret), "DPoP": other})
    assert used.json["error"] == "invalid_dpop_proof"
    new = make_proof(ECKey.generate_key("P-256"), "POST", f"http://localhost:8000{TOKEN}")
    assert secret.refresh(kept.json["refresh_token"], headers={**basic(secret), "DPoP": new}).status_code == 200


def test_a_code_that_was_asked_for_with_a_key_is_redeemed_with_it(oauth):
    program = oauth.program()
    code = oauth.allow(program, dpop_jkt=program.key.thumbprint())["code"]
    assert redeemed(program, code).json["error"] == "invalid_grant"
    other = make_proof(ECKey.generate_key("P-256"), "POST", f"http://localhost:8000{TOKEN}")
    assert redeemed(program, code, DPoP=other).json["error"] == "invalid_grant"
    assert redeemed(program, code, DPoP=program.proof("POST", TOKEN)).status_code == 200


def test_a_program_for_itself_and_a_device_may_show_a_key_too(oauth):
    program = oauth.program(scope="api:read")
    headers = {**basic(program), "DPoP": program.proof("POST", TOKEN)}
    answer = program.post(TOKEN, grant_type="client_credentials", headers=headers)
    assert answer.json["token_type"] == "DPoP"
    assert use(oauth, program, answer.json["access_token"]).status_code == 200
