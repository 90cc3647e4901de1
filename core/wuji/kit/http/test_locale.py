"""Which language a reader is answered in."""

import pytest
from flask import Flask, g, request

from wuji.kit.http.locale import read_locale

PAGE, PROGRAM = "/3407", "/api/v1/tenants/3407"
CASES = {
    "what was chosen here": (PAGE, "en", "zh-CN,zh;q=0.9", "zh-CN", "en"),
    "a program says itself which it speaks": (PROGRAM, "en", "zh-CN", "en", "zh-CN"),
    "a cookie that says no language of ours": (PAGE, "fr", "en-GB", None, "en"),
    "what the browser prefers": (PAGE, None, "fr, en;q=0.8, zh;q=0.5", "zh-CN", "en"),
    "what the browser does not want": (PAGE, None, "en;q=0, zh-TW;q=0.1", "en", "zh-CN"),
    "the account's, where nobody says": (PROGRAM, None, "", "en", "en"),
    "Chinese, where nothing is known": (PAGE, None, "fr", "fr", "zh-CN"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_order_of_what_counts(case: str) -> None:
    path, cookie, accepted, account, locale = CASES[case]
    headers = {"Accept-Language": accepted, **({"Cookie": f"wuji-language={cookie}"} if cookie else {})}
    with Flask("probe").test_request_context(path, headers=headers):
        g.account_locale = account
        assert read_locale(request) == locale
