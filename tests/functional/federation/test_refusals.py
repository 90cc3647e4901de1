"""What a provider, or whoever says that they are one, may not get away with. Nothing is stored of any of it."""

import base64
import json
from time import time

import pytest
from joserfc.jwk import ECKey, OctKey

OTHER = ECKey.generate_key("P-256")


def unsigned(token):
    """The same claims with `alg: none` (RFC 8725, 2.1)."""
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    return f"{head}.{token.split('.')[1]}."


WRONG = {
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "no issuer": {"claims": {"iss": None}},
    "for another client": {"claims": {"aud": "somebody"}},
    "for several without azp": {"claims": {"aud": ["五级/client", "other"]}},
    "authorized party": {"claims": {"azp": "somebody"}},
    "no nonce": {"claims": {"nonce": None}},
    "nonce of another login": {"claims": {"nonce": "x"}},
    "over": {"claims": {"exp": int(time()) - 3600}},
    "without end": {"claims": {"exp": None}},
    "end in words": {"claims": {"exp": "never"}},
    "an end that no clock shows": {"claims": {"exp": 10**400}},
    "proven tomorrow": {"claims": {"auth_time": int(time()) + 86400}},
    "proven in words": {"claims": {"auth_time": "just now"}},
    "made tomorrow": {"claims": {"iat": int(time()) + 86400}},
    "not before tomorrow": {"claims": {"nbf": int(time()) + 86400}},
    "nobody": {"claims": {"sub": None}},
    "an empty name": {"claims": {"sub": ""}},
    "a number": {"claims": {"sub": 7}},
    "too long a name": {"claims": {"sub": "x" * 300}},
    "a NUL": {"claims": {"sub": "a\0b"}},
    "at_hash": {"claims": {"at_hash": "x"}},
    "key of somebody else": {"key": OTHER},
    "key in the header": {"key": OTHER, "header": {"jwk": OTHER.as_dict(private=False), "kid": None}},
    "no token": {"tokens": {"id_token": None}},
    "a huge token": {"tokens": {"id_token": "x" * 30_000}},
    "no JWT": {"tokens": {"id_token": "a.b"}},
    "an error as answer": {"tokens": {"id_token": None, "errcode": 40125, "errmsg": "invalid appsecret"}},
    "userinfo of somebody else": {"userinfo": {"sub": "other"}},
    "mixed up": {"answer": {"iss": "https://evil.example"}},
    "NUL as code": {"answer": {"code": "\0"}},
    "another issuer in the metadata": {"metadata": {"issuer": "https://evil.example"}},
    "metadata in another shape": {"metadata": {"token_endpoint": 7}},
    "keys inside": {"metadata": {"jwks_uri": "http://10.0.0.1/jwks"}},
    "keys by another scheme": {"metadata": {"jwks_uri": "file:///etc/passwd"}},
}


@pytest.mark.parametrize("name", WRONG)
def test_is_refused(coming, city, word, name):
    provider = coming.provider(city.issuer, "village", admits="residents")
    browser = coming.browser()
    if "metadata" not in WRONG[name]:
        location = coming.go(browser, provider)
        city.bend = WRONG[name]
        where = coming.back(browser, provider, city.consent(location))
    else:
        city.bend = WRONG[name]
        where = coming.get(browser, f"/login/with/{provider}").location
        if word(where) != "external_failed":
            where = coming.back(browser, provider, city.consent(where))
    assert word(where) == "external_failed"
    assert coming.me(browser) is None
    assert coming.world.one("select count(*) from wuji.external_identity where iss = %s", city.issuer) == 0


@pytest.mark.parametrize("how", ["none", "HS256"])
def test_a_token_without_a_key_of_the_provider_is_refused(coming, city, word, how):
    """Neither unsigned nor signed with what everybody knows: its public key, or our secret."""
    provider = coming.provider(city.issuer, "village", admits="residents")
    browser = coming.browser()
    location = coming.go(browser, provider)
    sign = city.sign

    def forged(claims):
        if how == "none":
            return unsigned(sign(claims))
        city.bend = {"key": OctKey.import_key("s3cret/with+odd:chars%-and-more-of-it"), "header": {"alg": "HS256"}}
        return sign(claims)

    city.sign = forged
    assert word(coming.back(browser, provider, city.consent(location))) == "external_failed"
    assert coming.me(browser) is None


def test_a_replayed_code_and_doubled_parameters(coming, city, word):
    provider = coming.provider(city.issuer, "village", admits="residents")
    browser = coming.browser()
    answer = city.consent(coming.go(browser, provider))
    doubled = f"/login/back/{provider}?state={answer['state']}&code={answer['code']}&code=x&iss={city.issuer}"
    assert word(coming.get(browser, doubled).location) == "external_failed"
    coming.back(browser, provider, answer)
    another = city.consent(coming.go(browser, provider))
    assert word(coming.back(browser, provider, {**another, "code": answer["code"]})) == "external_failed"
    missing = city.consent(coming.go(browser, provider))
    del missing["iss"]
    assert word(coming.back(browser, provider, missing)) == "external_failed"


def test_the_state_of_one_provider_is_none_of_another(coming, city, word):
    """Mix-up (RFC 9700, 4.4): each has an address of its own to come back to."""
    honest, evil = coming.provider(city.issuer), coming.provider(city.issuer, "village", admits="residents")
    browser = coming.browser()
    answer = city.consent(coming.go(browser, honest))
    assert word(coming.back(browser, evil, answer)) == "external_over"


def test_absent_and_switched_off_are_not_found(coming, city):
    browser = coming.browser()
    provider = coming.provider(city.issuer, is_on=False)
    for one in (provider, "00000000-0000-0000-0000-000000000000"):
        assert coming.get(browser, f"/login/with/{one}").status_code == 404
        assert coming.get(browser, f"/login/back/{one}?state=x").status_code == 404
    asked = {"json": {"provider_id": provider}}
    assert coming.api(coming.browser("resident"), "POST", "/me/external-identities", **asked).status_code == 404


def test_a_provider_that_does_not_answer_is_said(coming, word):
    provider = coming.provider("http://127.0.0.1:9")
    assert word(coming.get(coming.browser(), f"/login/with/{provider}").location) == "external_failed"
    asked = {"json": {"provider_id": provider}}
    answer = coming.api(coming.browser("resident"), "POST", "/me/external-identities", **asked)
    assert (answer.status_code, answer.json["type"].rpartition(":")[2]) == (502, "identity.provider_failed")
