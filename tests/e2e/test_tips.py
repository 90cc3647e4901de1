"""Farm tips: from a village's desk over the street's review to a resident's phone."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[[Page, str], None]
Violations = Callable[[Page], list[str]]

PASSWORD = "wuji-demo-2026"
VILLAGE, STREET = "340722106200", "340722106"
TIPS = f"/{VILLAGE}/x/agri_tips"
DESK, REVIEW = f"/console{TIPS}", f"/console/{STREET}/x/agri_tips"
PICTURES = Path(__file__).resolve().parents[2] / "plugins" / "agri_tips" / "wuji_agri_tips" / "demo" / "pictures"
REASON = "打药的时间没有写，补上再送。"
PASTED = (
    '<h1 style="color:red">注意什么</h1><p class="MsoNormal" onclick="x()">打药戴<b>口罩</b>。</p><script>x()</script>'
)


def month() -> int:
    return datetime.now(ZoneInfo("Asia/Shanghai")).month


def heading(page: Page) -> Locator:
    """Of the page as the program shows it; the server's own stands there before."""
    return page.locator("#main").get_by_role("heading", level=1)


def write(page: Page, title: str) -> None:
    """All that a tip needs, by the parts of the form as a person uses them."""
    page.goto(DESK)
    page.get_by_role("link", name="写农话").click()
    page.get_by_label("标题", exact=True).fill(title)
    page.get_by_label("一句话", exact=True).fill("扒开稻丛看基部，够标准再打药。")
    page.get_by_role("textbox", name="正文").click()
    page.keyboard.type("怎么查")
    page.get_by_role("button", name="小标题").click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("每点看二十丛。")
    page.get_by_role("combobox", name="作物、畜禽").fill("稻子")
    page.get_by_role("option", name="水稻").first.click()
    page.get_by_role("button", name=f"{month()}月", exact=True).click()


def add_picture(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(PICTURES / "rice.png")
    picture = page.get_by_role("listitem").filter(has_text="rice.png")
    expect(picture).to_be_visible()
    page.wait_for_url(re.compile(rf"{DESK}/[0-9a-f-]{{36}}$"))


def submit(page: Page) -> None:
    page.get_by_role("button", name="送上一级审").click()


def read_beside(page: Page, title: str) -> None:
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("complementary").get_by_role("heading", name=title)).to_be_visible()


@pytest.fixture
def title() -> str:
    return f"看田边{uuid4().hex[:6]}"


def test_a_tip_goes_from_the_village_to_the_phone(
    open_page: Open, log_in: LogIn, violations: Violations, title: str
) -> None:
    clerk, head = open_page(), open_page()
    log_in(clerk, "community")
    log_in(head, "street")
    write(clerk, title)
    add_picture(clerk)
    submit(clerk)
    clerk.get_by_role("alert").get_by_role("link", name=re.compile("没有说明文字")).click()
    clerk.keyboard.type("稻丛基部的云纹斑")
    assert violations(clerk) == []
    submit(clerk)
    expect(clerk.get_by_text("已送审")).to_be_visible()
    head.goto(REVIEW)
    read_beside(head, title)
    expect(head.get_by_role("img", name="稻丛基部的云纹斑")).to_be_visible()
    assert violations(head) == []
    return_it(head)
    mend(clerk, title)
    publish(head, title)
    find_on_a_phone(open_page("phone"), violations, title)


def return_it(head: Page) -> None:
    head.get_by_role("button", name="退回修改").click()
    dialog = head.get_by_role("dialog")
    dialog.get_by_role("button", name="退回修改").click()
    expect(dialog.get_by_text("写明理由")).to_be_visible()
    dialog.get_by_label("理由").fill(REASON)
    dialog.get_by_role("button", name="退回修改").click()
    expect(head.get_by_text("作者会看到理由")).to_be_visible()


def mend(clerk: Page, title: str) -> None:
    clerk.goto(f"{DESK}?tab=returned")
    read_beside(clerk, title)
    clerk.get_by_role("link", name="接着写").click()
    expect(clerk.get_by_text(REASON)).to_be_visible()
    clerk.get_by_role("textbox", name="正文").click()
    clerk.keyboard.press("Control+End")
    clerk.keyboard.press("Enter")
    clerk.keyboard.type("下午四点以后打药。")
    submit(clerk)
    expect(clerk.get_by_text("已送审")).to_be_visible()


def publish(head: Page, title: str) -> None:
    head.goto(REVIEW)
    read_beside(head, title)
    expect(head.get_by_text("下午四点以后打药。")).to_be_visible()
    head.get_by_role("button", name="通过并发布").click()
    dialog = head.get_by_role("dialog")
    dialog.get_by_role("radio", name=re.compile("横埠镇")).check()
    expect(dialog.get_by_text(re.compile("横埠镇和下级 [0-9]+ 个单位的所有人都看得到"))).to_be_visible()
    dialog.get_by_role("button", name="通过并发布").click()
    expect(head.get_by_text(f"“{title}”已发布")).to_be_visible()


