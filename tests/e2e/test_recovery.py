"""Somebody lost their phone: one official asks, the person is told, another official agrees, a new password lets them in."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import PASSWORD
from tests.e2e.test_factors import set_up

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
Enter = Callable[..., None]
VILLAGE = "340722106200"


def ask(page: Page, name: str) -> None:
    page.goto(f"/console/{VILLAGE}/accounts")
    page.get_by_role("row").filter(has_text=name).get_by_role("button", name=re.compile("操作|可以")).first.click()
    page.get_by_role("menuitem", name="两步验证丢了，找回账号").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="申请找回").click()
    expect(dialog.get_by_label("怎么核实的")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("怎么核实的").fill("本人到场，看过身份证")
    dialog.get_by_role("button", name="申请找回").click()
    expect(page.get_by_text(re.compile("已申请找回"))).to_be_visible()


def test_two_officials_let_somebody_in_again(
    open_page: Callable[..., Page], log_in: Enter, violations: Callable[[Page], list[str]]
) -> None:
    person = open_page("phone")
    log_in(person, "member")
    set_up(person, violations)
    name = person.get_by_role("heading", level=1).inner_text()

    first = open_page("desktop")
    log_in(first, "district")
    ask(first, name)
    person.reload()
    expect(person.get_by_role("button", name="不是我，停下")).to_be_visible()
    assert violations(person) == []

    second = open_page("laptop")
    log_in(second, "street")
    second.goto("/console/340722106/accounts/recoveries")
    row = second.get_by_role("row").filter(has_text=name)
    expect(row.get_by_text("等第二位同意")).to_be_visible()
    assert violations(second) == []
    row.get_by_role("button", name="同意").click()
    assert violations(second) == []
    second.get_by_role("dialog").get_by_role("button", name="同意").click()
    link = second.get_by_role("dialog").get_by_role("textbox").first.input_value()
    second.get_by_role("button", name=re.compile("交给")).click()
    expect(row.get_by_text("已办")).to_be_visible()

    person.goto(link)
    person.get_by_label("新密码").fill(PASSWORD)
    person.get_by_role("button", name="设好密码").click()
    expect(person.get_by_text("密码已经设好")).to_be_visible()
    log_in(person, "member")
