"""Programs that prove themselves by a key of their own (private_key_jwt, RFC 7523)."""

from time import time

import pytest
from joserfc.jwk import ECKey

from .conftest import BASE, JWT_BEARER

OWN = {"grant_type": "client_credentials"}


def asked(program, **claims):
    return program.post("/oauth/token", **OWN, **program.assertion(**claims))


@pytest.mark.parametrize("aud", [BASE, f"{BASE}/oauth/token", [BASE, "https://other.example"]])
def test_a_program_proves_itself_once_by_each_assertion(oauth, aud):
    program = oauth.keyed()
    fields = program.assertion(aud=aud)
    assert program.post("/oauth/token", **OWN, **fields).status_code == 200
    again = program.post("/oauth/token", **OWN, **fields)
    assert (again.status_code, again.json["error"]) == (401, "invalid_client")
    assert program.post("/oauth/introspect", token="x", **program.assertion()).json == {"active": False}


def test_every_wrong_assertion_is_the_same_wrong(oauth):
    program, at = oauth.keyed(), int(time())
    stranger = ECKey.generate_key("P-256")
    wrong = {
        "of somebody else": {"key": stranger},
        "with its own key in the header": {"key": stranger, "header": {"jwk": stranger.as_dict(private=False)}},
        "another issuer": {"iss": "wuji_other"},
        "another subject": {"sub": "wuji_other"},
        "another audience": {"aud": "https://other.example"},
        "no audience": {"aud": None},
        "over": {"exp": at - 1},
        "for far too long": {"exp": at + 86_400},
        "without an end": {"exp": None},
        "an end of words": {"exp": "tomorrow"},
        "not yet": {"nbf": at + 3600},
        "made tomorrow": {"iat": at + 86_400},
        "without a number": {"jti": None},
    }
    for what, claims in wrong.items():
        answer = asked(program, **claims)
        assert (answer.status_code, answer.json["error"]) == (401, "invalid_client"), what
    assert asked(program).status_code == 200


@pytest.mark.parametrize("sent", ["", "x", "x.y.z", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "e" * 7000, "证明"])
def test_what_is_no_assertion_is_refused(oauth, sent):
    program = oauth.keyed()
    fields = {"client_assertion_type": JWT_BEARER, "client_assertion": sent, "client_id": program.client_id}
    assert program.post("/oauth/token", **OWN, **fields).status_code in {400, 401}


def test_a_program_proves_itself_in_its_own_way_only(oauth):
    keyed, secret = oauth.keyed(), oauth.program()
    bare = keyed.post("/oauth/token", **OWN, client_id=keyed.client_id)
    assert bare.json["error"] == "invalid_client"
    with_secret = secret.post("/oauth/token", **OWN, **secret.assertion(), headers={})
    assert with_secret.json["error"] == "invalid_client"
    both = secret.post("/oauth/token", **OWN, **secret.assertion())
    assert both.json["error"] == "invalid_request"
    other = keyed.post("/oauth/token", **OWN, **{**keyed.assertion(), "client_assertion_type": "saml"})
    assert other.json["error"] == "invalid_request"


def test_the_algorithm_is_the_one_that_it_is_registered_for(oauth):
    program = oauth.keyed(token_endpoint_auth_signing_alg="PS256")
    assert asked(program).json["error"] == "invalid_client"


def test_keys_are_fetched_from_where_the_program_says(oauth, told_at):
    address, said = told_at
    program = oauth.keyed(jwks=None, jwks_uri=address)
    said[0] = {"keys": [{**program.key.as_dict(private=False), "kid": "one"}]}
    assert asked(program, header={"kid": "one"}).status_code == 200
    assert asked(program).status_code == 200
    assert asked(program, header={"kid": "two"}).json["error"] == "invalid_client"


def test_a_server_that_does_not_answer_proves_nothing(oauth):
    program = oauth.keyed(jwks=None, jwks_uri="http://127.0.0.1:9/keys")
    assert asked(program).json["error"] == "invalid_client"
