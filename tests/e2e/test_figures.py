"""Figures of a tenant: from the dashboard down to a district, as a picture, as a table and as a file."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.waiting import settle

pytestmark = pytest.mark.browser
CITY = "/console/3407"
PNG = b"\x89PNG"
PATIENCE = 60_000  # milliseconds; a demo that has just started counts its figures first


def take(page: Page, title: str, what: str) -> bytes:
    page.get_by_role("button", name=f"带走“{title}”").click()
    with page.expect_download() as got:
        page.get_by_role("menuitem", name=what).click()
    return got.value.path().read_bytes()


def test_from_the_dashboard_down_to_a_district_and_into_a_file(
    open_page: Callable[..., Page], log_in: Callable[[Page, str], None], violations: Callable[[Page], list[str]]
) -> None:
    page = open_page()
    log_in(page, "city")
    page.goto(f"{CITY}/figures?period=year")
    page.get_by_role("link", name="配图农话占比").click()
    expect(page.get_by_role("heading", name="配图农话占比", level=1)).to_be_visible()
    for drawing in (re.compile("目标 80%"), re.compile("按数字大小着色")):
        expect(page.get_by_role("img", name=drawing).locator("canvas")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("示意图，不代表行政区域界线")).to_be_visible()
    settle(page)
    assert violations(page) == []
    assert take(page, "各下级", "存图片（PNG）").startswith(PNG)
    page.get_by_role("group", name="图或表").last.get_by_role("button", name="表").click()
    expect(page).to_have_url(re.compile("view=table"))
    numbers = take(page, "各下级", "存数据（CSV）").decode("utf-8-sig").splitlines()
    assert numbers[0] == "下级,配图农话占比（%）"
    assert [line.split(",")[0] for line in numbers[1:]] == ["铜官区", "义安区", "郊区", "枞阳县"]
    district = page.get_by_role("region", name="地图").get_by_role("button", name="枞阳县")
    district.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/console/340722/figures/agri_tips.pictured\?period=year&view=table"))
    expect(page.get_by_role("main").get_by_role("link", name="铜陵市")).to_be_visible()
    expect(page.get_by_role("region", name="各下级").get_by_role("button").first).to_be_visible()
    assert violations(page) == []
    expect(page.locator(".c-paper")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".c-paper")).to_contain_text(
        re.compile(r"枞阳县 · .+ 打印 · 数据来自 .+/console/340722/figures/")
    )
    expect(page.get_by_role("navigation")).to_have_count(0)
