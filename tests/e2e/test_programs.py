"""An official registers a program of others; a person sees what they allowed it, and ends it."""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import PASSWORD, Demo

pytestmark = pytest.mark.browser
STREET, BACK = "/console/340722106/programs", "https://app.example/back"


@pytest.fixture
def connected(demo: Demo, open_page: Callable[..., Page], tmp_path: Path) -> str:
    """The name of a program that the member has allowed something."""
    name = f"随手办{uuid4().hex[:6]}"
    told = {
        "client_name": name,
        "redirect_uris": [BACK],
        "token_endpoint_auth_method": "none",
        "scope": "openid profile",
    }
    file = tmp_path / "client.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    made = json.loads(demo.run("oauth", "client", "add", "--tenant", "3407", "--file", str(file)))
    page = open_page("phone")
    page.route(f"{BACK}**", lambda route: route.fulfill(status=200, body="the program"))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 50).digest()).decode().rstrip("=")
    asked = {"client_id": made["client_id"], "redirect_uri": BACK, "response_type": "code", "scope": "openid profile"}
    page.goto(f"/oauth/authorize?{urlencode({**asked, 'code_challenge': challenge, 'code_challenge_method': 'S256'})}")
    page.get_by_label("登录名").fill("member")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="同意", exact=True).click()
    page.wait_for_url(f"{BACK}**")
    return name


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_program_is_registered_changed_and_removed(
    open_page: Callable[..., Page],
    log_in: Callable[[Page, str], None],
    violations: Callable[[Page], list[str]],
    size: str,
) -> None:
    page, name = open_page(size), f"随手办{uuid4().hex[:6]}"
    log_in(page, "street")
    page.goto(STREET)
    page.get_by_role("button", name="登记应用").first.click()
    assert violations(page) == []
    page.get_by_label("名称", exact=True).fill(name)
    page.get_by_label("回调地址").fill("http://evil.example/")
    page.get_by_role("dialog").get_by_role("button", name="登记应用").click()
    expect(page.get_by_role("alert")).to_contain_text("redirect_uris")
    page.get_by_label("回调地址").fill("https://app.example/back")
    page.get_by_role("dialog").get_by_role("button", name="登记应用").click()
    expect(page.get_by_role("heading", name=f"已登记{name}")).to_be_visible()
    secret = page.get_by_label("密钥", exact=True).input_value()
    assert secret.startswith("wuji_ocs_")
    assert violations(page) == []
    page.get_by_role("button", name="已保存好").click()
    page.get_by_role("button", name=f"对{name}的操作").click()
    page.get_by_role("menuitem", name="更换密钥").click()
    page.get_by_role("button", name="更换", exact=True).click()
    expect(page.get_by_label("密钥", exact=True)).not_to_have_value(secret)
    page.get_by_role("button", name="已保存好").click()
    page.get_by_role("button", name=f"对{name}的操作").click()
    page.get_by_role("menuitem", name="修改登记").click()
    expect(page.get_by_label("回调地址")).to_have_value("https://app.example/back")
    page.get_by_label("什么样的应用").select_option("browser")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="已保存好").or_(page.get_by_text(f"已修改{name}的登记。")).first.wait_for()
    page.get_by_role("button", name=f"对{name}的操作").click()
    expect(page.get_by_role("menuitem", name="更换密钥")).to_have_count(0)
    page.get_by_role("menuitem", name="移除").click()
    page.get_by_role("dialog").get_by_role("button", name="移除").click()
    expect(page.get_by_text(f"已移除{name}。")).to_be_visible()
    expect(page.get_by_role("button", name=f"对{name}的操作")).to_have_count(0)


def test_a_person_disconnects_a_program(
    open_page: Callable[..., Page],
    log_in: Callable[[Page, str], None],
    violations: Callable[[Page], list[str]],
    connected: str,
) -> None:
    page = open_page("phone")
    log_in(page, "member")
    page.goto("/me")
    line = page.get_by_role("listitem").filter(has_text=connected)
    expect(line).to_contain_text("您的姓名和语言")
    assert violations(page) == []
    line.get_by_role("button", name="断开").click()
    page.get_by_role("dialog").get_by_role("button", name="断开").click()
    expect(page.get_by_text(f"已断开{connected}。")).to_be_visible()
    expect(page.get_by_text("您还没有授权任何应用。")).to_be_visible()
