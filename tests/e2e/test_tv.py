"""The TV of a village hall, by the keys of a remote control alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
Open = Callable[..., Page]
Ask = Callable[[Page], list[str]]
STREET = "/tv/340722106"
PATIENCE = 60_000  # milliseconds


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_all_is_reached_by_arrows(open_page: Open, violations: Ask) -> None:
    """From the tip of the season to the stations and back, each time to where one was; nothing scrolls, nothing is lost."""
    page = open_page("wall")
    page.goto(STREET)
    expect(page.get_by_role("heading", level=1)).to_have_text("横埠镇")
    expect(page.locator(":focus")).to_have_text("看文章")
    assert page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]") == [
        1080,
        1920,
    ]
    assert violations(page) == []
    title = page.locator(".v-hero h2").inner_text()
    press(page, "Enter")
    expect(page.locator(".v-view h2").first).to_have_text(title)
    press(page, "ArrowLeft")
    expect(page.locator(".v-scroll:focus")).to_be_visible()
    press(page, "ArrowDown")
    page.wait_for_function("document.querySelector('.v-scroll').scrollTop > 0")
    assert violations(page) == []
    press(page, "Backspace")
    expect(page.locator(":focus")).to_have_text("看文章")
    press(page, "ArrowDown", "ArrowRight")
    expect(page.locator(":focus")).to_contain_text("驿站此刻")
    press(page, "Enter")
    expect(page.locator(".v-view h2")).to_have_text("附近驿站")
    expect(page.get_by_role("heading", name="合龙驿站")).to_be_visible()
    assert violations(page) == []
    press(page, "Escape")
    expect(page.locator(":focus")).to_contain_text("驿站此刻")
    press(page, "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight")
    expect(page.locator(":focus")).to_have_text("English")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="What else there is")).to_be_visible()
    assert focused(page) == "中文"


def test_another_place_is_chosen_and_kept(open_page: Open, violations: Ask) -> None:
    """A TV that is switched on for the first time asks where it stands; after that it knows."""
    page = open_page("wall")
    page.goto("/tv")
    expect(page.get_by_role("heading", level=2)).to_have_text("这台电视放在哪里？")
    expect(page.locator(":focus")).to_have_text("铜陵市")
    press(page, "Enter")
    page.wait_for_url("**/tv/3407")
    expect(page.locator(".v-cards")).to_be_visible()
    page.goto("/tv/3407/places")
    expect(page.get_by_role("heading", name="下级")).to_be_visible()
    assert violations(page) == []
    chosen = focused(page)
    press(page, "Enter")
    page.wait_for_url(re.compile(r"/tv/3407\d\d$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(chosen)  # what is kept is a place that is known to be one
    code = page.url.rsplit("/", 1)[1]
    page.goto("/tv")
    page.wait_for_url(f"**/tv/{code}")


def test_what_officials_say_arrives_and_a_lost_server_is_told(
    open_page: Open, log_in: Callable[[Page, str], None]
) -> None:
    """A notice set in the console stands there; without the server what is there stays, with the time it is from."""
    page = open_page("wall", worker=False)
    page.clock.install()
    page.goto(STREET)
    expect(page.get_by_role("heading", level=1)).to_have_text("横埠镇")
    official = open_page("desktop")
    log_in(official, "street")
    path = "/api/v1/tenants/340722106/settings/tenancy.portal_notice"
    headers = {"X-Wuji-Request": "1"}
    before = official.request.get(path, headers=headers)
    tag = before.headers["etag"]
    body = {"mode": "set", "value": "今晚七点停水，请提前蓄水。"}
    assert official.request.put(path, data=body, headers={**headers, "If-Match": tag}).ok
    page.clock.run_for(61_000)
    expect(page.get_by_text("今晚七点停水")).to_be_visible(timeout=PATIENCE)
    press(page, "ArrowDown", "ArrowRight", "ArrowRight", "Enter")
    expect(page.locator(".v-view h2")).to_have_text("通知")
    page.clock.run_for(301_000)
    page.wait_for_url(f"**{STREET}")
    page.context.set_offline(True)
    for _ in range(4):  # the minute, and what is tried again within it
        page.clock.run_for(30_000)
    expect(page.get_by_text(re.compile(r"断开，内容截至 \d\d:\d\d"))).to_be_visible(timeout=PATIENCE)
    page.context.set_offline(False)
    tag = official.request.get(path, headers=headers).headers["etag"]
    assert official.request.delete(path, headers={**headers, "If-Match": tag}).ok
