"""A place asks its officials for two factors, and for one duty each: they are told where they work, set one up, and go on."""

from collections.abc import Callable
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import PASSWORD
from tests.e2e.test_factors import set_up

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
STREET, GRID = "340722106", "340722106200001"
POLICY = f"/api/v1/tenants/{GRID}/settings/identity.policy"


def change_policy(page: Page, strict: bool) -> None:  # noqa: FBT001 - on or off
    asked = page.request.get(POLICY)
    headers = {"X-Wuji-Request": "1", "If-Match": asked.headers["etag"]}
    body = {"mode": "set", "value": "dengbao3"}
    done = (
        page.request.put(POLICY, headers=headers, data=body) if strict else page.request.delete(POLICY, headers=headers)
    )
    assert done.ok, done.text()


def bring_in_security(above: Page, page: Page) -> str:
    """Whoever may loosen the policy again, as a head may not; returns their login."""
    login, ours = f"sec{token_hex(4)}", {"X-Wuji-Request": "1"}
    person = {"login": login, "name": "安全员老陈", "role": "security_admin"}
    made = above.request.post(f"/api/v1/tenants/{STREET}/accounts", headers=ours, data=person)
    assert made.ok, made.text()
    given = {"token": made.json()["link"].rpartition("#")[2], "password": PASSWORD}
    assert page.request.post("/api/v1/one-time-links/redeem", headers=ours, data=given).ok
    return login


def forget(page: Page) -> None:
    """Gives the second step up again."""
    page.goto("/me")
    page.get_by_role("listitem").filter(has_text="我的手机").get_by_role("button", name="移除").click()
    page.get_by_role("dialog").get_by_label("现在的密码").fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="移除").click()
    expect(page.get_by_role("button", name="设置两步验证")).to_be_visible()


def test_an_official_is_told_what_is_missing_and_goes_on(
    open_page: Callable[..., Page], log_in: Callable[[Page, str], None], violations: Callable[[Page], list[str]]
) -> None:
    above, security = open_page("desktop"), open_page("desktop")
    log_in(above, "street")
    set_up(above, violations)
    log_in(security, bring_in_security(above, security))
    set_up(security, violations)
    change_policy(above, strict=True)
    try:
        page = open_page("laptop")
        log_in(page, "grid")
        page.goto(f"/console/{GRID}/accounts")
        expect(page.get_by_role("dialog").get_by_role("heading", name="这里要求两步验证")).to_be_visible()
        assert violations(page) == []
        page.get_by_role("button", name="去设置").click()
        page.wait_for_url("**/me")
        set_up(page, violations)
        page.goto(f"/console/{GRID}/accounts")
        expect(page.get_by_role("rowheader", name="黄山村第一网格负责人")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("link", name="账号与授权")).to_be_visible()
        expect(page.get_by_role("link", name="日志")).to_have_count(0)  # the audit is another one's
    finally:
        change_policy(security, strict=False)
    forget(page)
    forget(above)
