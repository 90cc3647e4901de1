"""A visitor's way through the portal: choose, home, search, narrow, read; on a phone, by keyboard alone, without a network."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.waiting import settle

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
TOWN = "/340722106"
FOUND = f"{TOWN}/search?q=水稻"
FIRST_LOAD = 115_000  # bytes
KEPT = """async () => {
  const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
  const requests = await Promise.all(caches_.map((cache) => cache.keys()))
  return requests.flat().map(({ url }) => new URL(url).pathname)
}"""


def test_from_a_place_by_pinyin_to_a_hit(open_page: Open) -> None:
    page = open_page("phone")
    page.goto("/")
    page.get_by_role("searchbox").fill("hengbuzhen")
    page.get_by_role("link", name="横埠镇").click()
    expect(page.locator(".p-place b")).to_have_text("横埠镇")
    expect(page.get_by_role("heading", name="本月农话")).to_be_visible()
    box = page.get_by_role("combobox", name="搜索内容和组织")
    box.fill("hsc")
    page.get_by_role("option", name="黄山村委会 横埠镇").click()
    expect(page).to_have_url(re.compile("/340722106200$"))
    box.fill("水稻")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1, name="找到")).to_be_visible()
    page.get_by_role("button", name="筛选").first.click()
    page.get_by_role("dialog").get_by_role("checkbox", name=re.compile("街镇")).check()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^看 .* 条$")).click()
    expect(page.get_by_role("button", name="去掉筛选：街镇")).to_be_visible()
    expect(page).to_have_url(re.compile("level=3"))
    page.go_back()
    expect(page.get_by_role("button", name="去掉筛选：街镇")).to_have_count(0)
    page.locator(".s-hit a").first.click()
    expect(page).to_have_url(re.compile("/x/agri_tips/tips/"))
    page.go_back()
    expect(page.locator(".s-hit").first).to_be_visible()


def test_by_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    page.goto(TOWN)
    box = page.get_by_role("combobox", name="搜索内容和组织")
    box.focus()
    page.keyboard.type("zongyang")
    expect(page.get_by_role("option", name="枞阳县").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.keyboard.press("Control+A")
    page.keyboard.type("水稻")
    page.keyboard.press("Enter")
    expect(page.locator(".s-hit").first).to_be_visible()
    facet = page.get_by_role("complementary", name="筛选").get_by_role("checkbox").first
    facet.focus()
    page.keyboard.press("Space")
    chip = page.get_by_role("button", name=re.compile("^去掉筛选"))
    expect(chip).to_be_visible()
    chip.focus()
    page.keyboard.press("Enter")
    expect(chip).to_have_count(0)


def test_the_app_opens_where_it_was_left(open_page: Open) -> None:
    page = open_page("phone")
    page.goto(TOWN)
    expect(page.locator(".p-place b")).to_have_text("横埠镇")
    page.goto("/?start=app")
    expect(page).to_have_url(re.compile(f"{TOWN}$"))
    page.goto("/")
    expect(page.get_by_role("link", name="回到横埠镇")).to_be_visible()
    bar = page.get_by_role("navigation", name="底部导航").get_by_role("link")
    expect(bar.first).to_have_text("首页")
    assert bar.count() <= 4


def test_large_type_has_four_services_in_one_column(open_page: Open) -> None:
    page = open_page("desktop", elder=True)
    page.goto(TOWN)
    tiles = page.locator(".p-svc > li")
    expect(tiles).to_have_count(4)
    boxes = [tile.bounding_box() for tile in tiles.all()]
    assert len({box["x"] for box in boxes}) == 1
    assert all(box["height"] >= 60 for box in boxes)


def test_without_a_network_a_page_says_so_calmly(open_page: Open) -> None:
    page = open_page("phone")
    page.goto(TOWN)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.get_by_role("heading", name="本月农话")).to_be_visible()
    kept = page.evaluate(KEPT)
    assert "/offline" in kept
    assert not [path for path in kept if path.startswith(("/api/", "/console"))]
    page.context.set_offline(True)
    page.goto(f"{TOWN}/search?q=x")
    expect(page.get_by_role("heading", level=1)).to_have_text("现在没有网络")
    page.context.set_offline(False)
    page.get_by_role("link", name="再试一次").click()
    expect(page.get_by_role("combobox", name="搜索内容和组织")).to_be_visible()


def test_the_language_chosen_here_is_that_of_the_first_word(open_page: Open) -> None:
    """The server knows it too: pages, what is not there, and what is said without a network."""
    page = open_page("phone")
    page.goto(TOWN)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for address in (TOWN, f"{TOWN}/x/agri_tips", "/login", "/340799999999"):
        sent = page.goto(address)
        assert sent is not None
        assert '<html lang="en">' in sent.text(), address
        expect(page.locator("html")).to_have_attribute("lang", "en")
    page.evaluate("navigator.serviceWorker.ready")
    page.goto(TOWN)
    settle(page)
    page.context.set_offline(True)
    page.goto(f"{TOWN}/search?q=x")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no network now")


def test_the_console_searches_from_anywhere(open_page: Open, log_in: Callable[[Page, str], None]) -> None:
    page = open_page()
    log_in(page, "street")
    page.goto(f"/console{TOWN}")
    expect(page.get_by_role("combobox")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("hsc")
    page.get_by_role("option", name="黄山村委会 横埠镇").click()
    expect(page).to_have_url(re.compile(f"/console{TOWN}/tree/340722106200$"))
    page.keyboard.press("/")
    page.keyboard.type("水稻")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/console{TOWN}/search"))
    expect(page.locator(".s-hit").first).to_be_visible()


@pytest.mark.parametrize("address", [FOUND, f"{FOUND}&level=3", f"{TOWN}/search", f"{TOWN}/search?q=没有这种东西"])
@pytest.mark.parametrize(("size", "elder"), [("phone", False), ("phone", True), ("desktop", False)])
def test_search_is_for_everybody(
    open_page: Open, violations: Callable[[Page], list[str]], address: str, size: str, *, elder: bool
) -> None:
    page = open_page(size, elder=elder)
    page.goto(address)
    assert violations(page) == []


@pytest.mark.parametrize("address", [TOWN, FOUND, "/3407"])
@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_nothing_scrolls_sideways_at_320(open_page: Open, address: str, *, elder: bool) -> None:
    page = open_page("narrow", elder=elder)
    page.goto(address)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_first_visit_is_small(open_page: Open) -> None:
    """Everything that the home of a village loads, as it is sent: page, program, styles, answers. What plugins say there comes
    in words: their catalogues wait for their pages.
    """
    page = open_page("phone")
    # what comes through a service worker is measured unpacked; it is registered after all this anyway
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.goto("/340722106200")
    settle(page)
    expect(page.get_by_role("heading", name="本月农话")).to_be_visible()
    sizes = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map(({name, encodedBodySize}) => [encodedBodySize, name])"
    )
    assert len(sizes) > 20
    assert not [name for _, name in sizes if "/locales/" in name]
    total = sum(size for size, _ in sizes)
    print(f"portal home: {total / 1000:.1f} kB in {len(sizes)} answers")  # noqa: T201 - the bar's number
    assert total <= FIRST_LOAD, sorted(sizes, reverse=True)[:10]


def test_a_tip_is_printed_without_what_is_pressed(open_page: Open) -> None:
    page = open_page("phone")
    page.goto(f"{TOWN}/x/agri_tips")
    settle(page)
    page.locator("#main .p-tip").first.click()
    useful = page.get_by_role("button", name="有用")
    expect(useful).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for pressed in (useful, page.get_by_role("navigation", name="底部导航"), page.get_by_role("button", name="长辈版")):
        expect(pressed).to_be_hidden()
