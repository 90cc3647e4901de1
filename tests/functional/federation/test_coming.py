"""Logging in with an identity system that the city has: who is known, who is new, who links what to which account."""

from datetime import timedelta
from secrets import token_hex

import pytest

from wuji.testing.factors_operations import code_now, own_factor


def test_who_has_linked_it_is_let_in(coming, city, word):
    """Linking is an act of whoever is logged in; afterwards any browser of theirs comes in, and ends up where it wanted."""
    provider = coming.provider(city.issuer)
    stranger = coming.browser()
    assert word(coming.through(stranger, city, provider)) == "external_unknown"
    assert coming.me(stranger) is None
    assert word(coming.link(coming.browser("resident"), city, provider)) == "external_linked"
    browser = coming.browser()
    assert coming.through(browser, city, provider, "/me?tab=1") == "/me?tab=1"
    assert coming.account_of(browser) == str(coming.world.account["resident"])
    row = "select amr, acr from wuji.account_session where account_id = %s order by auth_time desc limit 1"
    assert coming.world.run(row, coming.world.account["resident"]).fetchone() == (["fed"], "urn:wuji:acr:1")
    told = "from wuji.journal_record where account_id = %s and verb like 'identity.external%%'"
    verbs = f"select array_agg(verb order by id) {told}"
    assert coming.world.one(verbs, coming.world.account["resident"]) == ["identity.external.link"]


def test_residents_come_in_where_the_place_lets_them(coming, city, word):
    """With an account of their own, the role of a resident there, and nothing above it; the second time the same account."""
    provider = coming.provider(city.issuer, "village", admits="residents")
    first, second = coming.browser(), coming.browser()
    assert coming.through(first, city, provider) == "/me"
    assert coming.through(second, city, provider) == "/me"
    assert coming.account_of(first) == coming.account_of(second)
    me = coming.api(first, "GET", "/me").json
    assert (me["account"]["name"], [grant["role"] for grant in me["grants"]]) == ("张三", ["resident"])
    assert me["grants"][0]["tenant"]["code"] == coming.world.code["village"]
    coming.world.run("update wuji.account set state = 'suspended' where id = %s", coming.account_of(first))
    assert word(coming.through(coming.browser(), city, provider)) == "external_unknown"
    assert coming.world.one("select count(*) from wuji.external_identity where iss = %s", city.issuer) == 1


@pytest.mark.parametrize(
    ("name", "called"), [("", "市统一认证"), ("  李\n四\u202e ", "李 四"), ("名" * 300, "名" * 100), (7, "市统一认证")]
)
def test_newcomers_are_called_what_can_be_printed(coming, city, name, called):
    provider = coming.provider(city.issuer, "village", admits="residents")
    city.name = name
    browser = coming.browser()
    coming.through(browser, city, provider)
    assert coming.me(browser)["name"] == called


def test_a_second_step_is_asked_of_whoever_set_one_up(coming, city):
    provider = coming.provider(city.issuer)
    coming.link(coming.browser("resident"), city, provider)
    own_factor(coming.world, "resident")
    browser = coming.browser()
    way, _, continuation = coming.through(browser, city, provider, "/me").partition("#")
    assert (way, coming.me(browser)) == ("/login?next=%2Fme", None)
    step = {"continuation": continuation, "kind": "totp", "code": code_now()}
    assert coming.api(browser, "POST", "/session/factor", json=step).status_code == 200
    row = "select amr from wuji.account_session where account_id = %s order by auth_time desc limit 1"
    assert coming.world.one(row, coming.world.account["resident"]) == ["fed", "otp", "mfa"]


def test_one_identity_belongs_to_one_account_and_the_last_way_in_stays(coming, city, word):
    provider = coming.provider(city.issuer, "village", admits="residents")
    newcomer = coming.browser()
    coming.through(newcomer, city, provider)
    (own,) = coming.api(newcomer, "GET", "/me/external-identities").json["items"]
    assert (own["name"], own["iss"]) == ("市统一认证", city.issuer)
    refused = coming.api(newcomer, "DELETE", f"/me/external-identities/{own['id']}")
    assert (refused.status_code, refused.json["type"].rpartition(":")[2]) == (409, "identity.external_last")
    assert word(coming.link(coming.browser("resident"), city, provider)) == "external_taken"
    city.sub = "another"
    assert word(coming.link(newcomer, city, provider)) == "external_one"
    resident = coming.browser("resident")
    assert word(coming.link(resident, city, provider)) == "external_linked"
    (theirs,) = coming.api(resident, "GET", "/me/external-identities").json["items"]
    assert coming.api(newcomer, "DELETE", f"/me/external-identities/{theirs['id']}").status_code == 404
    coming.world.insert(
        "wuji.credential",
        {"account_id": coming.world.account["resident"], "kind": "password", "secret": "x"},
        ("account_id", "kind"),
    )
    assert coming.api(resident, "DELETE", f"/me/external-identities/{theirs['id']}").status_code == 204
    assert coming.api(resident, "DELETE", f"/me/external-identities/{theirs['id']}").status_code == 404


