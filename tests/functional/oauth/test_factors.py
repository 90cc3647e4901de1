"""People with a second step come to a program: asked on the same plain pages, and only where it is wanted."""

from time import time
from uuid import uuid4

import pytest
from pyotp import TOTP

from wuji.identity.factors.services.factors import PURPOSE
from wuji.kit.sealing import Vault
from wuji.testing.factors_operations import SECRET

from .conftest import WORDS, told
from .test_flow import id_claims

TWO = "urn:wuji:acr:2"


@pytest.fixture
def login(oauth):
    """Of the resident, who has an app that shows codes."""
    factor_id, account = uuid4(), oauth.world.account["resident"]
    kept = Vault(oauth.world.server.seal, PURPOSE).close(str(factor_id), SECRET)
    row = {"id": factor_id, "account_id": account, "kind": "totp", "name": "手机", "secret": kept}
    oauth.world.insert("wuji.factor", row, ())
    oauth.world.run("update wuji.factor set confirmed_at = now() where id = %s", factor_id)
    return oauth.give_password("resident")


def code_now():
    return TOTP(SECRET).at(int(time()))


def test_the_second_step_stands_between_password_and_program(oauth, login):
    program, browser = oauth.program(), oauth.browser()
    page = oauth.submit(browser, oauth.get(browser, "/oauth/authorize", program.params()), login=login, password=WORDS)
    assert page.status_code == 200
    assert 'name="code"' in page.text
    assert not [cookie for cookie in page.headers.getlist("Set-Cookie") if cookie.startswith("wuji-8000=")]
    wrong = oauth.submit(browser, page, code="000000")
    assert wrong.status_code == 401
    assert "This code is not right" in wrong.text
    consent = oauth.submit(browser, wrong, code=code_now())
    assert "asks for your permission" in consent.text, consent.text
    answer = told(oauth.submit(browser, consent, decision="allow", tenant=oauth.world.code["village"]))
    claims = id_claims(oauth, program.redeem(answer["code"]).json["id_token"]).claims
    assert (claims["acr"], set(claims["amr"])) == (TWO, {"pwd", "otp", "mfa"})


def test_a_program_that_wishes_for_two_factors_asks_whoever_has_them(oauth, login):
    program, browser = oauth.program(), oauth.browser("resident")
    usual = oauth.get(browser, "/oauth/authorize", program.params())
    assert "asks for your permission" in usual.text
    page = oauth.get(browser, "/oauth/authorize", program.params(acr_values=TWO))
    assert 'name="password"' in page.text
    page = oauth.submit(browser, page, login=login, password=WORDS)
    page = oauth.submit(browser, page, code=code_now())
    assert "asks for your permission" in page.text
    neighbour = oauth.get(oauth.browser("neighbour"), "/oauth/authorize", program.params(acr_values=TWO))
    assert "asks for your permission" in neighbour.text  # a wish, not a condition (Core, 3.1.2.1)


def test_whoever_took_too_long_begins_again(oauth, login):
    program, browser = oauth.program(), oauth.browser()
    page = oauth.submit(browser, oauth.get(browser, "/oauth/authorize", program.params()), login=login, password=WORDS)
    late = oauth.submit(browser, page, code=code_now(), continuation="AAAA")
    assert late.status_code == 401
    assert 'name="password"' in late.text
    assert "five minutes" in late.text
