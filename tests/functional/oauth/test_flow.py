"""A stock program, a person, a browser without JavaScript: from the first address to the tokens."""

import re

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from .conftest import ALL, BACK, BASE, WORDS, told


def id_claims(oauth, token):
    keys = KeySet.import_key_set(oauth.app.test_client().get("/oauth/jwks").json)
    return jwt.decode(token, keys, algorithms=["ES256", "RS256"])


def test_who_is_not_logged_in_logs_in_decides_and_goes_back(oauth):
    program, browser = oauth.program(), oauth.browser()
    login = oauth.give_password("resident")
    page = oauth.get(browser, "/oauth/authorize", program.params())
    assert page.status_code == 200
    assert "邻里通 App asks who you are" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert policy.split("form-action")[1:] == [
        " 'self' https://app.example"
    ]  # a browser asks it of where a form leads, too
    assert page.headers["Referrer-Policy"] == "no-referrer"
    wrong = oauth.submit(browser, page, login=login, password="nothing like it")
    assert wrong.status_code == 401
    assert "Login or password is wrong" in wrong.text
    assert f'value="{login}"' in wrong.text
    consent = oauth.submit(browser, wrong, login=login, password=WORDS)
    assert consent.status_code == 200, consent.text
    assert "Your name and language" in consent.text
    assert "app.example" in consent.text
    answer = told(oauth.submit(browser, consent, decision="allow", tenant=oauth.world.code["village"]))
    assert (answer["state"], answer["iss"]) == ("状态 1", BASE)
    assert program.redeem(answer["code"]).status_code == 200


def test_the_tokens_say_who_and_how(oauth):
    program = oauth.program()
    tokens = program.redeem(oauth.allow(program)["code"])
    assert tokens.headers["Cache-Control"] == "no-store"
    plain = {name: tokens.json[name] for name in ("token_type", "expires_in", "scope")}
    assert plain == {"token_type": "Bearer", "expires_in": 600, "scope": "openid profile tenant"}
    read = id_claims(oauth, tokens.json["id_token"])
    assert read.header["alg"] == "ES256"
    claims = read.claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (BASE, program.client_id, "n-1")
    assert claims["sub"] == str(oauth.world.account["resident"])
    assert claims["acr"] == "urn:wuji:acr:1"
    assert claims["exp"] - claims["iat"] == 600
    assert {"auth_time", "sid", "amr", "at_hash"} <= claims.keys()
    assert "name" not in claims  # it is for userinfo
    known = oauth.call(tokens.json["access_token"], "/oauth/userinfo").json
    assert (known["sub"], known["name"], known["locale"]) == (claims["sub"], "resident", "zh-CN")
    assert known["tenant"]["code"] == oauth.world.code["village"]


def test_what_was_allowed_before_is_not_asked_again(oauth):
    program, browser = oauth.program(), oauth.browser("resident")
    oauth.allow(program)
    assert "code" in told(oauth.get(browser, "/oauth/authorize", program.params()))
    assert "code" in told(oauth.get(browser, "/oauth/authorize", program.params(prompt="none")))
    more = oauth.get(browser, "/oauth/authorize", program.params(scope=ALL))
    assert more.status_code == 200
    assert "Do in your name" in more.text
    again = oauth.get(browser, "/oauth/authorize", program.params(prompt="consent"))
    assert again.status_code == 200


def test_no_is_an_answer(oauth):
    program, browser = oauth.program(), oauth.browser("resident")
    page = oauth.get(browser, "/oauth/authorize", program.params())
    answer = told(oauth.submit(browser, page, decision="deny"))
    assert (answer["error"], answer["state"], answer["iss"]) == ("access_denied", "状态 1", BASE)
    assert not oauth.world.run("select from wuji.oauth_consent where client_id = %s", program.id).fetchall()


def test_nobody_is_shown_a_page_where_the_program_wants_none(oauth):
    program = oauth.program()
    nobody = oauth.get(oauth.browser(), "/oauth/authorize", program.params(prompt="none"))
    assert told(nobody)["error"] == "login_required"
    undecided = oauth.get(oauth.browser("resident"), "/oauth/authorize", program.params(prompt="none"))
    assert told(undecided)["error"] == "consent_required"


@pytest.mark.parametrize("wish", [{"prompt": "login"}, {"max_age": "0"}, {"prompt": "select_account"}])
def test_who_must_prove_themselves_again_does_so_once(oauth, wish):
    program, login = oauth.program(), oauth.give_password("resident")
    oauth.allow(program)
    browser = oauth.browser("resident")
    oauth.world.run(
        "update wuji.account_session set auth_time = now() - interval '1 hour' where account_id = %s",
        oauth.world.account["resident"],
    )
    page = oauth.get(browser, "/oauth/authorize", program.params(**wish))
    assert 'name="password"' in page.text
    answer = told(oauth.submit(browser, page, login=login, password=WORDS))
    assert "code" in answer
    assert program.redeem(answer["code"]).status_code == 200


def test_a_program_that_knows_whom_it_expects(oauth):
    program = oauth.program()
    hint = program.tokens()["id_token"]
    same = oauth.get(oauth.browser("resident"), "/oauth/authorize", program.params(id_token_hint=hint, prompt="none"))
    assert "code" in told(same)
    other = oauth.get(oauth.browser("neighbour"), "/oauth/authorize", program.params(id_token_hint=hint, prompt="none"))
    assert told(other)["error"] == "login_required"
    forged = hint[:-8] + "AAAAAAAA"
    bad = oauth.get(oauth.browser("resident"), "/oauth/authorize", program.params(id_token_hint=forged))
    assert told(bad)["error"] == "invalid_request"


