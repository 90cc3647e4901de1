"""The console in large type and on a phone: targets for a finger, what was picked in sight, a search within reach."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.waiting import settle

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[[Page, str], None]
Ask = Callable[[Page], list[str]]
TOWN, VILLAGE = "/340722106", "/340722106200"
HEADERS = {"X-Wuji-Request": "1"}
PAGES = [
    "",
    "/tree",
    "/applications",
    "/accounts",
    "/roles",
    "/settings",
    "/journal",
    "/x/agri_tips",
    "/search?q=水稻",
    "/me",
]
# Links inside a line of text are as high as the line (WCAG 2.5.8); what is only for screen readers has no size.
SMALL = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, [role=treeitem] > .it')]
  .filter(e => !(e.tagName === 'A' && getComputedStyle(e).display === 'inline'))
  .filter(e => !e.closest('label') && !e.matches('.vh, .skip'))
  .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 120)])
  .filter(([box]) => box.width > 1 && box.height > 1 && box.height < 43.5)
  .map(([box, html]) => `${Math.round(box.height)} ${html}`)"""
WIDE = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def enter(open_page: Open, log_in: LogIn) -> Callable[..., Page]:
    def as_(who: str, address: str, size: str, *, elder: bool) -> Page:
        page = open_page(size, elder=elder)
        log_in(page, who)
        page.goto(address)
        settle(page)
        return page

    return as_


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_every_target_of_the_console_fits_a_finger(enter: Callable[..., Page], violations: Ask, size: str) -> None:
    page = enter("street", f"/console{TOWN}", size, elder=True)
    view = page.viewport_size
    assert view is not None
    for path in PAGES:
        page.set_viewport_size(view)
        page.goto(f"/console{TOWN}{path}")
        settle(page)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert page.evaluate(SMALL) == [], path
        assert page.evaluate(WIDE) <= 0, path
        assert violations(page) == [], path


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_what_was_picked_comes_into_sight(enter: Callable[..., Page], size: str) -> None:
    page = enter("street", f"/console{TOWN}/x/agri_tips?tab=published", size, elder=True)
    page.locator("tbody a.t").first.click()
    expect(page.get_by_role("link", name="关上")).to_be_in_viewport(ratio=1)


def test_a_phone_finds_the_search_in_the_menu(enter: Callable[..., Page]) -> None:
    page = enter("street", f"/console{TOWN}", "phone", elder=False)
    search = page.get_by_role("combobox", name=re.compile("搜索|横埠镇"))
    expect(search).to_be_hidden()
    page.get_by_role("button", name="菜单", exact=True).click()
    search.fill("水稻")
    search.press("Enter")
    expect(page.get_by_role("heading", name="“水稻”的搜索结果")).to_be_in_viewport()
    expect(search).to_be_hidden()


def test_a_long_value_stays_inside_its_explanation(enter: Callable[..., Page]) -> None:
    page = enter("community", f"/console{VILLAGE}/settings", "phone", elder=True)
    notice = "十一月二十五日上午八点到十二点全村停水，请各家提前存水；" * 5
    put = page.request.put(
        f"/api/v1/tenants{VILLAGE}/settings/tenancy.portal_notice",
        headers={**HEADERS, "If-Match": '"0"'},
        data={"mode": "set", "value": notice},
    )
    assert put.status == 200, put.text()
    page.goto(f"/console{VILLAGE}/settings?why=tenancy.portal_notice")
    panel = page.get_by_role("region", name="为什么是这个值：门户公告")
    expect(panel.get_by_text(notice).first).to_be_visible()
    assert panel.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert page.evaluate(WIDE) <= 0


def test_what_reads_like_it_is_offered_where_words_find_nothing(open_page: Open, violations: Ask) -> None:
    page = open_page("phone")
    page.goto(f"{TOWN}/search?q=hsc")
    page.get_by_role("heading", name="读音像“hsc”的").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="黄山村委会").click()
    page.wait_for_url(f"**{VILLAGE}")
