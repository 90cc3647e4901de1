"""Programs register themselves by a tenant's invitation, and look after their registration (RFC 7591, RFC 7592)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from wuji.identity.oauth.services.registering import invite
from wuji.testing.acting import acting

from .conftest import BACK

PATH = "/oauth/register"
ASKED = {"client_name": "邻里通", "redirect_uris": [BACK]}


@pytest.fixture
def invitation(oauth):
    def make(**more):
        with acting(oauth.app, oauth.world, "street") as session:
            return invite(session, oauth.app.extensions["wuji"], **{"uses": 5, "valid": timedelta(days=1), **more})

    return make


def send(oauth, token, asked=ASKED, method="POST", path=PATH, **more):
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    given = {"json": asked} if asked is not None else {}
    place = {"REMOTE_ADDR": oauth.address}
    return oauth.app.test_client().open(
        path, method=method, headers=headers, environ_overrides=place, **{**given, **more}
    )


def test_a_program_registers_itself_and_works(oauth, invitation):
    answer = send(oauth, invitation())
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    made = answer.json
    assert made["client_secret"].startswith("wuji_ocs_")
    assert made["registration_access_token"].startswith("wuji_orat_")
    assert made["registration_client_uri"].endswith(f"{PATH}/{made['client_id']}")
    program = oauth.program()
    program.client_id, program.secret = made["client_id"], made["client_secret"]
    assert program.redeem(oauth.allow(program)["code"]).status_code == 200
    tenant = oauth.world.one("select tenant_id from wuji.oauth_client where client_id = %s", made["client_id"])
    assert tenant == oauth.world.tenant["street"]


@pytest.mark.parametrize(
    "more", [{"token_endpoint_auth_method": "none"}, {"token_endpoint_auth_method": "private_key_jwt"}]
)
def test_who_keeps_no_secret_of_ours_gets_none(oauth, invitation, more):
    keys = {"jwks": {"keys": [oauth.program().key.as_dict(private=False)]}} if len(more) else {}
    made = send(oauth, invitation(), {**ASKED, **more, **keys})
    assert made.status_code == 201, made.text
    assert "client_secret" not in made.json


def test_an_invitation_is_for_so_many_and_so_long(oauth, invitation):
    token = invitation(uses=3)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(oauth, token).status_code, range(8)))
    assert sorted(answers) == [201] * 3 + [401] * 5
    over = invitation()
    oauth.world.run(
        "update wuji.oauth_invitation set expires_at = now() where tenant_id = %s", oauth.world.tenant["street"]
    )
    for wrong in (over, "wuji_oit_nothing", "", None):
        answer = send(oauth, wrong)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="wuji"')
    assert "error" not in send(oauth, None).headers["WWW-Authenticate"]


WRONG = {
    "no JSON": ({"data": b"{", "content_type": "application/json"}, "invalid_client_metadata"),
    "another encoding": ({"data": "{}".encode("utf-16"), "content_type": "application/json"}, "invalid_client_metadata"),
    "a form": ({"data": {"client_name": "x"}}, "invalid_client_metadata"),
    "a list": ({"json": []}, "invalid_client_metadata"),
    "too much": ({"data": b"x" * 200_000, "content_type": "application/json"}, "invalid_client_metadata"),
    "plain http": ({"json": {**ASKED, "redirect_uris": ["http://evil.example/cb"]}}, "invalid_redirect_uri"),
    "no address": ({"json": {"client_name": "x"}}, "invalid_redirect_uri"),
    "a private key": ({"json": {**ASKED, "jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}}}, "invalid_client_metadata"),
    "both sets of keys": (
        {"json": {**ASKED, "jwks": {"keys": []}, "jwks_uri": "https://app.example/k"}}, "invalid_client_metadata",
    ),
    "a key is missing": ({"json": {**ASKED, "token_endpoint_auth_method": "private_key_jwt"}}, "invalid_client_metadata"),
    "a file as logout": ({"json": {**ASKED, "backchannel_logout_uri": "file:///etc/passwd"}}, "invalid_client_metadata"),
    "NUL": ({"json": {**ASKED, "client_name": "a\0b"}}, "invalid_client_metadata"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_registered_is_said_and_uses_nothing_up(oauth, invitation, case):
    given, error = WRONG[case]
    token = invitation(uses=1)
    answer = send(oauth, token, None, **given)
    assert (answer.status_code, answer.json["error"]) == (400, error), answer.text
    assert answer.json["error_description"].isascii()
    assert send(oauth, token).status_code == 201


def test_it_looks_after_its_registration(oauth, invitation):
    made = send(oauth, invitation()).json
    token, path = made["registration_access_token"], f"{PATH}/{made['client_id']}"
    shown = send(oauth, token, None, "GET", path)
    assert (shown.status_code, shown.json["client_name"]) == (200, "邻里通")
    assert "client_secret" not in shown.json
    asked = {**ASKED, "client_id": made["client_id"], "client_name": "邻里通二", "scope": "openid"}
    changed = send(oauth, token, asked, "PUT", path)
    assert (changed.status_code, changed.json["client_name"], changed.json["scope"]) == (200, "邻里通二", "openid")
    public = send(oauth, token, {**asked, "token_endpoint_auth_method": "none"}, "PUT", path)
    assert "client_secret" not in public.json
    again = send(oauth, token, asked, "PUT", path)
    assert again.json["client_secret"] != made["client_secret"]
    assert send(oauth, token, None, "DELETE", path).status_code == 204
    for method, sent in (("GET", None), ("PUT", asked), ("DELETE", None)):
        assert send(oauth, token, sent, method, path).status_code == 401


def test_another_programs_token_is_none(oauth, invitation):
    token = invitation()
    mine, other = send(oauth, token).json, send(oauth, token).json
    path = f"{PATH}/{mine['client_id']}"
    for wrong in (other["registration_access_token"], token, "", None):
        assert send(oauth, wrong, None, "GET", path).status_code == 401
        assert send(oauth, wrong, None, "DELETE", path).status_code == 401
    own = mine["registration_access_token"]
    assert send(oauth, own, {**ASKED, "client_id": other["client_id"]}, "PUT", path).status_code == 400
    assert (
        send(
            oauth, own, {**ASKED, "client_id": mine["client_id"], "registration_access_token": "x"}, "PUT", path
        ).status_code
        == 400
    )
    assert send(oauth, own, None, "GET", path).json["client_name"] == "邻里通"
