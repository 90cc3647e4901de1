"""Exports that take a while: seen while they are made, stopped, begun again, and fetched later and elsewhere."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[[Page, str], None]
Ask = Callable[[Page], list[str]]
CITY = "/console/3407"
OURS = {"X-Wuji-Request": "1"}
JOURNAL = {"list": "journal.records", "format": "xlsx", "filters": {}}
LONG = 2000  # rows; the journal of a whole city has more
PATIENCE = 60_000  # milliseconds


def export_journal(page: Page) -> None:
    page.goto(f"{CITY}/journal")
    page.get_by_role("button", name="导出", exact=True).click()
    page.get_by_role("menuitem", name="CSV 文件").click()


def keep_busy(request: APIRequestContext, times: int) -> list[str]:
    """Exports of one person are made one after another: what is asked for now waits behind these. Returns their ids."""
    begun = [request.post("/api/v1/tenants/3407/exports", headers=OURS, data=JOURNAL) for _ in range(times)]
    assert {answer.status for answer in begun} == {202}
    return [answer.json()["id"] for answer in begun]


def test_a_long_list_is_fetched_after_a_reload_and_from_another_page(
    open_page: Open, log_in: LogIn, violations: Ask
) -> None:
    page = open_page()
    log_in(page, "city")
    export_journal(page)
    job = page.get_by_role("article", name="导出日志")
    expect(job).to_be_visible()
    page.reload()
    page.get_by_role("button", name=re.compile("^任务，")).click()
    expect(job.get_by_text("做好了")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(job).to_have_count(0)
    page.get_by_role("link", name="组织树").click()
    page.get_by_role("button", name=re.compile("^任务，")).click()
    with page.expect_download() as got:
        job.get_by_role("link", name="取文件").click()
    assert len(got.value.path().read_bytes().splitlines()) > LONG
    assert violations(page) == []
    page.get_by_role("link", name="全部任务").click()
    expect(page.get_by_role("heading", name="我的导出和任务")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="取文件").first).to_be_visible()
    assert violations(page) == []


def test_an_export_is_stopped_and_begun_again(open_page: Open, log_in: LogIn) -> None:
    page = open_page()
    log_in(page, "city")
    busy = keep_busy(page.request, 6)
    export_journal(page)
    job = page.get_by_role("article", name="导出日志")
    expect(job.get_by_role("progressbar")).to_be_visible()
    job.get_by_role("button", name="停下").click()
    expect(job.get_by_text("已停下")).to_be_visible(timeout=PATIENCE)
    job.get_by_role("button", name="再做一次").click()
    for one in busy:  # those that are made by now cannot be stopped any more
        assert page.request.post(f"/api/v1/me/jobs/{one}/cancel", headers=OURS).status in {200, 409}
    expect(job.get_by_text("做好了")).to_be_visible(timeout=PATIENCE)
    job.get_by_role("button", name="收起 导出日志").click()
    expect(page.get_by_role("button", name=re.compile("^任务，"))).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="日志", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^任务，"))).to_have_count(0)


def test_a_short_list_is_there_at_once(open_page: Open, log_in: LogIn) -> None:
    page = open_page()
    log_in(page, "street")
    page.goto("/console/340722106/accounts")
    page.get_by_role("button", name="导出", exact=True).click()
    with page.expect_download() as got:
        page.get_by_role("menuitem", name="CSV 文件").click()
    assert got.value.suggested_filename.endswith(".csv")
    expect(page.get_by_role("button", name=re.compile("^任务，"))).to_have_count(0)
