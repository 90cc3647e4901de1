"""Every page at phone and desktop size, in both manners: WCAG 2.2 AA, no sideways scroll at 320 px."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.e2e.waiting import settle

pytestmark = pytest.mark.browser
PORTAL = ("/", "/340722106", "/login", "/join", "/join?view=status", "/invitation", "/link", "/nothing/here")
CONSOLE = ("", "/tree", "/accounts", "/journal")


@pytest.mark.parametrize("address", PORTAL)
@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_portal(
    open_page: Callable[..., Page], violations: Callable[[Page], list[str]], address: str, size: str, *, elder: bool
) -> None:
    page = open_page(size, elder=elder)
    page.goto(address)
    assert violations(page) == []


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_console(
    open_page: Callable[..., Page],
    log_in: Callable[[Page, str], None],
    violations: Callable[[Page], list[str]],
    size: str,
    *,
    elder: bool,
) -> None:
    page = open_page(size, elder=elder)
    log_in(page, "street")
    found = {}
    for address in CONSOLE:
        page.goto(f"/console/340722106{address}")
        found[address] = violations(page)
    assert not any(found.values()), found


@pytest.mark.parametrize("address", PORTAL)
@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_nothing_scrolls_sideways_at_320(open_page: Callable[..., Page], address: str, *, elder: bool) -> None:
    page = open_page("narrow", elder=elder)
    page.goto(address)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
