"""What a program may say of itself."""

from datetime import UTC, datetime

import pytest

from wuji.identity.oauth.metadata import MetadataError, as_registered, is_registered, read_metadata

BACK = "https://app.example/back"
LEAST = {"client_name": "邻里通", "redirect_uris": [BACK]}


def test_what_is_left_out_is_as_the_rfc_has_it():
    made = read_metadata({**LEAST, "client_name#en": "Neighbours", "software_statement_of_nobody": 1})
    assert (made.grant_types, made.response_types) == (["authorization_code"], ["code"])
    assert made.is_confidential
    assert (made.called("en"), made.called("zh-CN")) == ("Neighbours", "邻里通")
    told = as_registered("wuji_1", made, datetime(2026, 1, 1, tzinfo=UTC), "s")
    assert (told["client_id"], told["client_secret"], told["client_secret_expires_at"]) == ("wuji_1", "s", 0)
    assert (told["client_name#en"], told["redirect_uris"]) == ("Neighbours", [BACK])
    assert "software_statement_of_nobody" not in told


@pytest.mark.parametrize(
    "uri",
    [BACK, "https://app.example:8443/a?b=c", "http://127.0.0.1/back", "http://[::1]:9/back", "http://localhost:3000/"],
)
def test_a_fit_address(uri):
    assert read_metadata({**LEAST, "redirect_uris": [uri]}).redirect_uris == [uri]


@pytest.mark.parametrize(
    "uri",
    [
        "http://app.example/back", "https://app.example/back#f", "https://u:p@app.example/", "https://", "app.example", "/back",
        "", "javascript:alert(1)", "data:text/html,x", "https://*.example/", "https://例子.example/", "https://a b/", "https://a\\@b/",
        "com.example.app:/back", "https://app.example:99999/", "https://[::1", "http://127.0.0.1.evil.example/", "x" * 3000,
    ],
)  # fmt: skip
def test_an_address_that_is_not_fit(uri):
    with pytest.raises(MetadataError, match="redirect_uris") as raised:
        read_metadata({**LEAST, "redirect_uris": [uri]})
    assert raised.value.error == "invalid_redirect_uri"


@pytest.mark.parametrize(
    "change",
    [
        {"client_name": ""}, {"client_name": "x" * 101}, {"client_name": "a\nb"}, {"client_name": 1}, {"client_name#en": "\0"},
        {"redirect_uris": []}, {"redirect_uris": "https://app.example"}, {"redirect_uris": [BACK] * 21},
        {"grant_types": ["implicit"]}, {"grant_types": ["refresh_token"]}, {"response_types": ["token"]},
        {"token_endpoint_auth_method": "tls_client_auth"}, {"scope": "openid root"}, {"default_max_age": -1},
        {"token_endpoint_auth_method": "none", "grant_types": ["authorization_code", "client_credentials"]},
        {"id_token_signed_response_alg": "none"}, {"logo_uri": "javascript:x"}, {"post_logout_redirect_uris": ["http://x.example/"]},
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_named(change):
    with pytest.raises(MetadataError):
        read_metadata({**LEAST, **change})


@pytest.mark.parametrize("sent", [None, [], "x", {}, {"client_name": "x"}])
def test_what_is_no_metadata(sent):
    with pytest.raises(MetadataError):
        read_metadata(sent)


def test_people_are_sent_exactly_where_it_is_registered():
    web = read_metadata({**LEAST, "redirect_uris": [BACK, "http://127.0.0.1:9/back"]})
    assert is_registered(web, BACK)
    for uri in (BACK + "/", BACK + "?a", BACK.upper(), "http://127.0.0.1:8/back", ""):
        assert not is_registered(web, uri)


def test_a_native_programs_loopback_port_is_its_own_business():
    own = ["http://127.0.0.1/back", "com.example.app:/back"]
    native = read_metadata({**LEAST, "application_type": "native", "redirect_uris": own})
    assert is_registered(native, "http://127.0.0.1:51004/back")
    assert is_registered(native, "com.example.app:/back")
    for uri in ("http://localhost:51004/back", "http://127.0.0.1:51004/other", "http://127.0.0.1:1@evil.example/back"):
        assert not is_registered(native, uri)
