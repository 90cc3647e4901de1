"""Logging out because a program asks."""

import re

import pytest

LEFT = "https://app.example/left"


def session_lives(browser):
    return browser.get("/api/v1/me").status_code == 200


@pytest.fixture
def program(oauth):
    return oauth.program(post_logout_redirect_uris=[LEFT])


def test_a_program_that_shows_this_sessions_id_token_ends_it(oauth, program):
    browser, hint = oauth.browser("resident"), program.tokens()["id_token"]
    given = {"id_token_hint": hint, "post_logout_redirect_uri": LEFT, "state": "s 1"}
    answer = oauth.get(browser, "/oauth/logout", given)
    assert (answer.status_code, answer.location) == (303, f"{LEFT}?state=s+1")
    assert not session_lives(browser)


def test_who_shows_nothing_leaves_it_to_the_person(oauth, program):
    browser = oauth.browser("resident")
    given = {"client_id": program.client_id, "post_logout_redirect_uri": LEFT}
    page = oauth.get(browser, "/oauth/logout", given)
    assert page.status_code == 200
    assert session_lives(browser)
    stays = oauth.submit(browser, page, decision="deny")
    assert (stays.location, session_lives(browser)) == (LEFT, True)
    left = oauth.submit(browser, page, decision="allow")
    assert (left.location, session_lives(browser)) == (LEFT, False)


def test_nobody_is_sent_to_an_address_that_is_not_registered(oauth, program):
    for given in (
        {"client_id": program.client_id, "post_logout_redirect_uri": "https://evil.example/"},
        {"client_id": "wuji_nobody", "post_logout_redirect_uri": LEFT},
        {"post_logout_redirect_uri": LEFT},
    ):
        browser = oauth.browser("resident")
        page = oauth.get(browser, "/oauth/logout", given)
        left = oauth.submit(browser, page, decision="deny")
        assert "evil" not in (left.location or "")
        assert LEFT not in (left.location or "")


def test_another_sites_form_logs_nobody_out(oauth):
    browser = oauth.browser("resident")
    page = oauth.get(browser, "/oauth/logout")
    sealed = re.search(r'name="request" value="([^"]*)"', page.text)[1]
    answer = browser.post(
        "/oauth/logout", data={"request": sealed, "decision": "allow"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert session_lives(browser)


def test_who_is_logged_in_nowhere_is_told_so(oauth):
    answer = oauth.get(oauth.browser(), "/oauth/logout")
    assert answer.status_code == 200
    assert "You are logged out" in answer.text
