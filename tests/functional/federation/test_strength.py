"""How well somebody was proven by a login provider, and how whoever has no password shows that an account is theirs."""

from time import time
from urllib.parse import parse_qs, urlsplit

import pytest
from pyotp import TOTP

from wuji.testing.factors_operations import own_factor

SESSION = (
    "select amr, acr, auth_time from wuji.account_session where account_id = %s order by used_at desc, id desc limit 1"
)
STRICT = (
    "insert into wuji.setting_value(tenant_id, key, mode, value) values (%s, 'identity.policy', 'set', '\"dengbao3\"')"
)
TWO, ONE = (["fed", "mfa"], "urn:wuji:acr:2"), (["fed"], "urn:wuji:acr:1")


@pytest.fixture
def proven(coming, city):
    """`proven(who, provider, **claims)`: somebody linked comes in anew; how, as their session has it."""

    def come_in(who, provider, **claims):
        browser = coming.browser()
        city.bend["claims"] = claims
        assert coming.through(browser, city, provider) == "/me"
        row = coming.world.run(SESSION, coming.world.account[who]).fetchone()
        return browser, row[:2]

    return come_in


def asked(location):
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@pytest.mark.parametrize(
    ("claims", "how"),
    [
        ({"amr": ["pwd", "mfa"]}, TWO),
        ({"acr": "https://id.example/acr/2"}, TWO),
        ({"acr": "https://id.example/acr/1", "amr": ["pwd"]}, ONE),
        ({}, ONE),
        ({"amr": "mfa", "acr": ["mfa"]}, ONE),
        ({"amr": [["mfa"], {}]}, ONE),
    ],
)
def test_two_factors_there_count_where_the_place_says_so(coming, city, proven, claims, how):
    provider = coming.provider(city.issuer, "city", strong="mfa https://id.example/acr/2")
    assert asked(coming.go(coming.browser(), provider))["acr_values"] == "mfa https://id.example/acr/2"
    coming.link(coming.browser("clerk"), city, provider)
    assert proven("clerk", provider, **claims)[1] == how


def test_they_count_nothing_where_it_does_not(coming, city, proven):
    provider = coming.provider(city.issuer, "city")
    assert "acr_values" not in asked(coming.go(coming.browser(), provider))
    coming.link(coming.browser("clerk"), city, provider)
    assert proven("clerk", provider, amr=["mfa"])[1] == ONE


def test_a_place_speaks_for_its_own_people_alone(coming, city, proven):
    """An official of the city, or one who is resident elsewhere too, is not vouched for by a village; nor is an operator."""
    provider, world = coming.provider(city.issuer, "village", strong="mfa"), coming.world
    world.grant("member", "sibling", "resident")
    for number, (who, how) in enumerate((("clerk", TWO), ("official@city", ONE), ("member", ONE), ("operator", ONE))):
        city.sub = f"person-{number}"
        coming.link(coming.browser(who), city, provider)
        assert proven(who, provider, amr=["mfa"])[1] == how, who


def test_an_official_works_by_the_strict_policy_with_the_citys_own_login(coming, city, proven):
    provider, world = coming.provider(city.issuer, "city", strong="mfa"), coming.world
    world.run(STRICT, world.tenant["village"])
    coming.link(coming.browser("clerk"), city, provider)
    official = f"/tenants/{world.code['village']}/grants"
    weak, _ = proven("clerk", provider)
    refused = coming.api(weak, "GET", official)
    assert (refused.status_code, refused.json["how"]) == (403, "set_up")
    strong, _ = proven("clerk", provider, amr=["mfa"])
    assert coming.api(strong, "GET", official).status_code == 200


def test_whoever_set_up_a_second_step_is_asked_for_it_all_the_same(coming, city):
    provider = coming.provider(city.issuer, "city", strong="mfa")
    coming.link(coming.browser("clerk"), city, provider)
    own_factor(coming.world, "clerk")
    city.bend["claims"] = {"amr": ["mfa"]}
    assert coming.through(coming.browser(), city, provider).startswith("/login?next=%2Fme#")


def test_a_fresh_proof_is_asked_for_and_is_as_old_as_the_provider_says(coming, city):
    """Somebody who is in there already is not proven anew by being sent through."""
    provider, world = coming.provider(city.issuer, "village", admits="residents"), coming.world
    browser = coming.browser()
    location = coming.get(browser, f"/login/with/{provider}", query_string={"target": "/me", "fresh": "1"}).location
    assert {name: asked(location)[name] for name in ("prompt", "max_age")} == {"prompt": "login", "max_age": "0"}
    assert not {"prompt", "max_age"} & asked(coming.go(coming.browser(), provider)).keys()
    city.bend["claims"] = {"auth_time": int(time()) - 3600}
    assert coming.back(browser, provider, city.consent(location)) == "/me"
    age = "select extract(epoch from now() - auth_time) from wuji.account_session where account_id = %s"
    assert 3590 < world.one(age, coming.account_of(browser)) < 3700
    refused = coming.api(browser, "POST", "/me/copy")
    assert (refused.status_code, refused.json["how"]) == (403, "login")
    city.bend["claims"] = {"auth_time": int(time())}
    coming.through(browser, city, provider)
    assert coming.api(browser, "POST", "/me/copy").status_code == 200


def test_whoever_has_no_password_sets_up_a_second_step_right_after_logging_in(coming, city):
    provider, world = coming.provider(city.issuer, "village", admits="residents"), coming.world
    browser = coming.browser()
    coming.through(browser, city, provider)
    assert coming.api(browser, "GET", "/me/factors").json["password"] is False
    world.run(
        "update wuji.account_session set auth_time = now() - interval '1 h' where account_id = %s",
        coming.account_of(browser),
    )
    stale = coming.api(browser, "POST", "/me/factors", json={"name": "我的手机"})
    assert (stale.status_code, stale.json["how"]) == (403, "login")
    coming.through(browser, city, provider)
    made = coming.api(browser, "POST", "/me/factors", json={"name": "我的手机"})
    assert made.status_code == 201, made.text
    path = f"/me/factors/{made.json['id']}"
    done = coming.api(browser, "POST", f"{path}/confirm", json={"code": TOTP(made.json["secret"]).now()})
    assert len(done.json["recovery_codes"]) == 10
    assert coming.api(browser, "DELETE", path, json={}).status_code == 204


def test_what_a_provider_calls_two_factors_is_plain_words(coming, city):
    sent = {"name": "市统一认证", "issuer": city.issuer, "client_id": "wuji", "admits": "linked"}
    official, at = coming.browser("official@street"), f"/tenants/{coming.world.code['street']}/login-providers"
    for wrong in ("两步", "mfa，acr"):
        answer = coming.api(official, "POST", at, json={**sent, "strong": wrong})
        assert (answer.status_code, [one["pointer"] for one in answer.json["errors"]]) == (422, ["#/strong"])
    kept = coming.api(official, "POST", at, json={**sent, "strong": "mfa"})
    assert (kept.status_code, kept.json["strong"]) == (201, "mfa")
