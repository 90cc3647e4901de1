"""The operator's page of what runs behind the pages."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import APIResponse, Page, expect

# A deployment that has just begun still follows all that its demo data wrote.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
Open = Callable[..., Page]
LogIn = Callable[[Page, str], None]
Ask = Callable[[Page], list[str]]
OURS = {"X-Wuji-Request": "1"}
ROOT = "/api/v1/tenants/9901"
PATIENCE = 120_000  # milliseconds


def say(head: Page, **said: object) -> None:
    """What the head of the root says of the plugin that can stumble."""
    rules = f"{ROOT}/plugin-rules"
    here = head.request.get(rules).json()["items"][0]["tenant"]["id"]
    tag = head.request.get(f"{rules}/{here}/probe").headers["etag"]
    answer = head.request.put(f"{rules}/{here}/probe", headers={**OURS, "If-Match": tag}, data=said)
    assert answer.status == 200, answer.text()


@pytest.fixture
def stumbled(open_page: Open, log_in: LogIn) -> Iterator[tuple[Page, APIResponse]]:
    """The head of a root, and the tenant whose name a handler does not take."""
    head = open_page()
    log_in(head, "other")
    say(head, rule="offer", on=True)
    made = head.request.post(
        f"{ROOT}/tenants", headers=OURS, data={"name": "绊一下", "code": "990188", "category": "territory"}
    )
    assert made.status == 201, made.text()
    yield head, made
    say(head, rule="inherit")


def test_a_record_that_was_set_aside_is_told_again(
    stumbled: tuple[Page, APIResponse], open_page: Open, log_in: LogIn, violations: Ask
) -> None:
    head, made = stumbled
    page = open_page()
    log_in(page, "operator")
    page.goto("/console/health")
    row = page.get_by_role("row").filter(has_text="probe.stumble")
    row.get_by_role("link", name="1").click(timeout=PATIENCE)
    aside = page.get_by_role("row").filter(has_text="the probe knows no such name")
    expect(aside).to_be_visible()
    assert violations(page) == []
    aside.get_by_role("button", name="再做一次").click()
    expect(page.get_by_text("这条记录正在再做一次。")).to_be_visible()
    expect(aside.get_by_role("cell", name="2", exact=True)).to_be_visible(timeout=PATIENCE)
    renamed = head.request.put(
        f"{ROOT}/tenants/{made.json()['id']}/name",
        headers={**OURS, "If-Match": made.headers["etag"]},
        data={"name": "站得稳"},
    )
    assert renamed.status == 200, renamed.text()
    aside.get_by_role("button", name="再做一次").click(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="没有放在一边的记录")).to_be_visible(timeout=PATIENCE)


def test_a_consumer_is_held_and_goes_on(open_page: Open, log_in: LogIn, violations: Ask) -> None:
    page = open_page()
    log_in(page, "operator")
    page.goto("/console/health")
    row = page.get_by_role("row").filter(has_text="search.follow")
    row.get_by_role("button", name="暂停").click()
    expect(row.get_by_text("已暂停")).to_be_visible()
    assert violations(page) == []
    row.get_by_role("button", name="恢复").click()
    expect(row.get_by_text("已暂停")).to_have_count(0)


def test_a_pack_is_tried_then_applied(open_page: Open, log_in: LogIn, violations: Ask) -> None:
    head = open_page()
    log_in(head, "other")
    found = next(one for one in head.request.get(f"{ROOT}/tenants").json()["items"] if one["code"] != "990188")
    tag = head.request.get(f"{ROOT}/tenants/{found['id']}").headers["etag"]
    named = head.request.put(
        f"{ROOT}/tenants/{found['id']}/name", headers={**OURS, "If-Match": tag}, data={"name": "改错的名字"}
    )
    assert named.status == 200, named.text()
    page = open_page()
    log_in(page, "operator")
    page.goto("/console/health/packs")
    card = page.get_by_role("region", name="示例市")
    card.get_by_role("button", name="试算").click()
    expect(card.get_by_text(f"改 1 个组织的名称：{found['name']}。")).to_be_visible(timeout=PATIENCE)
    assert violations(page) == []
    card.get_by_role("button", name="应用").click()
    expect(card.get_by_text("改了这些：")).to_be_visible(timeout=PATIENCE)
    expect(card.get_by_role("button", name="应用")).to_have_count(0)
    assert head.request.get(f"{ROOT}/tenants/{found['id']}").json()["name"] == found["name"]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_part_of_the_page_can_be_read(open_page: Open, log_in: LogIn, violations: Ask, size: str) -> None:
    page = open_page(size)
    log_in(page, "operator")
    for part in ("", "/set-aside", "/failed", "/schedules", "/packs"):
        page.goto(f"/console/health{part}")
        expect(page.get_by_role("heading", level=1, name="运行")).to_be_visible()
        expect(page.get_by_role("main").locator(".w-table, .w-card").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        assert violations(page) == []
    expect(page.get_by_role("link", name=re.compile("^租户包"))).to_have_attribute("aria-current", "page")
