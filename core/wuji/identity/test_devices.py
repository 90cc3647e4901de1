"""What devices are called."""

import pytest

from wuji.identity.devices import name_device

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0.0.0 Safari/537.36", "Chrome · Windows"),
        (f"{MOZILLA} (Windows NT 10.0) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15) {WEBKIT} Version/18 Safari/605.1", "Safari · Mac"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) {WEBKIT} Safari/604.1", "Safari · iPhone"),
        (f"{MOZILLA} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        (f"{MOZILLA} (Linux; Android 14) {WEBKIT} Chrome/120 Mobile Safari MicroMessenger/8.0", "WeChat · Android"),
        (f"{MOZILLA} (Phone; OpenHarmony 5.0) {WEBKIT} HuaweiBrowser/5.0 Mobile", "Huawei · HarmonyOS"),
        ("python-requests/2.32", ""),
        ("curl (Linux)", "Linux"),
        ("", ""),
        ("\x00<script>" * 1000, ""),
    ],
)
def test_names(user_agent: str, name: str) -> None:
    assert name_device(user_agent) == name
