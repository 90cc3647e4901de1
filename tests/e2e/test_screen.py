"""The command screen on the wall of a room."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
Open = Callable[..., Page]
Ask = Callable[[Page], list[str]]
PASSWORD = "wuji-demo-2026"
PATIENCE = 60_000  # milliseconds


def test_a_city_is_looked_into(open_page: Open, violations: Ask) -> None:
    """Through the login and back, down by keyboard and by the map, and up again; nothing scrolls."""
    page = open_page("wall")
    page.goto("/screen/3407")
    page.wait_for_url(re.compile("/login"))
    page.get_by_label("登录名").fill("city")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/screen/3407")
    head = page.get_by_role("heading", level=1)
    expect(head).to_have_text("铜陵市")
    drawing = (
        page.get_by_role("region").filter(has=page.get_by_text("示意图，不代表行政区域界线")).locator(".w-plot canvas")
    )
    expect(drawing).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".s-rail")).to_contain_text("1,380")
    assert page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]") == [
        1080,
        1920,
    ]
    assert violations(page) == []
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(head).to_have_text("义安区")
    page.keyboard.press("Escape")
    expect(head).to_have_text("铜陵市")
    expect(drawing).to_be_visible()
    box = drawing.bounding_box()
    assert box is not None
    drawing.click(position={"x": box["width"] * 0.75, "y": box["height"] * 0.5})
    page.wait_for_url(re.compile(r"/screen/3407\d\d$"))
    expect(page.locator(".s-rail a")).to_have_text(re.compile("铜陵市"))


def test_a_lost_server_is_said(open_page: Open, log_in: Callable[[Page, str], None]) -> None:
    """What was there stays there, with the time it is from; when the server is back, it goes on by itself."""
    page = open_page("wall", worker=False)
    log_in(page, "street")
    page.goto("/screen/340722106")
    expect(page.get_by_role("heading", level=1)).to_have_text("横埠镇")
    page.context.set_offline(True)
    expect(page.get_by_text(re.compile(r"断开，数据截至 \d\d:\d\d"))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_have_text("横埠镇")
    page.context.set_offline(False)
    expect(page.get_by_text("五级组织，一张图")).to_be_visible(timeout=PATIENCE)
