"""Lists on a phone: every row a card, and to whoever hears it still a table; and what a list of grants says of people."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[[Page, str], None]
OURS = {"X-Wuji-Request": "1"}
TOWN = "/console/340722106"
LISTS = {
    f"{TOWN}/accounts": 7,
    f"{TOWN}/journal": 5,
    f"{TOWN}/tree": 4,
    f"{TOWN}/me/sessions": 5,
    f"{TOWN}/x/agri_tips?state=published": 5,
}
OVERFLOW = "[...document.querySelectorAll('.w-tablewrap')].map((box) => box.scrollWidth - box.clientWidth)"


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_on_a_phone_rows_are_cards_and_still_rows(
    open_page: Open, log_in: LogIn, violations: Callable[[Page], list[str]], locale: str, *, elder: bool
) -> None:
    page = open_page("narrow", elder=elder)
    log_in(page, "street")
    page.context.add_cookies([{"name": "wuji-language", "value": locale, "url": page.url}])
    for address, least in LISTS.items():
        page.goto(address)
        table = page.get_by_role("table")
        expect(table.get_by_role("rowheader").first).to_be_visible()
        assert table.get_by_role("columnheader").count() >= least - 1, address
        row = table.get_by_role("row").nth(1)
        cells = row.get_by_role("cell").count() + row.get_by_role("rowheader").count()
        assert cells == table.get_by_role("columnheader").count(), address
        assert page.evaluate(OVERFLOW) == [0], address
        assert violations(page) == []


def test_a_phone_sorts_by_the_same_heads(open_page: Open, log_in: LogIn) -> None:
    page = open_page("narrow")
    log_in(page, "street")
    page.goto(f"{TOWN}/accounts")
    head = page.get_by_role("columnheader", name="姓名")
    head.get_by_role("button").click()
    page.wait_for_url(re.compile("sort=account_name"))
    expect(head).to_have_attribute("aria-sort", "ascending")


def test_a_card_begins_with_its_name_wherever_that_column_stands(open_page: Open, log_in: LogIn) -> None:
    page = open_page("narrow")
    log_in(page, "street")
    page.goto(f"{TOWN}/journal")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader")).first
    expect(row).to_be_visible()
    tops = row.evaluate("row => ['th', 'td'].map((kind) => row.querySelector(kind).getBoundingClientRect().top)")
    assert tops[0] < tops[1]


def test_a_suspended_account_is_seen_in_the_list_of_grants(open_page: Open, log_in: LogIn) -> None:
    page = open_page()
    log_in(page, "community")
    here = "/api/v1/tenants/340722106200"
    found = page.request.get(f"{here}/grants?role=member").json()["items"][0]
    state = f"{here}/accounts/{found['account_id']}/state"

    def put(wanted: str) -> None:
        tag = page.request.get(state).headers["etag"]
        answer = page.request.put(state, headers={**OURS, "If-Match": tag}, data={"state": wanted})
        assert answer.status == 200, answer.text()

    put("suspended")
    try:
        page.goto("/console/340722106200/accounts")
        row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=found["account_name"]))
        expect(row.locator(".w-tag").filter(has_text="账号停用")).to_be_visible()
        expect(row.locator(".w-tag svg")).to_be_visible()
        page.get_by_role("link", name=re.compile("^账号停用")).click()
        page.wait_for_url(re.compile("account_state=suspended"))
        expect(page.get_by_role("rowheader")).to_have_text([found["account_name"]])
    finally:
        put("active")
