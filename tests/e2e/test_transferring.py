"""A town leaves its county and comes back, each side in a browser of its own: asked, refused, agreed to, and told of."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[[Page, str], None]
Ask = Callable[[Page], list[str]]
TOWN, COUNTY = "340722118", "340722"
PATIENCE = 15_000  # milliseconds: a message goes by the journal


def begin(page: Page, code: str, way: str) -> None:
    page.goto(f"/console/{code}/transfers/new")
    page.get_by_role("radio", name=re.compile(f"^{way}")).check()


def choose(page: Page, label: str, code: str) -> None:
    page.get_by_role("combobox", name=label).fill(code)
    option = page.get_by_role("option").filter(has_text=re.compile(f"{code}$")).first
    expect(option).to_be_visible()
    option.click()


def put(page: Page, reason: str) -> None:
    page.get_by_role("button", name="看会改变什么").click()
    page.get_by_role("button", name="下一步：提出").click()
    page.get_by_label("原因").fill(reason)
    page.get_by_role("button", name="提出", exact=True).click()
    expect(page.get_by_text("等对方答复。", exact=True)).to_be_visible()


def read(page: Page, code: str, title: str) -> None:
    """Follows a message to what it is about."""
    page.goto(f"/console/{code}/me/inbox")
    told = page.get_by_role("link", name=re.compile(f"{title}$")).first
    expect(told).to_be_visible(timeout=PATIENCE)
    told.click()
    expect(page).to_have_url(re.compile(f"/console/{code}/transfers/"))


def answer(page: Page, action: str, reason: str) -> None:
    page.get_by_role("button", name=action, exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("原因").fill(reason)
    dialog.get_by_role("button", name=action, exact=True).click()
    expect(dialog).to_have_count(0, timeout=PATIENCE)


def test_both_sides_agree_before_a_town_leaves_and_before_it_comes_back(
    open_page: Open, log_in: LogIn, violations: Ask
) -> None:
    town, county = open_page(), open_page()
    log_in(town, "neighbour")
    log_in(county, "district")
    begin(town, TOWN, "请求独立")
    put(town, "镇人大通过")
    read(county, COUNTY, "等我方答复：枞阳镇离开枞阳县")
    assert violations(county) == []
    answer(county, "拒绝", "先办完手续")
    read(town, TOWN, "枞阳镇离开枞阳县：对方没有同意")
    expect(town.get_by_text(re.compile("先办完手续$"))).to_be_visible()
    expect(town.get_by_role("button", name="同意", exact=True)).to_have_count(0)
    begin(county, COUNTY, "让下级独立")
    choose(county, "调整哪个组织", TOWN)
    put(county, "手续办完了")
    read(town, TOWN, "等我方答复：枞阳镇离开枞阳县")
    answer(town, "同意", "")
    begin(town, TOWN, "请求被纳入")
    choose(town, "新的上级", COUNTY)
    expect(town.get_by_role("combobox", name=re.compile("^新层级"))).to_have_value("")
    assert violations(town) == []
    put(town, "还是在一起")
    read(county, COUNTY, "等我方答复：枞阳镇归到枞阳县")
    answer(county, "同意", "欢迎回来")
    expect(county.get_by_role("definition").filter(has_text="已执行")).to_be_visible()
    above = town.request.get(f"/api/v1/tenants/{TOWN}").json()["ancestors"]
    assert [place["code"] for place in above] == ["3407", COUNTY]
