"""A passkey, by an authenticator that Chromium plays itself: made, shown in place of the password and after it, given up."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import PASSWORD

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
Ask = Callable[[Page], list[str]]


def give_authenticator(page: Page, *, willing: bool = True) -> Callable[[], object]:
    """A phone's own, whose holder agrees to everything, or to nothing; returns how they change their mind."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": willing,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    known = {"authenticatorId": made["authenticatorId"]}
    return lambda: session.send("WebAuthn.setUserVerified", {**known, "isUserVerified": True})


def make_one(page: Page, violations: Ask, agree: Callable[[], object]) -> None:
    page.get_by_role("button", name="添加通行密钥").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("现在的密码").fill("not the password")
    dialog.get_by_role("button", name="下一步").click()
    expect(dialog.get_by_text("现在的密码不对")).to_be_visible()
    dialog.get_by_label("现在的密码").fill(PASSWORD)
    dialog.get_by_role("button", name="下一步").click()
    expect(dialog.get_by_text("没有完成")).to_be_visible()
    assert violations(page) == []
    agree()
    dialog.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("textbox", name="备用码")).to_be_visible()
    page.get_by_role("button", name="已收好").click()


def give_one_up(page: Page) -> None:
    page.goto("/me")
    page.get_by_role("listitem").filter(has_text="这台设备").get_by_role("button", name="移除").click()
    page.get_by_role("dialog").get_by_label("现在的密码").fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="移除").click()
    expect(page.get_by_role("listitem").filter(has_text="这台设备")).to_have_count(0)


def test_a_passkey_from_making_it_to_giving_it_up(
    open_page: Open, log_in: Callable[[Page, str], None], violations: Ask
) -> None:
    page = open_page("phone")
    agree = give_authenticator(page, willing=False)
    log_in(page, "grid")
    page.goto("/me")
    make_one(page, violations, agree)
    expect(page.get_by_text(re.compile("^通行密钥 ·"))).to_be_visible()
    assert violations(page) == []

    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(lambda url: not url.endswith("/me"))
    page.goto("/login?next=/me")
    assert violations(page) == []
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_text("登录名：grid")).to_be_visible()

    page.goto("about:blank")  # a page that misses its cookie would lead elsewhere by itself
    page.context.clear_cookies()
    page.goto("/device")
    page.get_by_label("登录名").fill("grid")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="两步验证")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="用通行密钥登录").click()
    page.get_by_label("登录名").fill("grid")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_label("备用码")).to_be_focused()
    assert violations(page) == []
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(re.compile("/device"))

    give_one_up(page)
    log_in(open_page("phone"), "grid")
