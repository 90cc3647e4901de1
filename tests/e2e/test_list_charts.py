"""Any list as a chart: one press away, of its rows as they are filtered, in the address, and as a table and a file."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[[Page, str], None]


def test_a_list_becomes_a_chart_and_a_table_of_numbers(
    open_page: Open, log_in: LogIn, violations: Callable[[Page], list[str]]
) -> None:
    page = open_page("narrow")
    log_in(page, "street")
    page.goto("/console/340722106/accounts?state=live")
    page.get_by_role("button", name="图表", exact=True).click()
    page.wait_for_url(re.compile("state=live&view=chart"))
    expect(page.get_by_label("按哪一列数")).to_have_value("role")
    expect(page.get_by_role("img", name=re.compile("账号与授权"))).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="表", exact=True).click()
    expect(page.get_by_role("rowheader", name="负责人")).to_be_visible()
    page.get_by_role("button", name="带走“账号与授权”").click()
    with page.expect_download() as got:
        page.get_by_role("menuitem", name="存数据（CSV）").click()
    assert "负责人" in got.value.path().read_text(encoding="utf-8-sig")
    page.reload()
    page.get_by_label("按哪一列数").select_option(label="授予时间")
    page.get_by_role("button", name="按年").click()
    page.wait_for_url(re.compile("by=given_at&per=year"))
    page.get_by_role("button", name="列表", exact=True).click()
    expect(page.get_by_role("rowheader").first).to_be_visible()
