"""Ending one's account and thinking better of it, and making one account of two."""

import re
from collections.abc import Callable
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import PASSWORD
from tests.e2e.test_registering import VILLAGE, take_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OURS = {"X-Wuji-Request": "1"}
Violations = Callable[[Page], list[str]]


def bring_in(page: Page, name: str) -> str:
    """A resident of the village, logged in on this page; returns their login."""
    login = f"p{token_hex(5)}"
    person = {"login": login, "name": name, "password": PASSWORD, "edition": 1}
    made = page.request.post(f"/api/v1/tenants/{VILLAGE}/registration", headers=OURS, data=person)
    assert made.status == 201, made.text()
    given = {"login": login, "password": PASSWORD}
    assert page.request.post("/api/v1/session", headers=OURS, data=given).ok
    return login


@pytest.fixture
def residents(open_page: Callable[..., Page], log_in: Callable[..., None]):
    """Makes one after another, while the village takes in everybody."""
    above = open_page("desktop")
    log_in(above, "district")
    take_in(above, "open")
    try:
        yield bring_in
    finally:
        take_in(above, "off")


def test_closing_and_thinking_better_of_it(open_page: Callable[..., Page], residents, violations: Violations) -> None:
    page = open_page("phone")
    login = residents(page, "王小满")
    page.goto("/me")
    page.get_by_role("button", name="注销账号").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("登录名").fill("somebody-else")
    dialog.get_by_role("button", name="注销账号").click()
    expect(dialog.get_by_label("登录名")).to_have_attribute("aria-invalid", "true")
    assert violations(page) == []
    dialog.get_by_label("登录名").fill(login)
    dialog.get_by_role("button", name="注销账号").click()
    expect(page.get_by_text(re.compile("账号将在 .* 注销"))).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="不注销了").click()
    expect(page.get_by_role("button", name="注销账号")).to_be_visible()


def test_offices_stand_in_the_way(open_page: Callable[..., Page], log_in: Callable[..., None]) -> None:
    page = open_page("desktop")
    log_in(page, "street")
    page.goto("/me")
    expect(page.get_by_text("您在这些单位有职务")).to_be_visible()
    expect(page.get_by_role("button", name="注销账号")).to_have_count(0)


def test_two_accounts_become_one(open_page: Callable[..., Page], residents, violations: Violations) -> None:
    kept, gone = open_page("phone"), open_page("phone")
    login = residents(kept, "王小满")
    old = residents(gone, "王小满老号")
    kept.goto("/me")
    kept.get_by_role("button", name="生成合并码").click()
    expect(kept.get_by_label("合并码")).to_have_count(2)
    code = kept.get_by_label("合并码").first.input_value()
    assert re.fullmatch(r"([A-Z]{4}-){2}[A-Z]{4}", code)
    assert violations(kept) == []

    gone.goto("/me")
    gone.get_by_label("合并码").fill("BCDF-GHJK-LMNP")
    gone.get_by_role("button", name="看看带过去什么").click()
    expect(gone.get_by_text("合并码不能用：")).to_be_visible()
    gone.get_by_label("合并码").fill(code.lower())
    gone.get_by_role("button", name="看看带过去什么").click()
    dialog = gone.get_by_role("dialog")
    expect(dialog.get_by_text("那边已有")).to_be_visible()
    assert violations(gone) == []
    dialog.get_by_role("button", name="马上合并").click()
    gone.wait_for_url(re.compile("/login"))
    gone.get_by_label("登录名").fill(old)
    gone.get_by_label("密码", exact=True).fill(PASSWORD)
    gone.keyboard.press("Enter")
    expect(gone.get_by_text(f"登录名：{login}")).to_be_visible()
