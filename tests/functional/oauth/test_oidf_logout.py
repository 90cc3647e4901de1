"""The OpenID Foundation's plans for logging out, one test for each module by its name."""

import pytest

from .conftest import BASE
from .test_backchannel import Receiver, followed, receiver, work
from .test_flow import id_claims
from .test_leaving import LEFT, program, session_lives

__all__ = ["program", "receiver"]


@pytest.fixture
def hint(program):
    return program.tokens()["id_token"]


def leave(oauth, browser, **given):
    return oauth.get(browser, "/oauth/logout", given)


def asks(oauth, browser, **given):
    """The person is asked, and the browser is not sent on to what is not known."""
    page = leave(oauth, browser, **given)
    assert page.status_code == 200
    assert session_lives(browser)
    return oauth.submit(browser, page, decision="allow")


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(oauth):
    told = oauth.app.test_client().get("/.well-known/openid-configuration").json
    assert told["end_session_endpoint"] == f"{BASE}/oauth/logout"


def test_oidcc_rp_initiated_logout(oauth, hint, program):
    browser = oauth.browser("resident")
    answer = leave(oauth, browser, id_token_hint=hint, post_logout_redirect_uri=LEFT, state="s")
    assert answer.location == f"{LEFT}?state=s"
    again = oauth.get(browser, "/oauth/authorize", program.params(prompt="none"))
    assert "error=login_required" in again.location


@pytest.mark.parametrize("address", ["https://evil.example/", f"{LEFT}?x=1"])
def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri_and_query_added(oauth, hint, address):
    browser = oauth.browser("resident")
    answer = leave(oauth, browser, id_token_hint=hint, post_logout_redirect_uri=address, state="s")
    assert (answer.status_code, session_lives(browser)) == (200, False)


def test_oidcc_rp_initiated_logout_modified_id_token_hint(oauth, hint):
    left = asks(oauth, oauth.browser("resident"), id_token_hint=f"{hint[:-6]}AAAAAA", post_logout_redirect_uri=LEFT)
    assert left.status_code == 200


def test_oidcc_rp_initiated_logout_no_id_token_hint(oauth):
    assert asks(oauth, oauth.browser("resident"), post_logout_redirect_uri=LEFT, state="s").status_code == 200


def test_oidcc_rp_initiated_logout_no_params(oauth):
    assert asks(oauth, oauth.browser("resident")).status_code == 200


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(oauth, hint):
    browser = oauth.browser("resident")
    assert leave(oauth, browser, id_token_hint=hint, state="s").status_code == 200
    assert not session_lives(browser)


def test_oidcc_rp_initiated_logout_no_state(oauth, hint):
    answer = leave(oauth, oauth.browser("resident"), id_token_hint=hint, post_logout_redirect_uri=LEFT)
    assert answer.location == LEFT


def test_oidcc_rp_initiated_logout_only_state(oauth):
    assert asks(oauth, oauth.browser("resident"), state="s").status_code == 200


@pytest.mark.parametrize("bad", ["x", "eyJhbGciOiJub25lIn0.e30.", "证书"])
def test_oidcc_rp_initiated_logout_bad_id_token_hint(oauth, bad):
    left = asks(oauth, oauth.browser("resident"), id_token_hint=bad, post_logout_redirect_uri=LEFT)
    assert left.status_code == 200


def test_oidcc_backchannel_logout_discovery_endpoint_verification(oauth):
    told = oauth.app.test_client().get("/.well-known/openid-configuration").json
    assert (told["backchannel_logout_supported"], told["backchannel_logout_session_supported"]) == (True, True)


def test_oidcc_backchannel_rp_initiated_logout(oauth, receiver: Receiver):
    program = oauth.program(backchannel_logout_uri=receiver.address, backchannel_logout_session_required=True)
    hint = program.tokens()["id_token"]
    leave(oauth, oauth.browser("resident"), id_token_hint=hint)
    followed(oauth)
    assert work(oauth) == ["done"]
    (sent,) = receiver.got
    assert id_claims(oauth, sent).claims["sid"] == id_claims(oauth, hint).claims["sid"]
