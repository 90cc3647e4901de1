"""Boundaries redrawn in the browser: what would change is read first, the old address leads on, and all of it goes back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.waiting import settle

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[[Page, str], None]
Ask = Callable[[Page], list[str]]
CITY = "/console/3407"
GIVER, TAKER, VILLAGE = "340722110", "340722109", "340722110200"
OURS = {"X-Wuji-Request": "1"}


def rename(page: Page, code: str) -> str:
    """As somebody else does meanwhile; another name every time."""
    below = "/api/v1/tenants/3407/tenants"
    found = page.request.get(below, params={"q": code}).json()["items"][0]
    name = f"看过以后改的名{found['version']}"
    answer = page.request.put(
        f"{below}/{found['id']}/name",
        headers={**OURS, "If-Match": f'"{found["version"]}"'},
        data={"name": name, "reason": ""},
    )
    assert answer.status == 200, answer.text()
    return name


def choose(page: Page, label: str, code: str) -> None:
    box = page.get_by_role("combobox", name=label)
    box.fill(code)
    option = page.get_by_role("option").filter(has_text=code).first
    expect(option).to_be_visible()
    option.click()


def plan_merge(page: Page, violations: Ask) -> None:
    page.goto(f"{CITY}/tree/{GIVER}")
    page.get_by_role("main").get_by_role("link", name="区划调整").click()
    page.get_by_role("radio", name=re.compile("合并")).check()
    expect(page.get_by_role("combobox", name="调整哪个组织")).to_have_value("义津镇")
    page.get_by_role("combobox", name="并到哪里").fill("义津镇")
    expect(page.get_by_role("option", name=re.compile("义津镇.*就是它自己"))).to_have_attribute("aria-disabled", "true")
    choose(page, "并到哪里", TAKER)
    assert violations(page) == []
    page.get_by_role("button", name="看会改变什么").click()
    expect(page.get_by_text(f"义津镇（{GIVER}）并到麒麟镇（{TAKER}），随后关闭")).to_be_visible()
    assert violations(page) == []


def confirm(page: Page, name: str) -> None:
    page.get_by_label("原因").fill("枞政〔2026〕12号")
    page.get_by_label("再输入一遍").fill(name)
    page.get_by_role("button", name="合并", exact=True).click()


def test_two_towns_become_one_and_part_again(open_page: Open, log_in: LogIn, violations: Ask) -> None:
    page, onlooker = open_page(), open_page()
    for one in (page, onlooker):
        log_in(one, "city")
    onlooker.goto(f"/console/{GIVER}/settings")
    settle(onlooker)
    plan_merge(page, violations)
    name = rename(page, VILLAGE)
    page.get_by_role("button", name="下一步：确认").click()
    confirm(page, "别的镇")
    expect(page.get_by_text("和“义津镇”不一样")).to_be_visible()
    confirm(page, "义津镇")
    now = page.get_by_role("region", name="现在的", exact=True)
    expect(now).to_contain_text(name)
    expect(now.get_by_text("变了").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="照现在的执行").click()
    confirm(page, "义津镇")
    expect(page.get_by_role("heading", level=1)).to_have_text("合并：义津镇")
    # Whoever stood at the old address is told, and taken along.
    expect(onlooker).to_have_url(re.compile(f"/console/{TAKER}/settings"))
    expect(onlooker.get_by_text(f"编码 {GIVER} 现在是“麒麟镇”")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{name}从麒麟镇回到义津镇")
    dialog.get_by_label("原因").fill("批文撤回")
    assert violations(page) == []
    dialog.get_by_role("button", name="撤销这次调整").click()
    expect(page.get_by_role("definition").filter(has_text="已撤销")).to_be_visible()
    expect(page.get_by_role("button", name="撤销")).to_have_count(0)
    page.goto(f"{CITY}/tree/{GIVER}")
    expect(page.get_by_role("heading", level=1)).to_have_text("义津镇")


def test_changes_and_the_tree_of_a_day_are_read_on_a_phone(open_page: Open, log_in: LogIn, violations: Ask) -> None:
    page = open_page("phone")
    log_in(page, "city")
    former = (f"{CITY}/accounts/former?as_of=2020-01-01", f"{CITY}/tree?as_of=2020-01-01")
    for address in (f"{CITY}/changes", f"{CITY}/changes/new?op=split", f"{CITY}/transfers/new", *former):
        page.goto(address)
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert violations(page) == []
    expect(page.get_by_role("heading", level=1)).to_have_text("2020年1月1日 还没有这个组织")
    page.get_by_role("link", name="回到今天").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("铜陵市")
