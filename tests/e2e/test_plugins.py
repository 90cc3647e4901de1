"""Plugins in a browser: their pages stand while rules have them on, and a broken one harms nothing but itself."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[[Page, str], None]
OURS = {"X-Wuji-Request": "1"}
PLACE = "/340722106/x/probe"
CONSOLE = "/console/340722106"


def root_rule(request: APIRequestContext, code: str, plugin: str, **said: Any) -> None:
    """What the head of a root, logged in, says of a plugin at the root itself."""
    rules = f"/api/v1/tenants/{code}/plugin-rules"
    here = request.get(rules).json()["items"][0]["tenant"]["id"]
    tag = request.get(f"{rules}/{here}/{plugin}").headers["etag"]
    answer = request.put(f"{rules}/{here}/{plugin}", headers={**OURS, "If-Match": tag}, data=said)
    assert answer.status == 200, answer.text()


@contextmanager
def switched_on(open_page: Open, log_in: LogIn, *plugins: str) -> Iterator[Page]:
    """By the head of the city, whose page is given; what was said is taken back."""
    page = open_page()
    log_in(page, "city")
    for plugin in plugins:
        root_rule(page.request, "3407", plugin, rule="offer", on=True)
    yield page
    for plugin in plugins:
        root_rule(page.request, "3407", plugin, rule="inherit")


@pytest.fixture
def probe(open_page: Open, log_in: LogIn) -> Iterator[Page]:
    with switched_on(open_page, log_in, "probe", "stale") as page:
        yield page


def test_a_rule_brings_a_plugin_and_takes_it_away_at_once(open_page: Open, log_in: LogIn) -> None:
    visitor = open_page()
    visitor.goto("/9901/x/probe")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("没有找到这一页")
    head = open_page()
    log_in(head, "other")
    head.goto("/console/9901/governance")
    cell = head.locator("tr.me").get_by_role("button", name=re.compile("探针"))
    cell.click()
    panel = head.get_by_role("complementary", name="这一格的说明")
    panel.get_by_role("button", name="必开", exact=True).click()
    expect(panel.get_by_text(re.compile(r"1 个市级组织.*会开通“探针”"))).to_be_visible()
    panel.get_by_role("button", name="改成必开").click()
    expect(cell).to_contain_text("必开")
    expect(head.get_by_role("link", name="探针")).to_be_visible()
    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("探针")
    panel.get_by_role("button", name="沿用", exact=True).click()
    expect(panel.get_by_text(re.compile("会关掉，数据保留"))).to_be_visible()
    panel.get_by_role("button", name="改成沿用上级").click()
    expect(head.get_by_role("link", name="探针")).to_have_count(0)
    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("没有找到这一页")


def test_a_page_lives_on_the_vue_of_the_host(probe: Page, open_page: Open) -> None:
    page = open_page("phone")
    page.goto("/340722106")
    page.goto(PLACE)
    expect(page).to_have_title(re.compile("探针.*横埠镇"))
    page.get_by_role("button", name="按一下").click(click_count=2)
    expect(page.get_by_text("按了 2 次")).to_be_visible()
    assert page.locator(".probe").evaluate("found => getComputedStyle(found).borderInlineStartWidth") == "4px"
    page.get_by_role("link", name="第 7 行").click()
    expect(page).to_have_url(re.compile("/340722106/x/probe/rows/7$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("第 7 行")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Row 7")
    del probe


def test_a_page_stands_in_the_console_with_its_menu_and_card(probe: Page) -> None:
    probe.goto(CONSOLE)
    expect(probe.get_by_role("heading", name="探针的卡片")).to_be_visible()
    menu = probe.get_by_role("link", name="探针", exact=True)
    menu.click()
    expect(probe.get_by_role("heading", level=1)).to_have_text("探针")
    expect(menu).to_have_attribute("aria-current", "page")
    probe.go_back()
    probe.get_by_role("link", name="第一行").click()
    expect(probe.get_by_role("heading", level=1)).to_have_text("第 1 行")


def test_each_tab_has_the_plugins_of_its_tenant(probe: Page, open_page: Open, log_in: LogIn) -> None:
    other = open_page()
    log_in(other, "other")
    probe.goto(CONSOLE)
    other.goto("/console/9901")
    expect(probe.get_by_role("link", name="探针", exact=True)).to_be_visible()
    expect(other.get_by_role("link", name="设置")).to_be_visible()
    expect(other.get_by_role("link", name="探针", exact=True)).to_have_count(0)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (f"{PLACE}/throws", "这个模块出了错"),
        (f"{PLACE}/absent", "这个模块里没有这一页"),
        ("/340722106/x/stale", "另一个版本的平台"),
    ],
)
def test_a_broken_part_leaves_the_page_standing(probe: Page, open_page: Open, address: str, says: str) -> None:
    page = open_page()
    page.goto(address)
    expect(page.get_by_role("alert")).to_contain_text(says)
    expect(page.get_by_role("alert")).to_contain_text("别的内容不受影响")
    page.get_by_role("link", name="探针").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("探针")
    del probe


def test_a_module_that_does_not_come_says_so_and_can_be_asked_again(probe: Page, open_page: Open) -> None:
    page = open_page(worker=False)
    page.route("**/plugins/probe/**/index.js", lambda route: route.abort())
    page.goto(PLACE)
    expect(page.get_by_role("alert")).to_contain_text("这个模块出了错")
    page.unroute("**/plugins/probe/**/index.js")
    page.get_by_role("button", name="再试一次").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("探针")
    del probe


def test_what_a_plugin_adds_to_ones_own_page(probe: Page) -> None:
    probe.goto("/340722106")
    expect(probe.get_by_role("heading", level=1)).to_be_visible()
    probe.goto("/me")
    expect(probe.get_by_text("探针认得您的地方：340722106")).to_be_visible()


def test_the_operator_takes_a_plugin_out_of_service(probe: Page, open_page: Open, log_in: LogIn) -> None:
    operator = open_page()
    log_in(operator, "operator")
    operator.goto("/console/plugins")
    card = operator.get_by_role("region", name="探针")
    card.get_by_role("button", name="停用模块").click()
    dialog = operator.get_by_role("dialog")
    dialog.get_by_label("理由").fill("先查一个故障")
    dialog.get_by_role("button", name="停用模块").click()
    expect(card.get_by_text("先查一个故障")).to_be_visible()
    probe.goto(PLACE)
    expect(probe.get_by_role("heading", level=1)).to_have_text("没有找到这一页")
    card.get_by_role("button", name="恢复").click()
    expect(card.get_by_text("正常")).to_be_visible()
    probe.reload()
    expect(probe.get_by_role("heading", level=1)).to_have_text("探针")


def test_the_grid_by_keyboard_alone(open_page: Open, log_in: LogIn) -> None:
    page = open_page()
    log_in(page, "district")
    page.goto("/console/340722/governance")
    page.locator("tr.me").get_by_role("button", name=re.compile("每月农话")).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    fold = page.get_by_role("button", name="横埠镇的下级")
    expect(fold).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("row").filter(has_text="黄山村")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="这一格的说明").get_by_role("heading").first).to_be_visible()
    assert "tenant=" in page.url
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("row").filter(has_text="黄山村")).to_have_count(0)


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_everybody_can_use_these_pages(
    probe: Page, open_page: Open, log_in: LogIn, violations: Callable[[Page], list[str]], size: str, *, elder: bool
) -> None:
    page = open_page(size, elder=elder)
    log_in(page, "city")
    found = {}
    for address in (PLACE, f"{PLACE}/throws", f"{CONSOLE}/x/probe", CONSOLE, f"{CONSOLE}/governance"):
        page.goto(address)
        found[address] = violations(page)
    page.locator(".c-cell button").first.click()
    page.get_by_role("button", name="禁用", exact=True).click()
    found["panel"] = violations(page)
    assert not any(found.values()), found
    del probe
