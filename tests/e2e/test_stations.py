"""Service stations: from registering one, over a device that counts, to the number that moves; and what residents see of it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LogIn = Callable[[Page, str], None]
Violations = Callable[[Page], list[str]]

VILLAGE = "340722106200"
CONSOLE, PORTAL = f"/console/{VILLAGE}/x/station_watch", f"/{VILLAGE}/x/station_watch"
MINUTE = 75_000  # alarms are looked for once a minute


def register_station(page: Page, name: str) -> None:
    """Open day and night, whatever time it is: a day is typed once and copied."""
    page.goto(f"{CONSOLE}/stations/new")
    page.get_by_label("名称", exact=True).fill(name)
    page.get_by_label("可容纳人数").fill("30")
    page.get_by_role("button", name="周一开放").click()
    page.get_by_label("周一开门").fill("00:00")
    page.get_by_label("周一关门").fill("00:00")
    page.get_by_role("button", name="把周一抄到别的日子").click()
    page.get_by_role("menuitem", name="抄到每一天").click()
    expect(page.get_by_text("周一至周日 0:00–24:00。每周共 168 小时。")).to_be_visible()
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile(rf"{CONSOLE}/stations/[0-9a-f-]{{36}}$"))


def register_device(page: Page) -> str:
    """The token, which is shown this once."""
    page.get_by_role("button", name="登记设备").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("名称").fill("1 号计数器 正门")
    dialog.get_by_label("类型").select_option(label="在场计数")
    dialog.get_by_role("button", name="登记，看口令").click()
    token = dialog.get_by_label("口令", exact=True).input_value()
    assert token in dialog.get_by_label("试一次上报").input_value()
    dialog.get_by_role("button", name="已经记下，关掉").click()
    return token


def push(base_url: str, token: str, present: int) -> None:
    """As a device does it: HTTP and its token, nothing else."""
    at = datetime.now(UTC).isoformat()
    body = {"sent_at": at, "readings": [{"measure": "present", "at": at, "value": present}]}
    request = Request(  # noqa: S310 - our own address
        f"{base_url}/api/v1/tenants/{VILLAGE}/station_watch/readings",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urlopen(request) as answer:  # noqa: S310 - our own address
        assert json.load(answer)["accepted"] == 1


def add_rule(page: Page) -> None:
    page.goto(f"{CONSOLE}/rules")
    page.get_by_role("button", name="加一条规则").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name=re.compile("人数过多")).check()
    dialog.get_by_label("持续多少分钟").fill("0")
    expect(dialog.get_by_text("在站人数到容量的 100% 就告警")).to_be_visible()
    dialog.get_by_role("button", name="保存规则").click()
    expect(page.get_by_role("rowheader", name="在站人数到容量的 100% 就告警").first).to_be_visible()


def test_a_device_counts_and_somebody_takes_the_alarm(
    open_page: Open, log_in: LogIn, violations: Violations, base_url: str
) -> None:
    page, name = open_page(), f"试验驿站{uuid4().hex[:6]}"
    log_in(page, "community")
    add_rule(page)
    register_station(page, name)
    token = register_device(page)
    push(base_url, token, 12)
    gauge = page.locator(".w-gauge")
    expect(gauge).to_contain_text("12")
    push(base_url, token, 33)
    expect(gauge).to_contain_text("33")
    alarm = page.get_by_role("listitem").filter(has_text="在站人数到容量的 110%")
    page.get_by_role("link", name="逐刻钟看，导出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("刻钟记录")
    expect(page.locator("tbody tr").first).to_contain_text("33")
    assert violations(page) == []
    page.go_back()
    alarm.get_by_role("button", name="我来处理").click(timeout=MINUTE)
    page.get_by_role("dialog").get_by_role("button", name="我来处理").click()
    expect(alarm).to_contain_text("在处理")
    assert violations(page) == []


def test_a_resident_sees_how_busy_a_station_is_without_a_count(open_page: Open, violations: Violations) -> None:
    page = open_page("phone", elder=True)
    page.goto(PORTAL)
    row = page.locator(".sw-row").filter(has=page.get_by_role("link", name="黄山驿站", exact=True))
    expect(row).to_contain_text("歇脚")
    assert violations(page) == []
    row.get_by_role("link", name="黄山驿站", exact=True).click()
    expect(page.locator("#main").get_by_role("heading", level=1)).to_have_text("黄山驿站")
    expect(page.get_by_role("heading", name="开放时间")).to_be_visible()
    expect(page.locator("#main")).not_to_contain_text(re.compile(r"\d+ 人在"))
    assert violations(page) == []
