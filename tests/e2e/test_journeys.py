"""The main journeys, as people make them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def test_a_resident_finds_their_town_on_a_phone(open_page: Open) -> None:
    page = open_page("phone")
    page.goto("/")
    page.get_by_role("searchbox").fill("横埠")
    page.get_by_role("link", name=re.compile("^街镇级 ?横埠镇")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("横埠镇")
    page.goto("/")
    expect(page.get_by_role("link", name="回到横埠镇")).to_be_visible()


def test_elder_mode_is_kept(open_page: Open) -> None:
    page = open_page("phone")
    page.goto("/340722106")
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html")).to_have_attribute("data-elder", "22")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-elder", "22")


def test_a_public_page_is_readable_without_javascript(open_page: Open) -> None:
    page = open_page()
    html = page.request.get("/340722106").text()
    assert "<title>横埠镇</title>" in html
    assert "黄山村" in html


def test_an_official_logs_in_and_out(open_page: Open, log_in: Callable[[Page, str], None]) -> None:
    page = open_page()
    log_in(page, "street")
    page.goto("/console/340722106")
    expect(page).to_have_title(re.compile("横埠镇"))
    assert page.request.get("/api/v1/me").status == 200
    assert page.request.delete("/api/v1/session", headers={"X-Wuji-Request": "1"}).status == 204
    page.goto("/console/340722106")
    page.wait_for_url("**/login?next=**")


def test_a_wrong_password_says_so_and_keeps_what_was_typed(open_page: Open) -> None:
    page = open_page()
    page.goto("/login")
    page.get_by_label("登录名").fill("nobody")
    page.get_by_label("密码", exact=True).fill("not the password")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("登录名")).to_have_value("nobody")


def test_login_by_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    page.goto("/login")
    page.get_by_label("登录名").focus()
    page.keyboard.type("city")
    page.keyboard.press("Tab")
    page.keyboard.type("wuji-demo-2026")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console**")


def test_a_newcomer_sets_a_password_by_link(open_page: Open, log_in: Callable[[Page, str], None]) -> None:
    head = open_page()
    log_in(head, "street")
    made = head.request.post(
        "/api/v1/tenants/340722106/accounts",
        headers={"X-Wuji-Request": "1"},
        data={"login": "newcomer", "name": "新来的", "role": "clerk"},
    )
    assert made.status == 201
    new = open_page("phone")
    new.goto(made.json()["link"])
    new.get_by_label("新密码").fill("four plain words here")
    new.get_by_role("button", name="设好密码").click()
    new.get_by_role("link", name="登录").last.click()
    new.get_by_label("登录名").fill("newcomer")
    new.get_by_label("密码", exact=True).fill("four plain words here")
    new.get_by_role("button", name="登录", exact=True).click()
    new.wait_for_url("**/console**")
    new.goto(made.json()["link"])
    expect(new.get_by_role("heading", level=1)).to_have_text("这个链接不能用了")


def test_a_neighbour_sees_nothing(open_page: Open, log_in: Callable[[Page, str], None]) -> None:
    page = open_page()
    log_in(page, "neighbour")
    here = page.request.get("/api/v1/tenants/340722106/grants")
    nowhere = page.request.get("/api/v1/tenants/999999999/grants")
    assert here.status == nowhere.status == 404
    assert here.text().replace("340722106", "?") == nowhere.text().replace("999999999", "?")
