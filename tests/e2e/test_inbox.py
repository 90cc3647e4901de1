"""What people are told: it arrives while they work, leads to what it is about, and is read; and how they want to be told."""

import re
from collections.abc import Callable
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[..., None]
Ask = Callable[[Page], list[str]]
OURS = {"X-Wuji-Request": "1"}
TOWN = "/api/v1/tenants/340722106"
PASSWORD = "four plain words here"
PATIENCE = 60_000  # milliseconds
SOON = 10_000


@pytest.fixture
def told(hired: tuple[Page, Page, str]) -> Page:
    """Somebody new at the town, logged in, who is told that they are a clerk there."""
    return hired[0]


@pytest.fixture
def hired(open_page: Open, log_in: LogIn) -> tuple[Page, Page, str]:
    """The page of somebody new at the town, that of the town's head, and the newcomer's login."""
    head = open_page()
    log_in(head, "street")
    login = f"told{token_hex(4)}"
    made = head.request.post(
        f"{TOWN}/accounts", headers=OURS, data={"login": login, "name": "等消息的", "role": "clerk"}
    )
    assert made.status == 201, made.text()
    person = open_page()
    person.goto(made.json()["link"])
    person.get_by_label("新密码").fill(PASSWORD)
    person.get_by_role("button", name="设好密码").click()
    expect(person.get_by_text("密码已经设好")).to_be_visible()
    log_in(person, login, PASSWORD)
    person.goto("/console/340722106/journal")
    return person, head, login


def bell(page: Page, name: str) -> None:
    expect(page.get_by_role("link", name=re.compile(f"^消息，{name}"))).to_be_visible(timeout=PATIENCE)


def test_a_message_arrives_and_is_read(told: Page, violations: Ask) -> None:
    bell(told, "1 条未读")
    told.get_by_role("link", name=re.compile("^消息，1 条未读")).click()
    expect(told).to_have_url(re.compile("/console/340722106/me/inbox$"))
    line = told.get_by_role("listitem").filter(has_text="您在横埠镇的新身份")
    expect(line).to_be_visible()
    assert violations(told) == []
    line.get_by_role("button", name=re.compile("^标为已读")).click()
    expect(told.get_by_role("heading", name="都读过了")).to_be_visible()
    bell(told, "没有未读")
    told.get_by_role("button", name="撤销").click()
    expect(line).to_be_visible()
    bell(told, "1 条未读")
    told.get_by_role("button", name="全部标为已读").click()
    bell(told, "没有未读")
    told.get_by_role("link", name=re.compile("^全部 ")).click()
    expect(line).to_be_visible()


def test_the_bell_rings_while_a_page_is_looked_at(hired: tuple[Page, Page, str]) -> None:
    """At once: where nothing is told, the page asks every half minute."""
    person, head, login = hired
    bell(person, "1 条未读")
    given = head.request.post(f"{TOWN}/grants", headers=OURS, data={"login": login, "role": "member"})
    assert given.status == 201, given.text()
    expect(person.get_by_role("link", name=re.compile("^消息，2 条未读"))).to_be_visible(timeout=SOON)


def test_a_message_leads_to_what_it_is_about(told: Page) -> None:
    bell(told, "1 条未读")
    told.goto("/me")
    bell(told, "1 条未读")
    told.get_by_role("link", name=re.compile("^消息，1 条未读")).click()
    told.get_by_role("link", name=re.compile("您在横埠镇的新身份")).click()
    expect(told).to_have_url(re.compile("/me$"))
    bell(told, "没有未读")


def test_a_person_chooses_how_they_are_told(told: Page, violations: Ask) -> None:
    told.goto("/console/340722106/me/inbox/settings")
    hooked = told.get_by_role("combobox", name="得到新的身份，网络回调")
    hooked.select_option("digest")
    expect(told.get_by_text("改好了。")).to_be_visible()
    told.get_by_label("这段时间不打扰").check()
    told.get_by_label("从", exact=True).fill("21:30")
    told.get_by_role("button", name="保存时间").click()
    expect(told.get_by_text("改好了。").last).to_be_visible()
    told.reload()
    expect(hooked).to_have_value("digest")
    expect(told.get_by_label("从", exact=True)).to_have_value("21:30")
    told.get_by_role("button", name="加一个地址").click()
    told.get_by_label("方式", exact=True).select_option("webhook")
    told.get_by_label("地址", exact=True).fill("http://example.org/hook")
    told.get_by_role("button", name="送验证码").click()
    expect(told.get_by_label("地址", exact=True)).to_have_attribute("aria-invalid", "true")
    told.get_by_label("地址", exact=True).fill("https://example.org/hook")
    told.get_by_role("button", name="送验证码").click()
    expect(told.get_by_label("签名密钥")).to_have_value(re.compile("^whsec_"))
    assert violations(told) == []
    told.get_by_role("button", name="存好了").click()
    told.get_by_label("验证码").fill("000000")
    told.get_by_role("button", name="验证", exact=True).click()
    expect(told.get_by_label("验证码")).to_have_attribute("aria-invalid", "true")
    told.get_by_role("button", name=re.compile("^去掉 ")).click()
    expect(told.get_by_text("还没有地址")).to_be_visible()


def test_a_public_page_stays_where_it_is_when_a_session_has_ended(open_page: Open, log_in: LogIn) -> None:
    page = open_page()
    log_in(page, "resident")
    page.goto("/340722106200")
    bell(page, "")
    page.context.clear_cookies()
    page.goto("/340722106200")
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    expect(page).to_have_url(re.compile("/340722106200$"))