def find_on_a_phone(page: Page, violations: Violations, title: str) -> None:
    page.goto(TIPS)
    assert violations(page) == []
    page.get_by_role("link", name=re.compile(title)).click()
    expect(heading(page)).to_have_text(title)
    page.get_by_role("button", name="有用").click()
    page.get_by_role("link", name="去登录").click()
    page.get_by_label("登录名").fill("resident")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"**{TIPS}/tips/**")
    page.get_by_role("button", name="有用 0").click()
    expect(page.get_by_role("button", name="有用 1")).to_have_attribute("aria-pressed", "true")
    assert violations(page) == []


@pytest.mark.parametrize("elder", [False, True])
def test_tips_fit_a_narrow_phone(open_page: Open, violations: Violations, *, elder: bool) -> None:
    page = open_page("narrow", elder=elder)
    page.goto(f"{TIPS}/months/7")
    expect(heading(page)).to_have_text("7月农话")
    fits = "document.documentElement.scrollWidth <= 320"
    assert page.evaluate(fits)
    assert violations(page) == []
    page.locator("#main .p-tips a").first.click()
    expect(page.get_by_role("heading", name="一句话")).to_be_visible()
    assert page.evaluate(fits)
    assert violations(page) == []


def test_tips_are_read_in_english(open_page: Open, violations: Violations) -> None:
    page = open_page("phone", "en")
    page.goto(f"{TIPS}/months/7")
    expect(heading(page)).to_have_text("Farm tips for July")
    page.get_by_role("link", name=re.compile("The double rush")).click()
    expect(heading(page)).to_have_attribute("lang", "en")
    assert violations(page) == []


def test_nothing_typed_is_lost(open_page: Open, log_in: LogIn, title: str) -> None:
    page = open_page()
    log_in(page, "community")
    write(page, title)
    expect(page.get_by_text("有没存的改动")).to_be_visible()
    page.reload()
    expect(page.get_by_text("已经放回来了")).to_be_visible()
    expect(page.get_by_label("标题", exact=True)).to_have_value(title)
    expect(page.get_by_role("textbox", name="正文")).to_contain_text("每点看二十丛。")
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_text("都存好了")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("一句话", exact=True).fill("别人改的一句话")
    other.get_by_role("button", name="存草稿").click()
    expect(other.get_by_text("都存好了")).to_be_visible()
    page.get_by_label("标题", exact=True).fill(f"{title}改")
    page.get_by_role("button", name="存草稿").click()
    page.get_by_role("button", name="对照两份").click()
    page.get_by_role("group", name="一句话用哪一份").get_by_role("button", name="已存的").click()
    page.get_by_role("button", name="就这样，回去保存").click()
    expect(page.get_by_label("一句话", exact=True)).to_have_value("别人改的一句话")
    expect(page.get_by_label("标题", exact=True)).to_have_value(f"{title}改")
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_text("都存好了")).to_be_visible()


def test_the_editor_by_keyboard_and_from_the_clipboard(open_page: Open, log_in: LogIn) -> None:
    page = open_page()
    log_in(page, "community")
    page.goto(f"{DESK}/new")
    text = page.get_by_role("textbox", name="正文")
    text.focus()
    page.keyboard.type("一")
    page.keyboard.press("Alt+F10")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="圆点")).to_be_focused()
    page.keyboard.press("Enter")
    expect(text.get_by_role("listitem")).to_have_text("一")
    page.keyboard.press("Control+z")
    expect(text.get_by_role("listitem")).to_have_count(0)
    page.keyboard.press("Control+a")
    text.evaluate(
        """(element, html) => {
          const data = new DataTransfer()
          data.setData('text/html', html)
          element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
        }""",
        PASTED,
    )
    expect(text.get_by_role("heading", level=2, name="注意什么")).to_be_visible()
    expect(text.locator("strong")).to_have_text("口罩")
    assert text.locator("[style], [onclick], script").count() == 0


def test_a_resident_chooses_crops(open_page: Open) -> None:
    page = open_page("phone")
    page.goto("/login?next=/me")
    page.get_by_label("登录名").fill("resident")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    tea = page.get_by_role("button", name="茶叶")
    expect(tea).to_have_attribute("aria-pressed", "false")
    tea.click()
    expect(tea).to_have_attribute("aria-pressed", "true")
    page.goto(TIPS)
    page.get_by_role("link", name="茶叶").click()
    page.wait_for_url("**subject=tea**")
    page.goto("/me")
    expect(tea).to_have_attribute("aria-pressed", "true")
    tea.click()
    expect(tea).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="撤销").click()
    expect(tea).to_have_attribute("aria-pressed", "true")
    tea.click()
    expect(tea).to_have_attribute("aria-pressed", "false")
