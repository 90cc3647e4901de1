"""Login providers of a place over the API: set, inherited, changed by two at once, tried, removed. Secrets are never shown."""

import pytest

PROVIDER = {"name": "市统一认证", "issuer": "https://id.example", "client_id": "wuji", "admits": "linked"}


@pytest.fixture
def head(coming):
    """Whoever runs the street."""
    browser = coming.browser("official@street")

    def ask(method, path="", at="street", **given):
        return coming.api(browser, method, f"/tenants/{coming.world.code[at]}/login-providers{path}", **given)

    return ask


def test_is_set_shown_without_its_secret_and_taken_back(coming, head):
    made = head("POST", json={**PROVIDER, "client_secret": "s3cret"})
    assert made.status_code == 201
    assert "s3cret" not in made.text
    assert made.json["back"] == f"http://localhost:8000/login/back/{made.json['id']}"
    kept = coming.world.one("select secret from wuji.login_provider_secret where provider_id = %s", made.json["id"])
    assert b"s3cret" not in kept
    path = f"/{made.json['id']}"
    change = {key: value for key, value in PROVIDER.items() if key != "issuer"} | {"name": "新名字", "is_on": False}
    assert head("PUT", path, json=change).status_code == 428
    changed = head("PUT", path, json=change, headers={"If-Match": made.headers["ETag"]})
    assert (changed.json["name"], changed.json["is_on"]) == ("新名字", False)
    assert head("PUT", path, json=change, headers={"If-Match": made.headers["ETag"]}).status_code == 412
    rows = "select count(*) from wuji.login_provider_secret where provider_id = %s"
    assert coming.world.one(rows, made.json["id"]) == 1
    gone = head("PUT", path, json={**change, "client_secret": ""}, headers={"If-Match": changed.headers["ETag"]})
    assert (gone.status_code, coming.world.one(rows, made.json["id"])) == (200, 0)
    assert [one["id"] for one in head("GET").json["items"]] == [made.json["id"]]
    assert head("DELETE", path, json={"reason": "换系统"}).status_code == 204
    assert head("GET", path).status_code == 404
    verbs = "select array_agg(verb order by id) from wuji.journal_record where subject_id = %s"
    told = [f"identity.login_provider.{verb}" for verb in ("add", "change", "change", "remove")]
    assert coming.world.one(verbs, made.json["id"]) == told


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"issuer": "ftp://id.example"}, "#/issuer"),
        ({"issuer": "https://a@id.example"}, "#/issuer"),
        ({"issuer": "https://id.example?x=1"}, "#/issuer"),
        ({"issuer": "\0"}, "#/issuer"),
        ({"scope": "profile"}, "#/scope"),
        ({"scope": "openid 姓名"}, "#/scope"),
        ({"admits": "officials"}, "#/admits"),
        ({"kind": 7}, "#/kind"),
        ({"name": ""}, "#/name"),
        ({"client_id": 7}, "#/client_id"),
        ({"unknown": 1}, "#/unknown"),
    ],
)
def test_what_cannot_be_is_said_at_its_place(head, wrong, pointer):
    answer = head("POST", json={**PROVIDER, **wrong})
    assert answer.status_code == 422
    assert pointer in [fault["pointer"] for fault in answer.json["errors"]]


def test_is_offered_here_and_below_and_nowhere_else(coming, head):
    made = head("POST", json=PROVIDER).json["id"]
    for at, there in (("street", True), ("village", True), ("city", False), ("sibling", True), ("other", False)):
        path = f"/tenants/{coming.world.code[at]}/login-options"
        found = coming.api(coming.browser(), "GET", path).json["items"]
        assert (made in [one["id"] for one in found]) is there, at
    assert head("GET", at="village").status_code in {200, 403}
    village = coming.browser("official@village")
    path = f"/tenants/{coming.world.code['village']}/login-providers/{made}"
    assert coming.api(village, "GET", path).status_code == 404
    assert coming.api(village, "DELETE", path, json={}).status_code == 404


def test_is_tried_before_anybody_needs_it(coming, head, city):
    working, silent = coming.provider(city.issuer), coming.provider("http://127.0.0.1:9")
    said = head("POST", f"/{working}/check").json
    assert said == {"fault": "", "algorithms": ["ES256"], "pushes": False}
    assert head("POST", f"/{silent}/check").json["fault"].startswith("GET http://127.0.0.1:9/.well-known")


def test_no_more_than_anybody_could_choose_from(head):
    answers = [head("POST", json=PROVIDER).status_code for _ in range(21)]
    assert answers == [201] * 20 + [409]
