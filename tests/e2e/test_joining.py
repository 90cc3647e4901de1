"""How organisations and people come in: applying, being reviewed, being invited, and looking after one's own account."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[..., None]
TOWN, VILLAGE = "340722106", "340722106200"
OURS = {"X-Wuji-Request": "1"}
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SLOW = 20_000  # ms: argon2 takes its time on a busy machine, twice for a newcomer
PHRASE = "four plain words here"


def some_uscc() -> str:
    """A 统一社会信用代码 that nobody has and whose check character fits."""
    start = f"9134072{token_hex(5).upper()}"
    return start + LETTERS[-sum(LETTERS.index(c) * pow(3, place, 31) for place, c in enumerate(start)) % 31]


def next_step(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def fill_application(page: Page, name: str, code: str) -> None:
    """A school below the town, up to the last step."""
    page.goto("/join")
    page.get_by_role("radio", name=re.compile("^学校")).check()
    page.get_by_role("textbox", name="名称", exact=True).fill(name)
    next_step(page, "保存，选位置")
    page.get_by_role("radio", name=re.compile("街镇级")).check()
    page.get_by_role("combobox", name="上级组织").fill("横埠")
    page.get_by_role("option", name=re.compile("横埠镇")).click()
    page.get_by_label("统一社会信用代码").fill(code)
    page.get_by_label("入驻后主要做什么").fill("通知家长")
    next_step(page, "保存，填联系人")
    page.get_by_label("联系人姓名").fill("吴桂芳")
    page.get_by_label("电话").fill("0562-1234567")
    next_step(page, "保存，去核对")


def review(page: Page, name: str, button: str, action: str, reason: str = "") -> None:
    """As the official who stands in the console's inbox."""
    page.goto(f"/console/{TOWN}/applications")
    page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first.click()
    page.get_by_role("button", name=button, exact=True).click()
    dialog = page.get_by_role("dialog")
    if reason:
        dialog.get_by_label("理由").fill(reason)
    dialog.get_by_role("button", name=action, exact=True).click()
    expect(dialog).to_be_hidden()


def test_an_organisation_applies_is_returned_changes_and_is_admitted(open_page: Open, log_in: LogIn) -> None:
    name, code = f"育才第{token_hex(3)}小学", some_uscc()
    applicant = open_page("phone")
    fill_application(applicant, name, code)
    expect(applicant.get_by_text(code)).to_be_visible()
    next_step(applicant, "提交申请")
    link = applicant.get_by_label("查询链接").input_value()
    assert "/join#wuji_application_" in link
    assert "吴桂芳" not in applicant.evaluate("JSON.stringify(localStorage)")
    official = open_page()
    log_in(official, "street")
    review(official, name, "退回修改", "退回", "请写清楚通知什么")
    applicant.goto(link)
    expect(applicant.get_by_text("请写清楚通知什么")).to_be_visible()
    applicant.get_by_role("button", name="修改后再提交").click()
    next_step(applicant, "保存，选位置")
    applicant.get_by_label("入驻后主要做什么").fill("放假和防溺水通知")
    next_step(applicant, "保存，填联系人")
    next_step(applicant, "保存，去核对")
    next_step(applicant, "重新提交")
    expect(applicant.get_by_text("等待审核")).to_be_visible()
    review(official, name, "通过", "通过")
    applicant.reload()
    expect(applicant.get_by_text("可以开始用了")).to_be_visible()
    head_sets_up(applicant, code)


def head_sets_up(page: Page, code: str) -> None:
    """The link that came with the acceptance sets the password; then the set-up list is ticked off."""
    page.get_by_role("link", name="设负责人的密码").click()
    page.get_by_label("新密码").fill(PHRASE)
    page.get_by_role("button", name="设好密码").click()
    page.get_by_role("main").get_by_role("link", name="登录").click()
    page.get_by_label("登录名").fill(code.lower())
    page.get_by_label("密码", exact=True).fill(PHRASE)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"**/console/{code}")
    for item in ("选颜色和标志", "请同事一起管理", "选要用的模块"):
        tick = page.get_by_role("button", name=re.compile(rf"标为已办\s*{item}"))
        tick.click()
        expect(tick).to_have_count(0)
    expect(page.get_by_role("heading", name="开通清单")).to_have_count(0)


def test_what_is_wrong_is_said_at_the_field_and_reached_by_keyboard(open_page: Open) -> None:
    page = open_page()
    page.goto("/join")
    page.get_by_role("radio", name=re.compile("^企业")).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("河东农机合作社")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("第 2 步"))
    page.get_by_role("radio", name=re.compile("社区村级")).focus()
    page.keyboard.press("Space")
    page.get_by_role("combobox", name="上级组织").focus()
    page.keyboard.type("黄山村")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("12340722MB1A2345X")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("统一社会信用代码")).to_be_focused()
    expect(page.get_by_text("现在是 17 位，少 1 位。请对照证书再看一遍。").last).to_be_visible()