def test_a_request_may_come_as_a_form(oauth):
    program, browser = oauth.program(), oauth.browser("resident")
    sent = browser.post(
        "/oauth/authorize",
        data=program.params(),
        headers={"Origin": "https://app.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert sent.status_code == 303
    assert "asks for your permission" in oauth.get(browser, sent.location).text


WRONG = {
    "no response_type": ({"response_type": None}, "invalid_request"),
    "a token at once": ({"response_type": "token"}, "unsupported_response_type"),
    "no challenge": ({"code_challenge": None}, "invalid_request"),
    "plain": ({"code_challenge_method": "plain"}, "invalid_request"),
    "method left out": ({"code_challenge_method": None}, "invalid_request"),
    "no scope": ({"scope": None}, "invalid_scope"),
    "a scope of nobody": ({"scope": "root"}, "invalid_scope"),
    "request object": ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
    "request by address": ({"request_uri": "https://evil.example/"}, "request_uri_not_supported"),
    "registration": ({"registration": "{}"}, "registration_not_supported"),
    "fragment": ({"response_mode": "fragment"}, "invalid_request"),
    "two prompts": ({"prompt": "none login"}, "invalid_request"),
    "a prompt of nobody": ({"prompt": "shout"}, "invalid_request"),
    "an age of words": ({"max_age": "yesterday"}, "invalid_request"),
    "claims that are none": ({"claims": "{"}, "invalid_request"),
    "another resource": ({"resource": "https://other.example/api"}, "invalid_target"),
    "a long nonce": ({"nonce": "n" * 1001}, "invalid_request"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_program_is_told_what_is_wrong(oauth, case):
    more, error = WRONG[case]
    answer = told(oauth.get(oauth.browser("resident"), "/oauth/authorize", oauth.program().params(**more)))
    assert (answer["error"], answer["iss"], answer["state"]) == (error, BASE, "状态 1")
    assert answer["error_description"].isascii()


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/", BACK + "/", BACK + "?x=1", BACK + "#f", "https://app.example@evil.example/back",
        "javascript:alert(1)", "", "//app.example/back", "http://app.example/back",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_an_address_that_is_not_registered(oauth, address):
    answer = oauth.get(oauth.browser("resident"), "/oauth/authorize", oauth.program().params(redirect_uri=address))
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_an_unknown_program_and_a_removed_one_are_the_same(oauth):
    program = oauth.program()
    oauth.world.run("update wuji.oauth_client set revoked_at = now() where id = %s", program.id)
    for params in (program.params(), program.params(client_id="wuji_nobody"), program.params(client_id=None)):
        answer = oauth.get(oauth.browser("resident"), "/oauth/authorize", params)
        assert (answer.status_code, answer.json["type"]) == (400, "urn:wuji:problem:identity.oauth_unknown_client")


@pytest.mark.parametrize("query", ["client_id=a&client_id=b", "state=%00", "state=" + "x" * 9000, "client_id=%ff"])
def test_what_cannot_be_read_is_a_page_that_says_so(oauth, query):
    answer = oauth.browser().get(f"/oauth/authorize?{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert answer.mimetype == "text/html"


def test_another_sites_form_decides_nothing(oauth):
    program, browser = oauth.program(), oauth.browser("resident")
    page = oauth.get(browser, "/oauth/authorize", program.params())
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    for headers, sent in (
        ({"Origin": "https://evil.example"}, hidden),
        ({"Sec-Fetch-Site": "cross-site"}, hidden),
        ({}, {**hidden, "_csrf": "1.x"}),
        ({}, {"request": hidden["request"]}),
    ):
        answer = browser.post("/oauth/consent", data={**sent, "decision": "allow"}, headers=headers)
        assert answer.status_code == 403
    foreign = oauth.browser("resident").post("/oauth/consent", data={**hidden, "decision": "allow"})
    assert foreign.status_code == 403  # of another browser


@pytest.mark.parametrize("sealed", ["", "AAAA", "ä", "A" * 9000])
def test_a_request_that_is_not_ours_is_none(oauth, sealed):
    assert oauth.browser().get("/oauth/login", query_string={"request": sealed}).status_code == 400
    assert oauth.browser().get("/oauth/authorize", query_string={"continue": sealed or "x"}).status_code == 400


def test_a_place_that_is_not_the_persons_is_not_taken(oauth):
    program, browser = oauth.program(), oauth.browser("resident")
    page = oauth.get(browser, "/oauth/authorize", program.params())
    assert oauth.submit(browser, page, decision="allow", tenant=oauth.world.code["sibling"]).status_code == 404
    assert re.findall(r'name="tenant" value="([^"]+)"', page.text) == [oauth.world.code["village"]]


def test_an_official_above_lets_it_act_at_the_programs_tenant(oauth):
    page = oauth.get(oauth.browser("official@city"), "/oauth/authorize", oauth.program("village").params())
    assert re.findall(r'name="tenant" value="([^"]+)"', page.text) == [oauth.world.code["village"]]


def test_the_page_speaks_chinese_too(oauth):
    program = oauth.program()
    answer = oauth.browser("resident").get(
        "/oauth/authorize", query_string=program.params(), headers={"Accept-Language": "zh-CN"}
    )
    assert "请求您的授权" in answer.text
