"""What a browser is sent before any program runs: words, titles, language, and problems that a person can read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from wuji.kit.problem import Problem
from wuji.pages.assets import Assets
from wuji.testing import Server, World
from wuji.testing.application import make_app

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
MEDIA = "application/problem+json"
PERSONAL = {
    "/login": "登录",
    "/link": "设置密码",
    "/invitation": "接受邀请",
    "/me": "我的",
    "/me/inbox": "消息",
    "/me/inbox/settings": "怎么告诉我",
    "/join": "组织入驻",
}
BROKEN = {
    403: Problem("kit.request_header", 403),
    413: Problem("kit.too_large", 413),
    429: Problem("onboarding.wait", 429, headers={"Retry-After": "60"}, minutes=1),
    503: Problem("kit.busy", 503, headers={"Retry-After": "5"}),
}


def refuse(status: int) -> None:
    if status in BROKEN:
        raise BROKEN[status]
    if status == 500:
        raise ZeroDivisionError
    abort(status)


@pytest.fixture(scope="module")
def app(server: Server) -> Iterator[Flask]:
    made = make_app(server)
    made.add_url_rule("/-/<int:status>", "refuse", refuse)
    yield made
    made.extensions["wuji"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("address", PERSONAL)
def test_a_page_says_what_it_is_for_in_the_reader_s_language(client: FlaskClient, address: str) -> None:
    chinese, english = (
        client.get(address, headers={**BROWSER, "Accept-Language": locale}) for locale in ("zh-CN", "en")
    )
    assert chinese.status_code == english.status_code == 200
    assert f"<title>{PERSONAL[address]}</title>" in chinese.text
    assert f"<h1>{PERSONAL[address]}</h1>" in chinese.text
    for page, locale in ((chinese, "zh-CN"), (english, "en")):
        assert f'<html lang="{locale}">' in page.text
        assert '<meta name="description" content="' in page.text
    assert PERSONAL[address] not in english.text


@pytest.mark.parametrize("address", PERSONAL)
def test_where_secrets_stand_behind_the_hash_no_other_site_is_told(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Referrer-Policy"] == "no-referrer"


def test_joining_can_be_read_about_without_a_program(client: FlaskClient) -> None:
    page = client.get("/join", headers={"Accept-Language": "zh-CN"}).text
    for words in ("怎么办", "上级组织审核", "18 位的统一社会信用代码", "180 天后删除"):
        assert words in page


def test_a_token_in_the_path_is_no_page(client: FlaskClient) -> None:
    assert client.get("/link/wuji_link_x", headers=BROWSER).status_code == 404


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 503])
@pytest.mark.parametrize(("locale", "home"), [("zh-CN", "回到首页"), ("en", "Back to the start")])
def test_a_browser_is_told_by_a_page(client: FlaskClient, status: int, locale: str, home: str) -> None:
    headers = {"Accept-Language": locale}
    page = client.get(f"/-/{status}", headers={**BROWSER, **headers})
    told = client.get(f"/-/{status}", headers=headers)
    assert (page.status_code, told.status_code) == (status, status)
    assert (page.mimetype, told.mimetype) == ("text/html", MEDIA)
    assert f"<h1>{told.json['title']}</h1>" in page.text
    assert home in page.text
    assert f'<html lang="{locale}">' in page.text
    assert '<script type="module"' not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "Accept" in page.vary
    assert "Accept" in told.vary
    assert page.headers.get("Retry-After") == told.headers.get("Retry-After")


@pytest.mark.parametrize("address", ["/login", "/no-such-page", "/-/503", "/offline", "/manifest.webmanifest"])
def test_what_was_chosen_in_this_browser_counts_more_than_what_it_prefers(client: FlaskClient, address: str) -> None:
    client.set_cookie("wuji-language", "en")
    answer = client.get(address, headers={**BROWSER, "Accept-Language": "zh-CN"})
    assert answer.headers["Content-Language"] == "en"
    assert answer.headers["Cache-Control"] == "no-store" or "Cookie" in answer.vary
    if answer.mimetype == "text/html":
        assert '<html lang="en">' in answer.text


def test_the_number_of_a_fault_can_be_told_on(client: FlaskClient) -> None:
    page = client.get("/-/500", headers=BROWSER)
    assert page.headers["X-Request-Id"] in page.text


def test_what_a_page_does_not_take_says_what_it_does(client: FlaskClient) -> None:
    page = client.post("/login", headers=BROWSER)
    assert (page.status_code, page.mimetype) == (405, "text/html")
    assert "GET" in page.headers["Allow"]


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "text/html;q=0.5, application/json", MEDIA, "", "nonsense"]
)
def test_programs_are_told_as_before(client: FlaskClient, accept: str) -> None:
    assert client.get("/-/404", headers={"Accept": accept}).mimetype == MEDIA


def test_the_api_answers_a_browser_as_it_answers_everybody(client: FlaskClient) -> None:
    assert client.get("/api/v1/nothing", headers=BROWSER).mimetype == MEDIA


def test_without_a_build_there_are_still_words(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    built, app.extensions["assets"] = app.extensions["assets"], Assets(tmp_path)
    try:
        page = client.get("/", headers={**BROWSER, "Accept-Language": "en"})
        told = client.get("/")
    finally:
        app.extensions["assets"] = built
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "<h1>Pages are not built yet</h1>" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert told.mimetype == MEDIA


@pytest.mark.parametrize("path", ["/{code}/x", "/api/v1/tenants/{code}", "/api/v1/tenants/{code}/grants"])
@pytest.mark.parametrize("headers", [BROWSER, {}], ids=["browser", "program"])
def test_suspended_and_absent_are_the_same_bytes(
    client: FlaskClient, world: World, path: str, headers: dict[str, str]
) -> None:
    """Also to whoever leaves their language to their account: a door that stays shut knows no account."""
    world.run("update wuji.tenant set state = 'suspended' where id = %s", world.tenant["other"])
    world.run("update wuji.account set locale = 'en' where id = %s", world.account["official@village"])
    client.set_cookie("wuji-8000", world.cookie["official@village"])
    foreign, absent = world.code["other"], "0" * len(world.code["other"])
    one, other = (client.get(path.format(code=code), headers=headers) for code in (foreign, absent))
    assert (one.status_code, other.status_code) == (404, 404)
    assert one.data.replace(foreign.encode(), b"?") == other.data.replace(absent.encode(), b"?")


def test_what_one_may_not_see_is_absent_in_the_same_language(client: FlaskClient, world: World) -> None:
    world.run("update wuji.account set locale = 'en' where id = %s", world.account["official@village"])
    client.set_cookie("wuji-8000", world.cookie["official@village"])
    foreign, absent = world.code["other"], "0" * len(world.code["other"])
    one, other = (client.get(f"/api/v1/tenants/{code}/grants") for code in (foreign, absent))
    assert (one.status_code, other.status_code) == (404, 404)
    assert one.data.replace(foreign.encode(), b"?") == other.data.replace(absent.encode(), b"?")
