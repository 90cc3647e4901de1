"""A kind of login that a plugin brings: offered, set up, and logged in with."""

import json

import pytest

BEFORE = """
from urllib.parse import urlencode

def authorize(joined, back, state):
    return f"{joined.base}/login?" + urlencode({"app": joined.client_id, "back": back, "state": state})

def identify(joined, caller, code):
    if code != "good":
        raise LoginFailedError("county: no such ticket")
    return Recognised(realm="all", sub=f"{joined.client_id}-7", name="李四")
"""
HOOKS = """
@hook
def wuji_login_kinds(self):
    return (LoginKind(name="county", base="https://id.county.example", authorize=authorize, identify=identify, code="ticket"),)
"""
TEXTS = json.dumps({"login_kind": {"county": "County login"}})


@pytest.fixture
def county(coming, workshop, serve):
    """The name of the kind."""
    name = workshop.write(HOOKS, before=BEFORE, texts=TEXTS)
    plugins = workshop.load()
    assert plugins.quarantined == ()
    coming.app = serve(plugins, mode="development")
    return f"{name}.county"


def test_is_offered_set_up_and_used(coming, county, word):
    head, path = coming.browser("official@village"), f"/tenants/{coming.world.code['village']}/login-providers"
    assert {"name": county, "label": "County login", "base": "https://id.county.example"} in coming.api(
        head, "GET", path
    ).json["kinds"]
    asked = {"kind": county, "name": "县登录", "client_id": "wuji", "admits": "residents"}
    made = coming.api(head, "POST", path, json=asked)
    assert made.status_code == 201, made.text
    browser = coming.browser()
    for ticket, there in (("bad", "external_failed"), ("good", "")):
        location = coming.go(browser, made.json["id"], "/me")
        assert location.startswith("https://id.county.example/login?app=wuji&")
        state = location.rpartition("=")[2]
        assert word(coming.back(browser, made.json["id"], {"state": state, "ticket": ticket})) == there
    assert coming.me(browser)["name"] == "李四"


def test_one_whose_plugin_is_gone_is_said(coming, word):
    provider = coming.provider("https://id.county.example", kind="gone.county")
    browser = coming.browser()
    assert word(coming.get(browser, f"/login/with/{provider}").location) == "external_failed"
