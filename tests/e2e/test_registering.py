"""Somebody without an account becomes a resident by themselves; an official lets them in."""

from collections.abc import Callable
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
VILLAGE = "340722106200"
SETTING = f"/api/v1/tenants/{VILLAGE}/settings/onboarding.registration"


def take_in(page: Page, mode: str) -> None:
    tag = page.request.get(SETTING).headers["etag"]
    headers = {"X-Wuji-Request": "1", "If-Match": tag}
    answer = page.request.put(SETTING, headers=headers, data={"mode": "set", "value": mode})
    assert answer.ok, answer.text()


def register(page: Page, violations: Callable[[Page], list[str]]) -> None:
    page.goto(f"/register?at={VILLAGE}")
    expect(page.get_by_role("button", name="登记", exact=True)).to_be_disabled()
    assert violations(page) == []
    page.get_by_label("姓名").fill("张桂花")
    page.get_by_label("登录名").fill(f"zhang-{token_hex(4)}")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("给审核人说一句").fill("河东 12 号")
    page.get_by_label("我看过了，同意").check()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已经登记。")).to_be_visible()
    assert violations(page) == []


def decide(page: Page, action: str, reason: str = "") -> None:
    page.goto(f"/console/{VILLAGE}/registrations?state=open")
    page.get_by_role("row").filter(has_text="张桂花").get_by_role("button", name=action).click()
    dialog = page.get_by_role("dialog")
    if reason:
        dialog.get_by_role("button", name=action).click()
        expect(dialog.get_by_role("textbox")).to_have_attribute("aria-invalid", "true")
        dialog.get_by_role("textbox").fill(reason)
    dialog.get_by_role("button", name=action).click()
    expect(dialog).to_have_count(0)


def test_a_resident_brings_herself(
    open_page: Callable[..., Page], log_in: Callable[..., None], violations: Callable[[Page], list[str]]
) -> None:
    above = open_page("desktop")
    log_in(above, "district")
    person = open_page("phone")
    person.goto(f"/register?at={VILLAGE}")
    expect(person.get_by_text("这里只凭邀请加入")).to_be_visible()
    take_in(above, "review")
    try:
        register(person, violations)
        decide(above, "退回", "门牌写不全")
        assert violations(above) == []
        person.goto("/me")
        expect(person.get_by_text("门牌写不全")).to_be_visible()
        expect(person.get_by_text("看全文")).to_be_visible()
        assert violations(person) == []
        person.get_by_role("link", name="再登记一次").click()
        person.get_by_role("button", name="登记", exact=True).click()
        expect(person.get_by_text("已经登记。")).to_be_visible()
        decide(above, "通过")
        person.goto("/me")
        expect(person.get_by_role("link", name="黄山村委会")).to_be_visible()
    finally:
        take_in(above, "off")
