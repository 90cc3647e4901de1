"""The console as officials use it: two who save at once, what ends meanwhile, what the address keeps, what a phone shows."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.waiting import settle

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[[Page, str], None]
Ask = Callable[[Page], list[str]]
HEADERS = {"X-Wuji-Request": "1"}
COUNTY = "/console/340722"
TOWN = "/api/v1/tenants/340722106"


@pytest.fixture
def enter(open_page: Open, log_in: LogIn) -> Callable[..., Page]:
    def as_(who: str, address: str, size: str = "desktop") -> Page:
        page = open_page(size)
        log_in(page, who)
        page.goto(address)
        settle(page)
        return page

    return as_


def send(page: Page) -> None:
    page.locator(".w-dlg button[type=submit]").last.click()


def test_a_number_is_set_and_whoever_was_slower_compares(enter: Callable[..., Page], violations: Ask) -> None:
    first, second = (enter("district", f"{COUNTY}/settings") for _ in range(2))
    for page in (first, second):
        page.get_by_role("button", name="修改：登录后多久不动就退出").click()
    first.get_by_role("spinbutton", name="值").fill("99999")
    send(first)
    expect(first.get_by_text("要填 5～480 之间的整数")).to_be_visible()
    first.get_by_role("spinbutton", name="值").fill("45")
    send(first)
    expect(first.get_by_text("45 分钟")).to_be_visible()
    second.get_by_role("spinbutton", name="值").fill("20")
    send(second)
    second.get_by_role("button", name="对照两份").click()
    expect(second.locator(".w-overtaken")).to_contain_text("45 分钟")
    expect(second.get_by_role("spinbutton", name="值")).to_have_value("20")
    assert violations(second) == []
    send(second)
    expect(second.get_by_text("20 分钟")).to_be_visible()


def test_a_former_code_leads_to_the_console_of_today(enter: Callable[..., Page]) -> None:
    page = enter("district", f"{COUNTY}/tree")
    made = page.request.post(
        f"{TOWN}/tenants", headers=HEADERS, data={"name": "新村", "code": "340722106998", "category": "territory"}
    )
    assert made.status == 201, made.text()
    changed = page.request.put(
        f"{TOWN}/tenants/{made.json()['id']}/code",
        headers={**HEADERS, "If-Match": made.headers["etag"]},
        data={"code": "340722106999"},
    )
    assert changed.status == 200, changed.text()
    page.goto(f"{COUNTY}/tree/340722106998")
    page.wait_for_url(f"**{COUNTY}/tree/340722106999")
    expect(page.get_by_role("heading", name="新村")).to_be_visible()
    page.goto("/console/340722106998/accounts?state=live")
    page.wait_for_url("**/console/340722106999/accounts?state=live")


def test_a_role_that_ends_is_said_where_its_holder_works(
    enter: Callable[..., Page], open_page: Open, violations: Ask
) -> None:
    head = enter("district", COUNTY)
    made = head.request.post(
        f"{TOWN}/accounts", headers=HEADERS, data={"login": "shortly", "name": "短期工", "role": "clerk"}
    )
    assert made.status == 201, made.text()
    clerk = open_page()
    clerk.goto(made.json()["link"])
    clerk.get_by_label("新密码").fill("four plain words here")
    clerk.get_by_role("button", name="设好密码").click()
    expect(clerk.get_by_text("密码已经设好")).to_be_visible()
    entered = clerk.request.post(
        "/api/v1/session", headers=HEADERS, data={"login": "shortly", "password": "four plain words here"}
    )
    assert entered.status == 200
    clerk.goto("/console/340722106/journal")
    expect(clerk.get_by_role("heading", name="日志")).to_be_visible()
    taken = head.request.delete(
        f"{TOWN}/grants/{made.json()['role_grant_id']}", headers=HEADERS, data={"reason": "换岗"}
    )
    assert taken.status == 200, taken.text()
    # the next step says it, unless the page has been told before that step is taken
    clerk.evaluate("document.querySelector('nav a[href$=\"/340722106/accounts\"]')?.click()")
    expect(clerk.get_by_role("heading", level=1)).to_have_text("在横埠镇的角色已经结束")
    assert violations(clerk) == []


def test_tabs_search_and_filters_live_in_the_address(enter: Callable[..., Page]) -> None:
    page = enter("city", "/console/3407/accounts")
    search = page.get_by_role("searchbox", name="在授权里找")
    search.fill("黄山")
    search.press("Enter")
    page.wait_for_url("**q=**")
    page.get_by_role("link", name=re.compile("^有效")).click()
    page.wait_for_url(re.compile(r"q=.*state=live"))
    expect(page.locator("tbody tr")).not_to_have_count(0)
    page.reload()
    expect(search).to_have_value("黄山")
    page.go_back()
    page.go_back()
    page.wait_for_url(re.compile(r"/accounts$"))
    expect(search).to_have_value("")


def test_what_the_server_does_not_know_can_be_left(enter: Callable[..., Page]) -> None:
    page = enter("city", "/console/3407/journal?sort=nonsense")
    page.get_by_role("button", name="再试一次").click()
    page.wait_for_url(re.compile(r"/journal$"))
    expect(page.locator("tbody tr").first).to_be_visible()


def test_a_session_that_ends_in_a_form_is_renewed_there(enter: Callable[..., Page], violations: Ask) -> None:
    page = enter("street", "/console/340722106/accounts")
    page.get_by_role("button", name="添加人员").click()
    page.get_by_label("登录名").fill("midway")
    page.get_by_role("textbox", name="姓名").last.fill("半路")
    page.locator(".w-dlg select").select_option("clerk")
    assert page.request.delete("/api/v1/session", headers=HEADERS).status == 204
    send(page)
    page.get_by_label("密码").fill("wuji-demo-2026")
    send(page)
    expect(page.get_by_text("再登录一次")).to_be_hidden()
    expect(page.get_by_label("登录名")).to_have_value("midway")
    send(page)
    expect(page.get_by_role("heading", name="账号已登记")).to_be_visible()
    assert violations(page) == []


def test_without_a_network_lists_say_so_and_come_back(enter: Callable[..., Page]) -> None:
    page = enter("street", "/console/340722106/journal")
    page.context.set_offline(True)
    page.get_by_label("从", exact=True).fill("2026-01-01")
    expect(page.get_by_text("连不上网络")).to_be_visible(timeout=20_000)
    page.context.set_offline(False)
    page.get_by_role("button", name="再试一次").click()
    expect(page.locator("tbody tr").first).to_be_visible()


def test_a_phone_shows_what_was_picked(enter: Callable[..., Page]) -> None:
    page = enter("street", "/console/340722106/tree", "phone")
    page.get_by_role("treeitem", name=re.compile("黄山村")).click()
    expect(page.get_by_role("heading", name=re.compile("黄山村"))).to_be_in_viewport()
    page.goto("/console/340722106/settings")
    page.get_by_role("link", name="为什么是这个值：门户公告").click()
    expect(page.get_by_role("heading", name="为什么：门户公告")).to_be_in_viewport()
    page.get_by_role("button", name=re.compile("^修改：")).first.click()
    expect(page.get_by_role("button", name="保存")).to_be_in_viewport(ratio=1)


def test_by_keyboard_alone_a_village_is_renamed(enter: Callable[..., Page]) -> None:
    page = enter("district", f"{COUNTY}/tree/340722106203")
    more = page.get_by_role("button", name="更多")
    more.focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="改名").wait_for()
    page.keyboard.press("ArrowDown")
    while page.evaluate("document.activeElement?.textContent?.trim()") != "改名":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.type("新联村")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="新联村")).to_be_visible()


def test_unseen_characters_do_not_turn_the_words_around_a_name(enter: Callable[..., Page]) -> None:
    page = enter("street", "/console/340722106/me")
    name = page.get_by_role("textbox", name="姓名")
    name.fill("<b>横埠镇</b>\u202e负责人")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    expect(page.locator(".c-me b")).to_have_text("<b>横埠镇</b>负责人")
    name.fill("横埠镇负责人")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".c-me b")).to_have_text("横埠镇负责人")


def test_the_operator_takes_lists_along_and_reads_who_sat_at_the_server(enter: Callable[..., Page]) -> None:
    """Lists that stand at no tenant: the file comes at once, under its own name."""
    page = enter("operator", "/console")
    page.get_by_role("button", name="导出").click()
    with page.expect_download() as taken:
        page.get_by_role("menuitem", name="CSV 文件").click()
    assert re.fullmatch(r"最上级组织-\d{8}-\d{4}\.csv", taken.value.suggested_filename)
    lines = taken.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "编码,名称,层级,类别,状态,直接下级"
    assert lines[1].startswith("3407,铜陵市,")
    page.goto("/console/journal")
    expect(page.get_by_role("row", name="导出了列表").get_by_text("平台运维")).to_be_visible()
    page.goto("/console/journal?sort=at")
    expect(page.get_by_text("服务器管理员（命令行）").first).to_be_visible()
    expect(page.get_by_text("cli:")).to_have_count(0)
