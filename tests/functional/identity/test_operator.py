"""The operator names operators and heads of roots, and sees no rows of tenants."""

import pytest


def add(people, who="operator", **given):
    sent = {"login": f"first-{people.world.mark}", "name": "市里的", **given}
    return people.ask(who, "POST", "/operator/accounts", json=sent)


def test_the_first_head_of_a_root(people):
    answer = add(people, root=people.world.code["city"])
    assert answer.status_code == 201, answer.text
    token = answer.json["link"].rpartition("#")[2]
    sent = {"token": token, "password": "a quite new password"}
    assert people.ask("anonymous", "POST", "/one-time-links/redeem", json=sent).status_code == 204
    browser = people.browser()
    sent = {"login": f"first-{people.world.mark}", "password": "a quite new password"}
    assert people.ask(browser, "POST", "/session", json=sent).status_code == 200
    assert people.ask(browser, "GET", people.at("city", "/grants")).status_code == 200
    items = people.ask("official@city", "GET", people.at("city", "/grants?q=市里")).json["items"]
    assert [item["role"] for item in items] == ["head"]  # the city sees whom the operator named


def test_operators(people):
    new = add(people)
    assert new.status_code == 201, new.text
    sent = {"login": people.login_of("stranger")}
    given = people.ask("operator", "POST", "/operator/grants", json=sent)
    assert given.status_code == 201, given.text
    items = people.ask("operator", "GET", "/operator/grants?limit=100&state=live").json["items"]
    ours = {item["id"]: item["account_name"] for item in items}
    assert ours[new.json["role_grant_id"]] == "市里的"
    assert ours[given.json["role_grant_id"]] == "stranger"
    assert {item["role"] for item in items} == {"operator"}
    number = given.json["role_grant_id"]
    assert people.ask("operator", "DELETE", f"/operator/grants/{number}", json={}).json == {"ended": 1}
    assert people.ask("operator", "DELETE", f"/operator/grants/{number}", json={}).status_code == 404
    assert people.ask("stranger", "GET", "/operator/grants").status_code == 404


def test_the_last_operator_stays(people):
    people.world.person("second", (None, "operator"))
    own, others = (
        people.world.one(
            "select id from wuji.role_grant where account_id = %s and tenant_id is null", people.world.account[who]
        )
        for who in ("operator", "second")
    )
    refused = people.ask("operator", "DELETE", f"/operator/grants/{own}", json={})
    assert (refused.status_code, refused.json["type"]) == (403, "urn:wuji:problem:identity.not_oneself"), refused.text
    assert people.ask("operator", "DELETE", f"/operator/grants/{others}", json={}).json == {"ended": 1}
    assert people.ask("operator", "GET", "/operator/grants").status_code == 200


def test_heads_stay_when_the_operator_who_named_them_goes(people):
    people.world.person("second", (None, "operator"))
    sent = {"login": people.login_of("stranger"), "root": people.world.code["other"]}
    assert people.ask("second", "POST", "/operator/grants", json=sent).status_code == 201
    people.world.grant("second", "other", "resident")
    resident = people.world.one(
        "select id from wuji.role_grant where account_id = %s and tenant_id is not null", people.world.account["second"]
    )
    answer = people.ask("official@other", "DELETE", people.at("other", f"/grants/{resident}"))
    assert answer.json == {"ended": 1}
    number = people.world.one(
        "select id from wuji.role_grant where account_id = %s and tenant_id is null", people.world.account["second"]
    )
    assert people.ask("operator", "DELETE", f"/operator/grants/{number}").json == {"ended": 1}
    assert people.ask("stranger", "GET", people.at("other", "/grants")).status_code == 200


@pytest.mark.parametrize("root", ["village", "nothing", "a b"])
def test_only_roots(people, faults, root):
    code = people.world.code.get(root, root)
    assert list(faults(add(people, root=code))) == ["#/root"]


def test_an_operator_sees_no_rows_of_tenants(people):
    assert people.ask("operator", "GET", people.at("city", "/grants")).status_code == 404
    grant = people.make_grant("official@city")
    assert people.ask("operator", "DELETE", f"/operator/grants/{grant}").status_code == 404
    items = people.ask("operator", "GET", "/operator/grants?limit=100").json["items"]
    assert "tenant" not in items[0]


def test_nobody_else_asks(people):
    for who, status in (("anonymous", 401), ("stranger", 404), ("official@city", 404), ("resident", 404)):
        assert add(people, who).status_code == status
        assert people.ask(who, "GET", "/operator/grants").status_code == status
        assert people.ask(who, "POST", "/operator/grants", json={"login": "ab"}).status_code == status
