"""What a navigation offers, and which of it is marked as the page that is open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[[Page, str], None]


def test_nobody_can_join_below_a_grid(open_page: Open, log_in: LogIn) -> None:
    page = open_page()
    log_in(page, "city")
    page.goto("/console/340722106200")
    expect(page.locator("#c-nav").get_by_role("link", name="入驻申请")).to_be_visible()
    page.goto("/console/340722106200001")
    expect(page.locator("#c-nav").get_by_role("link", name="账号与授权")).to_be_visible()
    expect(page.get_by_role("link", name="入驻申请")).to_have_count(0)


@pytest.mark.parametrize("path", ["", "/months/3", "/terms/2"])
def test_a_plugins_entry_is_marked_on_all_of_its_pages(open_page: Open, path: str) -> None:
    page = open_page()
    page.goto(f"/340722106/x/agri_tips{path}")
    entry = page.locator(".p-nav").get_by_role("link", name="农话")
    expect(entry).to_have_attribute("aria-current", "page")
    expect(page.locator(".p-nav [aria-current]")).to_have_count(1)


def test_so_it_is_in_the_console(open_page: Open, log_in: LogIn) -> None:
    page = open_page()
    log_in(page, "street")
    for path in ("", "/new"):
        page.goto(f"/console/340722106/x/agri_tips{path}")
        expect(page.locator("#c-nav [aria-current]")).to_have_count(1)
        expect(page.locator("#c-nav").get_by_role("link", name="农话")).to_have_attribute("aria-current", "page")
