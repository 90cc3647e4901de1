"""Programs as whoever manages them at a tenant sees them."""

import pytest

from .conftest import BACK

HEADERS = {"X-Wuji-Request": "1", "Accept-Language": "en"}
ASKED = {"metadata": {"client_name": "邻里通", "redirect_uris": [BACK]}}


@pytest.fixture
def manage(oauth):
    """The head of the street, or somebody else, asks the API."""

    def ask(method, path="", who="head@street", tenant="street", **given):
        address = f"/api/v1/tenants/{oauth.world.code[tenant]}/oauth-clients{path}"
        return oauth.browser(who).open(address, method=method, headers={**HEADERS, **given.pop("headers", {})}, **given)

    return ask


@pytest.fixture(autouse=True)
def head(oauth):
    oauth.world.person("head@street", ("street", "head"))


def test_a_program_is_registered_seen_changed_and_removed(oauth, manage):
    made = manage("POST", json={**ASKED, "reason": "新应用"})
    assert made.status_code == 201, made.text
    client_id, secret = made.json["client_id"], made.json["client_secret"]
    assert made.json["registered"]["redirect_uris"] == [BACK]
    (listed,) = manage("GET").json["items"]
    assert (listed["client_id"], listed["name"], listed["used_at"]) == (client_id, "邻里通", None)
    program = oauth.program()
    program.client_id, program.secret = client_id, secret
    program.redeem(oauth.allow(program)["code"])
    shown = manage("GET", f"/{client_id}")
    assert shown.json["used_at"] is not None
    assert "client_secret" not in shown.json["metadata"]
    change = {"metadata": {**ASKED["metadata"], "client_name": "新名字"}}
    assert manage("PUT", f"/{client_id}", json=change).status_code == 428
    headers = {"If-Match": shown.headers["ETag"]}
    changed = manage("PUT", f"/{client_id}", json=change, headers=headers)
    assert (changed.status_code, changed.json["client_secret"]) == (200, None), changed.text
    assert manage("PUT", f"/{client_id}", json=change, headers=headers).status_code == 412
    rotated = manage("POST", f"/{client_id}/secret", json={})
    assert rotated.json["client_secret"] not in {None, secret}
    assert manage("DELETE", f"/{client_id}", json={"reason": "不用了"}).status_code == 204
    assert manage("GET", f"/{client_id}").status_code == 404
    assert client_id not in {one["client_id"] for one in manage("GET").json["items"]}
    verbs = oauth.world.run(
        "select verb from wuji.journal_record where kind = 'oauth_client' and account_id = %s",
        oauth.world.account["head@street"],
    ).fetchall()
    assert {verb for (verb,) in verbs} == {
        f"identity.oauth_client.{did}" for did in ("add", "change", "rotate", "remove")
    }


def test_what_is_wrong_is_said_at_its_place(manage):
    answer = manage("POST", json={"metadata": {"client_name": "x", "redirect_uris": ["http://evil.example/"]}})
    assert answer.status_code == 422
    (fault,) = answer.json["errors"]
    assert fault["pointer"] == "#/metadata"
    assert "redirect_uris" in fault["message"]


def test_who_does_not_manage_them_sees_none(manage):
    made = manage("POST", json=ASKED).json["client_id"]
    assert manage("GET", who="resident").status_code in {403, 404}
    for method, path, body in (("GET", "", None), ("DELETE", "", {}), ("POST", "/secret", {})):
        answer = manage(method, f"/{made}{path}", who="official@village", tenant="village", json=body)
        assert answer.status_code in {403, 404}
    assert manage("GET", f"/{made}").status_code == 200


def test_programs_are_invited(oauth):
    address = f"/api/v1/tenants/{oauth.world.code['street']}/oauth-invitations"
    browser = oauth.browser("head@street")
    made = browser.post(address, json={"uses": 1}, headers=HEADERS)
    assert made.status_code == 201
    headers = {"Authorization": f"Bearer {made.json['token']}"}
    assert oauth.app.test_client().post("/oauth/register", json=ASKED["metadata"], headers=headers).status_code == 201
    assert browser.post(address, json={"uses": 0}, headers=HEADERS).status_code == 422
    assert browser.post(address, json={"days": 366}, headers=HEADERS).status_code == 422
