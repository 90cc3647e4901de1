"""PAR: a program sends its request beforehand, and the browser carries only a name of it (RFC 9126)."""

import pytest

from .conftest import BACK, told

PAR = "/oauth/par"


def pushed(program, **more):
    params = {name: value for name, value in program.params(**more).items() if name != "client_id"}
    return program.post(PAR, **params)


def ask(oauth, program, uri, **more):
    return oauth.get(
        oauth.browser("resident"), "/oauth/authorize", {"client_id": program.client_id, "request_uri": uri, **more}
    )


def test_what_was_pushed_is_what_counts(oauth):
    program = oauth.program()
    answer = pushed(program)
    assert (answer.status_code, answer.json["expires_in"]) == (201, 60)
    assert answer.headers["Cache-Control"] == "no-store"
    uri = answer.json["request_uri"]
    assert uri.startswith("urn:ietf:params:oauth:request_uri:")
    browser = oauth.browser("resident")
    query = {
        "client_id": program.client_id,
        "request_uri": uri,
        "scope": "api:write",
        "redirect_uri": "https://evil.example/",
    }
    page = oauth.get(browser, "/oauth/authorize", query)
    assert page.status_code == 200
    assert "Do in your name" not in page.text
    answer = told(oauth.submit(browser, page, decision="allow", tenant=oauth.world.code["village"]))
    assert program.redeem(answer["code"]).json["scope"] == "openid profile tenant"


def test_it_works_once_and_a_reload_is_no_second_time(oauth):
    program, browser = oauth.program(), oauth.browser("resident")
    uri = pushed(program).json["request_uri"]
    first = browser.get("/oauth/authorize", query_string={"client_id": program.client_id, "request_uri": uri})
    for _ in range(2):
        assert oauth.get(browser, first.location).status_code == 200
    assert ask(oauth, program, uri).status_code == 400


def test_it_is_the_programs_own_and_soon_over(oauth):
    program, other = oauth.program(), oauth.program()
    assert ask(oauth, other, pushed(program).json["request_uri"]).status_code == 400
    uri = pushed(program).json["request_uri"]
    oauth.world.run(
        "update wuji.oauth_pushed set expires_at = now() - interval '1 second' where client_id = %s", program.id
    )
    assert ask(oauth, program, uri).status_code == 400
    assert ask(oauth, program, "urn:ietf:params:oauth:request_uri:nothing").status_code == 400


def test_a_program_that_is_registered_so_pushes_always(oauth):
    program = oauth.program(require_pushed_authorization_requests=True)
    answer = oauth.get(oauth.browser("resident"), "/oauth/authorize", program.params())
    assert told(answer)["error"] == "invalid_request"
    page = ask(oauth, program, pushed(program).json["request_uri"])
    assert "asks for your permission" in page.text


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"redirect_uri": BACK + "?x"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"scope": "root"}, "invalid_scope"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
        ({"resource": "https://other.example/"}, "invalid_target"),
        ({"dpop_jkt": "short"}, "invalid_request"),
    ],
)
def test_what_is_wrong_is_said_at_once(oauth, more, error):
    answer = pushed(oauth.program(), **more)
    assert (answer.status_code, answer.json["error"]) == (400, error)
    assert "iss" not in answer.json


def test_only_the_program_itself_pushes(oauth):
    program = oauth.program()
    program.secret = "wrong"
    answer = pushed(program)
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert oauth.app.test_client().get(PAR).status_code == 405


def test_the_key_that_is_shown_when_pushing_redeems_the_code(oauth):
    program = oauth.program(token_endpoint_auth_method="none")
    params = {name: value for name, value in program.params().items() if name != "client_id"}
    other = program.post(PAR, **params, dpop_jkt="A" * 43, headers={"DPoP": program.proof("POST", PAR)})
    assert other.json["error"] == "invalid_dpop_proof"
    uri = program.post(PAR, **params, headers={"DPoP": program.proof("POST", PAR)}).json["request_uri"]
    browser = oauth.browser("resident")
    page = oauth.get(browser, "/oauth/authorize", {"client_id": program.client_id, "request_uri": uri})
    code = told(oauth.submit(browser, page, decision="allow", tenant=""))["code"]
    assert program.redeem(code).json["error"] == "invalid_grant"
    assert program.redeem(code, headers={"DPoP": program.proof("POST", "/oauth/token")}).status_code == 200
