"""What a stock client reads first."""

import pytest

from .conftest import BASE


def test_everything_that_is_promised_answers(oauth):
    client = oauth.app.test_client()
    told = client.get("/.well-known/openid-configuration")
    assert told.headers["Access-Control-Allow-Origin"] == "*"
    said = told.json
    assert said["issuer"] == BASE
    for name, address in said.items():
        if name.endswith("_endpoint") or name == "jwks_uri":
            path = address.removeprefix(BASE)
            assert path.startswith("/oauth/")
            answers = {client.get(path).status_code, client.post(path, data={}).status_code}
            assert 404 not in answers, name
    assert {"ES256", "RS256"} <= set(said["id_token_signing_alg_values_supported"])
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["authorization_response_iss_parameter_supported"] is True


def test_the_server_and_the_provider_say_the_same(oauth):
    client = oauth.app.test_client()
    server = client.get("/.well-known/oauth-authorization-server").json
    provider = client.get("/.well-known/openid-configuration").json
    assert server.items() <= provider.items()
    assert {
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "response_types_supported",
    } <= server.keys()


@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_userinfo_is_signed_for_who_asks_so(oauth, alg):
    program = oauth.program(userinfo_signed_response_alg=alg, id_token_signed_response_alg=alg)
    answer = oauth.call(program.tokens()["access_token"], "/oauth/userinfo")
    assert answer.mimetype == "application/jwt"
    assert answer.text.count(".") == 2
