"""A city's own identity system in browsers: joined in the console, linked by a person, and then logged in with."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pyotp import TOTP
from tests.e2e.waiting import settle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
Open = Callable[..., Page]
Ask = Callable[[Page], list[str]]
Enter = Callable[[Page, str], None]
ROOT = Path(__file__).parents[2]
CLIENT, SECRET = "wuji-demo", "s3cret/with+odd:chars%"


@pytest.fixture
def certified(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """`certified(back)`: a certified provider at loopback; its issuer."""
    (tmp_path / "node_modules").symlink_to(ROOT / "frontend" / "node_modules")
    shutil.copy(ROOT / "tests" / "functional" / "federation" / "op.mjs", tmp_path)
    running: list[subprocess.Popen[str]] = []

    def start(back: str) -> str:
        command = [str(ROOT / ".ci" / "node"), "node", str(tmp_path / "op.mjs"), CLIENT, SECRET, back, "basic later"]
        made = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        running.append(made)
        assert made.stdout
        return f"http://127.0.0.1:{made.stdout.readline().strip()}"

    yield start
    for made in running:
        made.communicate(timeout=10)


def agree(page: Page, login: str, *, again: bool = False) -> None:
    """On the provider's own pages. `again`: what we are told there was agreed to before."""
    page.get_by_placeholder("Enter any login").fill(login)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    if not again:
        page.get_by_role("button", name="Continue").click()


def test_a_city_joins_its_own_login(
    open_page: Open, log_in: Enter, violations: Ask, certified: Callable[[str], str], base_url: str
) -> None:
    official = open_page("desktop")
    log_in(official, "street")
    official.goto("/console/340722106/login-providers")
    expect(official.get_by_text("只用密码登录")).to_be_visible()
    assert violations(official) == []
    set_up(official, certified(f"{base_url}/login/back/"))
    assert violations(official) == []
    person = open_page("phone")
    person.goto("/340722106")
    settle(person)  # the page has noted which place was looked at
    log_in(person, "resident")
    person.goto("/me")
    person.get_by_role("button", name="关联镇统一认证").click()
    agree(person, "zhang")
    expect(person.get_by_text("关联好了")).to_be_visible()
    expect(person.get_by_role("button", name="解除")).to_be_visible()
    assert violations(person) == []
    person.get_by_role("button", name="退出登录").click()
    person.wait_for_url(lambda url: not url.endswith("/me") and "said=" not in url)
    person.wait_for_load_state()
    person.goto("/login?next=/me")
    assert violations(person) == []
    person.get_by_role("link", name="用镇统一认证登录").click()
    expect(person.get_by_text("登录名：resident")).to_be_visible()
    person.get_by_role("button", name="解除").click()
    person.get_by_role("dialog").get_by_role("button", name="解除").click()
    expect(person.get_by_text("已解除和镇统一认证的关联")).to_be_visible()
    remove(official)


def test_whoever_has_no_password_sets_up_a_second_step(
    open_page: Open, log_in: Enter, violations: Ask, certified: Callable[[str], str], base_url: str
) -> None:
    """And is sent to log in there anew, though still in, where a fresh proof is asked for."""
    official = open_page("desktop")
    log_in(official, "street")
    official.goto("/console/340722106/login-providers")
    set_up(official, certified(f"{base_url}/login/back/"), admits="关联过的人和新居民")
    person = open_page("phone")
    person.goto("/340722106")
    settle(person)
    come_in(person, "li")
    person.get_by_role("button", name="设置两步验证").click()
    expect(person.get_by_role("dialog").get_by_label("现在的密码")).to_have_count(0)
    assert violations(person) == []
    person.get_by_role("button", name="下一步").click()
    secret = person.get_by_label("扫不了码时，手工输入这个密钥").input_value()
    person.get_by_label("验证码").fill(TOTP(secret).now())
    person.get_by_role("button", name="确认", exact=True).click()
    person.get_by_role("button", name="已收好").click()
    expect(person.get_by_text("还有 10 个没用")).to_be_visible()
    person.get_by_role("button", name="移除").click()
    person.get_by_role("dialog").get_by_role("button", name="移除").click()
    expect(person.get_by_role("button", name="设置两步验证")).to_be_visible()
    come_in(person, "li", again=True)
    remove(official)


def come_in(person: Page, login: str, *, again: bool = False) -> None:
    person.goto("/login?next=/me")
    person.get_by_role("link", name="用镇统一认证登录").click()
    agree(person, login, again=again)
    expect(person.get_by_role("heading", name=f"居民 {login}")).to_be_visible()


def remove(official: Page) -> None:
    official.get_by_role("button", name="移除").click()
    official.get_by_role("dialog").get_by_role("button", name="移除").click()
    expect(official.get_by_text("只用密码登录")).to_be_visible()


def set_up(official: Page, issuer: str, admits: str = "") -> None:
    """What is wrong is said at its field; then it is tried."""
    official.get_by_role("button", name="添加登录方式").click()
    dialog = official.get_by_role("dialog")
    dialog.get_by_label("名称").fill("镇统一认证")
    dialog.get_by_label("网址").fill("ftp://x")
    dialog.get_by_label("客户端编号").fill(CLIENT)
    dialog.get_by_label("密钥").fill(SECRET)
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_text("填网址，例如")).to_be_visible()
    dialog.get_by_label("网址").fill(issuer)
    if admits:
        dialog.get_by_label("谁可以登录").select_option(label=admits)
    dialog.get_by_role("button", name="保存").click()
    expect(official.get_by_role("heading", name="镇统一认证")).to_be_visible()
    official.get_by_role("button", name="试一试").click()
    expect(official.get_by_text("镇统一认证连得上")).to_be_visible()
