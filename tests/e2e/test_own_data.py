"""What somebody reads of themselves: what happened to their account, and a copy of what is kept of them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_person_reads_what_happened_and_takes_a_copy(
    open_page: Callable[..., Page],
    log_in: Callable[[Page, str], None],
    violations: Callable[[Page], list[str]],
    tmp_path: Path,
) -> None:
    page = open_page("phone")
    log_in(page, "neighbour")
    page.goto("/me")
    panel = page.get_by_role("region", name="账号记录")
    expect(panel.get_by_role("listitem").first).to_contain_text("登录")
    expect(panel.get_by_role("listitem").first).to_contain_text("您自己")
    assert violations(page) == []
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载一份").click()
    taken.value.save_as(tmp_path / "copy.json")
    assert taken.value.suggested_filename == "wuji-neighbour.json"
    found = json.loads((tmp_path / "copy.json").read_text(encoding="utf-8"))
    assert found["tables"]["wuji.account"][0]["login"] == "neighbour"
    page.reload()
    expect(panel.get_by_role("listitem").first).to_contain_text("取走了个人数据副本")
