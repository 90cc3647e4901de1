"""A program of somebody else sends people here: pages that need no JavaScript, at phone and desktop size."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import PASSWORD, Demo

pytestmark = pytest.mark.browser
BACK, VERIFIER = "https://app.example/back", "v" * 50
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture(scope="module")
def client_id(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A program without a secret, registered by the city at the command line."""
    told = {
        "client_name": "铜陵随手办",
        "redirect_uris": [BACK],
        "grant_types": ["authorization_code", DEVICE],
        "token_endpoint_auth_method": "none",
        "scope": "openid profile tenant offline_access api:read",
    }
    file = tmp_path_factory.mktemp("oauth") / "client.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    made: dict[str, Any] = json.loads(demo.run("oauth", "client", "add", "--tenant", "3407", "--file", str(file)))
    return str(made["client_id"])


def ask(page: Page, client_id: str) -> None:
    """What the program does: it sends the browser here, and waits at its own address."""
    page.route(f"{BACK}**", lambda route: route.fulfill(status=200, body="the program"))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    params = {
        "client_id": client_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid profile tenant offline_access api:read",
        "prompt": "consent",
        "state": "s",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    page.goto(f"/oauth/authorize?{urlencode(params)}")


@pytest.mark.parametrize("size", ["phone", "desktop", "narrow"])
def test_a_person_logs_in_allows_and_leaves(
    open_page: Callable[..., Page],
    violations: Callable[[Page], list[str]],
    client_id: str,
    size: str,
) -> None:
    page = open_page(size)
    ask(page, client_id)
    assert violations(page) == []
    expect(page.get_by_label("登录名")).to_be_focused()
    page.keyboard.type("resident")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("登录名或密码不对")
    assert violations(page) == []
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="铜陵随手办 请求您的授权")).to_be_visible()
    expect(page.get_by_label("黄山村")).to_be_checked()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("button", name="同意", exact=True).click()
    page.wait_for_url(f"{BACK}**")
    answer = parse_qs(urlsplit(page.url).query)
    assert (answer["state"], answer["code"][0].startswith("wuji_oac_")) == (["s"], True)
    page.goto("/oauth/logout")
    assert violations(page) == []
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="您已退出登录")).to_be_visible()


def test_the_tokens_of_a_program_work_until_the_person_disconnects_it(
    open_page: Callable[..., Page], log_in: Callable[[Page, str], None], client_id: str
) -> None:
    page = open_page("phone")
    log_in(page, "member")
    ask(page, client_id)
    page.get_by_role("button", name="同意", exact=True).click()
    page.wait_for_url(f"{BACK}**")
    code = parse_qs(urlsplit(page.url).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "client_id": client_id}
    tokens = page.request.post("/oauth/token", form={**form, "code_verifier": VERIFIER}).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert page.request.get("/oauth/userinfo", headers=bearer).json()["tenant"]["code"] == "340722106200"
    assert page.request.get("/api/v1/tenants/340722106200", headers=bearer).ok
    own = {"X-Wuji-Request": "1"}
    assert page.request.delete(f"/api/v1/me/connected-apps/{client_id}", headers=own).ok
    assert not page.request.get("/oauth/userinfo", headers=bearer).ok


def test_the_pages_need_no_program(browser: Any, base_url: str, client_id: str) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False, locale="en-US")
    page = context.new_page()
    ask(page, client_id)
    page.get_by_label("Login").fill("resident")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Do not allow").click()
    page.wait_for_url(f"{BACK}**")
    assert parse_qs(urlsplit(page.url).query)["error"] == ["access_denied"]
    context.close()


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_tv_is_allowed_on_a_phone(
    open_page: Callable[..., Page], violations: Callable[[Page], list[str]], client_id: str, size: str
) -> None:
    page = open_page(size, elder=True)
    asked = {"client_id": client_id, "scope": "openid tenant"}
    shown = page.request.post("/oauth/device_authorization", form=asked).json()
    page.goto("/device")
    page.get_by_label("登录名").fill("resident")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("代码")).to_be_focused()
    page.keyboard.type("BCDFGHJK")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("没有设备显示这个代码")
    assert violations(page) == []
    page.get_by_label("代码").fill(shown["user_code"].lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="连接 铜陵随手办？")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.get_by_role("heading", name="设备已连接")).to_be_visible()
    assert violations(page) == []
    form = {"grant_type": DEVICE, "device_code": shown["device_code"], "client_id": client_id}
    tokens = page.request.post("/oauth/token", form=form).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert page.request.get("/oauth/userinfo", headers=bearer).json()["tenant"]["code"] == "340722106200"