def test_a_half_filled_application_waits_on_this_device(open_page: Open) -> None:
    page = open_page("phone")
    page.goto("/join")
    page.get_by_role("radio", name=re.compile("^学校")).check()
    page.get_by_role("textbox", name="名称", exact=True).fill("横埠中学")
    page.reload()
    expect(page.get_by_role("textbox", name="名称", exact=True)).to_have_value("横埠中学")
    page.goto("/join?step=4")
    expect(page).to_have_title(re.compile("第 2 步"))


def test_an_application_can_be_taken_back(open_page: Open) -> None:
    page = open_page("phone")
    fill_application(page, "横埠镇老年协会", some_uscc())
    next_step(page, "提交申请")
    token = page.get_by_label("查询链接").input_value().partition("#")[2]
    page.goto("/join?view=status")
    page.get_by_label("查询链接").fill(token)
    next_step(page, "看进度")
    page.get_by_role("button", name="撤回申请").click()
    page.get_by_role("dialog").get_by_role("button", name="撤回申请").click()
    expect(page.get_by_text("已撤回", exact=True)).to_be_visible()
    expect(page.get_by_text("0562-1234567")).to_have_count(0)


def invite(official: Page, uses: int = 1) -> Any:
    made = official.request.post(
        f"/api/v1/tenants/{VILLAGE}/invitations",
        headers=OURS,
        data={"role": "resident", "uses": uses, "expires_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()},
    )
    assert made.status == 201, made.text()
    return made.json()


def test_a_resident_takes_up_an_invitation_on_a_phone(open_page: Open, log_in: LogIn) -> None:
    official = open_page()
    log_in(official, "community")
    made, login = invite(official), f"r{token_hex(5)}"
    resident = open_page("phone")
    resident.goto(made["link"])
    expect(resident.get_by_role("heading", level=1)).to_have_text("黄山村委会请您加入")
    assert "#" not in resident.url
    resident.get_by_label("姓名").fill("新居民")
    resident.get_by_label("登录名").fill(login)
    resident.get_by_label("密码", exact=True).fill(PHRASE)
    resident.get_by_role("button", name="登记并加入").click()
    expect(resident.get_by_role("heading", level=1)).to_have_text("您已经加入黄山村委会", timeout=SLOW)
    resident.get_by_role("main").get_by_role("link", name="我的").click()
    expect(resident.get_by_role("heading", level=1)).to_have_text("新居民")
    expect(resident.get_by_role("link", name="黄山村委会")).to_be_visible()
    late = open_page("phone")
    late.goto(made["link"])
    expect(late.get_by_role("heading", level=1)).to_have_text("这个邀请不能用了")


def test_whoever_has_an_account_logs_in_and_comes_back_to_the_invitation(open_page: Open, log_in: LogIn) -> None:
    official = open_page()
    log_in(official, "community")
    made = invite(official)
    asked: list[str] = []
    person = open_page("phone")
    person.on("request", lambda request: asked.append(request.url))
    person.goto(made["link"])
    person.get_by_role("link", name="登录后接受").click()
    # the form of a newcomer, which stands there until the login is loaded, asks for the same two
    expect(person.get_by_role("heading", level=1)).to_have_text("登录", timeout=SLOW)
    person.get_by_label("登录名").fill("neighbour")
    person.get_by_label("密码", exact=True).fill("wuji-demo-2026")
    person.get_by_role("button", name="登录", exact=True).click()
    person.get_by_role("button", name="接受邀请").click()
    expect(person.get_by_role("heading", level=1)).to_have_text("您已经加入黄山村委会")
    assert not [url for url in asked if made["token"] in url.partition("#")[0]]


def test_logging_out_everywhere_ends_the_other_browser(open_page: Open, log_in: LogIn) -> None:
    here, there = open_page("phone"), open_page()
    for page in (here, there):
        log_in(page, "member")
    here.goto("/me")
    here.get_by_role("button", name="退出其他全部登录").click()
    expect(here.get_by_text(re.compile("已退出别处的"))).to_be_visible()
    there.goto("/me")
    expect(there.get_by_role("heading", name="登录", level=1)).to_be_visible(timeout=SLOW)
    assert there.url.endswith("/login?next=%2Fme")
    here.reload()
    expect(here.get_by_role("heading", name="我的登录")).to_be_visible()
    here.get_by_role("button", name="退出登录").click()
    here.wait_for_url(re.compile(r"/$"))
    assert here.request.get("/api/v1/me").status == 401


def test_the_head_of_a_page_offers_the_login_or_my_page(open_page: Open, log_in: LogIn) -> None:
    page = open_page()
    page.goto("/")
    tools = page.get_by_role("banner")
    expect(tools.get_by_role("link", name="登录")).to_be_visible()
    log_in(page, "resident")
    page.goto(f"/{VILLAGE}")
    expect(tools.get_by_role("link", name="登录")).to_have_count(0)
    tools.get_by_role("link", name="我的").click()
    page.wait_for_url("**/me")


def test_a_browser_reads_a_page_where_something_is_refused(open_page: Open) -> None:
    page = open_page("phone", elder=True)
    for address, status, title in (("/ui/nothing", 404, "没有找到"), ("/9999999999999999999", 404, "没有找到这一页")):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == status
        assert answer.headers["content-type"].startswith("text/html")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("link", name="回到首页").click()
    page.wait_for_url(re.compile(r"/$"))
