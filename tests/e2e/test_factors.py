"""A person sets up a second step, logs in with it at every door, and gives it up."""

import re
from collections.abc import Callable
from time import time

import pytest
from playwright.sync_api import Page, expect
from pyotp import TOTP
from tests.e2e.conftest import PASSWORD

pytestmark = pytest.mark.browser
PERIOD = 30


def code_of(secret: str, page: Page) -> str:
    """Of a period of its own: a code works once."""
    page.wait_for_timeout((PERIOD - time() % PERIOD + 1) * 1000)
    return TOTP(secret).now()


def set_up(page: Page, violations: Callable[[Page], list[str]]) -> tuple[str, list[str]]:
    """The app's secret, and the codes on paper."""
    page.goto("/me")
    page.get_by_role("button", name="设置两步验证").click()
    page.get_by_label("现在的密码").last.fill(PASSWORD)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("img", name="给验证器应用扫描的二维码")).to_be_visible()
    assert violations(page) == []
    secret = page.get_by_label("扫不了码时，手工输入这个密钥").input_value()
    page.get_by_label("验证码").fill("000000")
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.get_by_text("这不是应用现在显示的验证码，请等下一个再输入。")).to_be_visible()
    page.get_by_label("验证码").fill(TOTP(secret).now())
    page.get_by_role("button", name="确认", exact=True).click()
    codes = page.get_by_role("textbox", name="备用码").input_value().split()
    assert violations(page) == []
    page.get_by_role("button", name="已收好").click()
    expect(page.get_by_text("还有 10 个没用")).to_be_visible()
    return secret, codes


def half_in(page: Page, path: str, violations: Callable[[Page], list[str]]) -> None:
    page.goto(path)
    page.get_by_label("登录名").fill("grid")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("验证码")).to_be_focused()
    assert violations(page) == []


def test_a_second_step_from_setting_it_up_to_giving_it_up(
    open_page: Callable[..., Page], log_in: Callable[[Page, str], None], violations: Callable[[Page], list[str]]
) -> None:
    page = open_page("phone")
    log_in(page, "grid")
    secret, codes = set_up(page, violations)

    other = open_page("desktop")
    half_in(other, "/login", violations)
    other.keyboard.type("000000")
    other.keyboard.press("Enter")
    expect(other.get_by_role("alert")).to_contain_text("验证码不对")
    other.get_by_label("验证码").fill(code_of(secret, other))
    other.keyboard.press("Enter")
    other.wait_for_url(re.compile("/console"))

    plain = open_page("narrow")
    half_in(plain, "/device", violations)
    plain.keyboard.type(codes[0].lower())
    plain.keyboard.press("Enter")
    plain.wait_for_url(re.compile("/device"))

    page.reload()
    expect(page.get_by_text("还有 9 个没用")).to_be_visible()
    page.get_by_role("listitem").filter(has_text="我的手机").get_by_role("button", name="移除").click()
    page.get_by_role("dialog").get_by_label("现在的密码").fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="移除").click()
    expect(page.get_by_role("button", name="设置两步验证")).to_be_visible()
    log_in(open_page("phone"), "grid")
