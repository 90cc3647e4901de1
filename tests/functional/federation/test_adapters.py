"""Logging in with WeChat, WeCom, DingTalk, its government edition and Feishu; errors are errors, whatever their status is."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import pytest
from tests.functional.federation.systems import APP, SECRET, Systems

from wuji.identity.federation.adapters import KINDS

NAMES = ["wechat", "wecom", "dingtalk", "zwdd", "feishu"]
BASES = {kind.name: kind.base for kind in KINDS}
CODES = {kind.name: kind.code for kind in KINDS}


@pytest.fixture
def systems() -> Iterator[tuple[Systems, str]]:
    made = Systems()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.tell(dict(parse_qsl(urlsplit(self.path).query)))

        def do_POST(self) -> None:
            self.tell(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def tell(self, asked):
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, kind, said = made.answer(self.command, urlsplit(self.path).path, asked, headers)
            body = json.dumps(said, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def joined(coming, base, kind, **asked):
    usual = {"kind": kind, "client_id": APP, "client_secret": SECRET, "extra": "100001", "admits": "residents"}
    return coming.provider(base, "village", **{**usual, **asked})


def agree(made, location, kind):
    """The person says yes there; what the browser comes back with."""
    asked = dict(parse_qsl(urlsplit(location).query))
    code = token_urlsafe(9)
    made.codes.add(code)
    return {CODES[kind]: code, "state": asked["state"]}


@pytest.mark.parametrize("kind", NAMES)
def test_people_come_in(coming, systems, kind):
    """The same person is the same account the second time; another one is another."""
    made, base = systems
    provider = joined(coming, base, kind)
    accounts = []
    for union, member in (("u-1", "zhangsan"), ("u-1", "zhangsan"), ("u-2", "lisi")):
        made.person |= {"union": union, "member": member}
        browser = coming.browser()
        assert coming.back(browser, provider, agree(made, coming.go(browser, provider, "/me"), kind)) == "/me"
        assert coming.me(browser)["name"] == "张三"
        accounts.append(coming.account_of(browser))
    assert accounts[0] == accounts[1] != accounts[2]
    known = coming.world.run("select iss from wuji.external_identity where account_id = %s", accounts[0]).fetchall()
    assert [iss.startswith(f"{kind}:{urlsplit(base).netloc}:") for (iss,) in known] == [True]


@pytest.mark.parametrize("kind", NAMES)
def test_an_error_is_one_whatever_its_status_says(coming, systems, word, kind):
    """A code that was used, a wrong secret, and an answer without anybody in it."""
    made, base = systems
    provider = joined(coming, base, kind)
    browser = coming.browser()
    answer = agree(made, coming.go(browser, provider), kind)
    made.codes.clear()
    assert word(coming.back(browser, provider, answer)) == "external_failed"
    wrong = joined(coming, base, kind, client_secret="wrong")
    assert word(coming.back(browser, wrong, agree(made, coming.go(browser, wrong), kind))) == "external_failed"
    made.person |= {"union": "", "member": ""}
    assert word(coming.back(browser, provider, agree(made, coming.go(browser, provider), kind))) == "external_failed"
    assert coming.me(browser) is None


@pytest.mark.parametrize("kind", NAMES)
def test_who_does_not_agree_comes_back_without_a_code(coming, systems, word, kind):
    made, base = systems
    provider = joined(coming, base, kind)
    browser = coming.browser()
    answer = agree(made, coming.go(browser, provider), kind)
    del answer[CODES[kind]]
    assert word(coming.back(browser, provider, answer)) == "external_refused"


def test_a_company_is_asked_for_its_token_once_and_again_when_it_is_taken_back(coming, systems):
    made, base = systems
    provider = joined(coming, base, "wecom", client_secret=SECRET)
    for company, given in (("company-1", 1), ("company-1", 1), ("company-2", 2)):
        made.company = company
        browser = coming.browser()
        assert coming.back(browser, provider, agree(made, coming.go(browser, provider, "/me"), "wecom")) == "/me"
        assert made.given == given


def test_the_same_name_elsewhere_is_somebody_else(coming, systems, word):
    """Whoever runs a gateway of their own can say what they like of people, but never speaks for those of another one."""
    made, base = systems
    honest = joined(coming, base, "zwdd")
    browser = coming.browser()
    coming.back(browser, honest, agree(made, coming.go(browser, honest, "/me"), "zwdd"))
    elsewhere = joined(coming, base.replace("127.0.0.1", "localhost"), "zwdd", admits="linked")
    other = coming.browser()
    answer = agree(made, coming.go(other, elsewhere), "zwdd")
    assert word(coming.back(other, elsewhere, answer)) == "external_unknown"


@pytest.mark.parametrize("kind", NAMES)
def test_is_set_up_over_the_api(coming, kind):
    head, path = coming.browser("official@street"), f"/tenants/{coming.world.code['street']}/login-providers"
    asked = {
        "kind": kind,
        "name": "扫码登录",
        "client_id": APP,
        "client_secret": SECRET,
        "admits": "linked",
        "extra": "1",
    }
    made = coming.api(head, "POST", path, json=asked)
    if not BASES[kind]:
        assert made.json["errors"][0]["pointer"] == "#/issuer"
        made = coming.api(head, "POST", path, json={**asked, "issuer": "https://zwdd.example.gov.cn"})
    assert made.status_code == 201
    assert made.json["issuer"] == (BASES[kind] or "https://zwdd.example.gov.cn")
    found = coming.api(head, "GET", path).json
    assert {one["name"] for one in found["kinds"]} >= {"oidc", *NAMES}
    untried = coming.api(head, "POST", f"{path}/{made.json['id']}/check")
    assert (untried.status_code, untried.json["type"].rpartition(":")[2]) == (409, "identity.login_kind_untried")
    location = coming.go(coming.browser(), made.json["id"])
    assert "https" in location
    assert SECRET not in location


def test_a_kind_that_nobody_knows_is_said(coming):
    head, path = coming.browser("official@street"), f"/tenants/{coming.world.code['street']}/login-providers"
    asked = {"kind": "saml", "name": "x", "client_id": "x", "admits": "linked", "issuer": "https://id.example"}
    answer = coming.api(head, "POST", path, json=asked)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/kind")