def test_somebody_who_logs_out_meanwhile_links_nothing(coming, city, word):
    provider = coming.provider(city.issuer)
    browser = coming.browser("resident")
    begun = coming.api(browser, "POST", "/me/external-identities", json={"provider_id": provider}).json["address"]
    answer = city.consent(begun)
    browser.delete_cookie("wuji-8000")
    browser.set_cookie("wuji-8000", coming.world.cookie["official@street"])
    assert word(coming.back(browser, provider, answer)) == "external_over"
    assert coming.world.one("select count(*) from wuji.external_identity where iss = %s", city.issuer) == 0


def test_several_tabs_and_only_this_browser(coming, city, word):
    """Each tab comes back to where it wanted; another browser that was given the answer gets nowhere."""
    provider = coming.provider(city.issuer, "village", admits="residents")
    browser = coming.browser()
    one, other = (coming.go(browser, provider, path) for path in ("/me?one", "/me?other"))
    answers = city.consent(one), city.consent(other)
    victim = coming.browser()
    coming.go(victim, provider)
    assert word(coming.back(victim, provider, answers[0])) == "external_over"
    assert coming.me(victim) is None
    assert [coming.back(browser, provider, answer) for answer in answers] == ["/me?one", "/me?other"]
    assert word(coming.back(browser, provider, answers[0])) == "external_over"


def test_who_took_too_long_begins_again_and_still_comes_there(coming, city, word):
    provider = coming.provider(city.issuer, "village", admits="residents")
    browser = coming.browser()
    answer = city.consent(coming.go(browser, provider, "/me?here"))
    coming.world.run(
        "update wuji.login_state set expires_at = now() - interval '1 second' where provider_id = %s", provider
    )
    again = coming.back(browser, provider, answer)
    assert again == f"/login/with/{provider}?target=%2Fme%3Fhere"
    sent = coming.get(browser, again).location
    assert coming.back(browser, provider, city.consent(sent)) == "/me?here"
    assert word(coming.back(browser, provider, {"state": "nothing", "code": "x"})) == "external_over"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "me", "/a\\b", "/名", "/" + "x" * 9000, "/a\tb"],
)
def test_nobody_is_led_elsewhere(coming, city, target):
    provider = coming.provider(city.issuer, "village", admits="residents")
    browser = coming.browser()
    assert coming.through(browser, city, provider, target) == "/login?said=external_in"


def test_who_does_not_agree_is_back_at_the_login(coming, city, word):
    provider = coming.provider(city.issuer)
    browser = coming.browser()
    answer = city.consent(coming.go(browser, provider, "/me"))
    refused = {"state": answer["state"], "iss": city.issuer, "error": "access_denied"}
    assert coming.back(browser, provider, refused) == "/login?said=external_refused&next=%2Fme"
    assert word(coming.back(browser, provider, refused)) == "external_over"


def test_pushed_requests_where_the_provider_wants_them(coming, city):
    city.bend["metadata"] = {"require_pushed_authorization_requests": True}
    provider = coming.provider(city.issuer, "village", admits="residents")
    browser = coming.browser()
    location = coming.go(browser, provider, "/me")
    assert "code_challenge" not in location
    assert coming.back(browser, provider, city.consent(location)) == "/me"


def test_signed_userinfo_is_read(coming, city):
    provider = coming.provider(city.issuer, "village", admits="residents")
    told = city.answer

    def signed(path, form, header):
        if path != "/userinfo":
            return told(path, form, header)
        return 200, city.sign({"iss": city.issuer, "aud": "五级/client", "sub": city.sub, "name": "签名的名字"})

    city.answer = signed
    browser = coming.browser()
    coming.through(browser, city, provider)
    assert coming.me(browser)["name"] == "签名的名字"


def test_a_new_key_of_the_provider_is_found(coming, city, monkeypatch):
    """Keys change while nobody tells us: a signature by an unknown one has them read again, once a minute."""
    provider = coming.provider(city.issuer, "village", admits="residents")
    coming.through(coming.browser(), city, provider)
    city.key = type(city.key).generate_key("P-256", {"kid": token_hex(4), "use": "sig"})
    browser = coming.browser()
    assert "external_failed" in coming.through(browser, city, provider)
    monkeypatch.setattr("wuji.identity.federation.services.metadata.SOON", timedelta().total_seconds())
    assert coming.through(browser, city, provider) == "/me"
