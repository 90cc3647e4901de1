"""Answering applications: who may, what follows, and that nothing is half done."""

import psycopg
import pytest

PASSWORD = "correct horse battery"


def tenants(door) -> int:
    return door.world.one("select count(*) from wuji.tenant where root_id = %s", door.world.tenant["city"])


def log_in(door, login: str) -> str:
    """The session's cookie."""
    sent = {"login": login, "password": PASSWORD}
    answer = door.ask("anonymous", "POST", "/session", json=sent)
    assert answer.status_code == 200, answer.text
    return answer.headers["Set-Cookie"].partition(";")[0].partition("=")[2]


def test_from_application_to_a_head_at_work(door):
    token = door.apply()
    code = door.status(token)["code"]
    accepted = door.review("official@village", "village", token, reason="欢迎")
    assert accepted.status_code == 200
    assert (accepted.json["state"], accepted.json["tenant_code"]) == ("accepted", code)
    assert accepted.json["decided_by"] == "official@village"
    assert "link" not in accepted.json  # whoever reviews never holds the key to the new head's account
    directory = door.ask("anonymous", "GET", f"/tenants/{code}").json
    assert (directory["name"], directory["level"], directory["ancestors"][-1]["name"]) == ("河东网格", 5, "village")

    found = door.status(token)
    assert (found["state"], found["reason"], found["tenant_code"], found["login"]) == ("accepted", "欢迎", code, code)
    link = found["link"]["link"].rpartition("#")[2]
    assert door.status(token)["link"] is None
    redeemed = door.ask("anonymous", "POST", "/one-time-links/redeem", json={"token": link, "password": PASSWORD})
    assert redeemed.status_code == 204
    door.world.cookie["newcomer"], door.world.code["new"] = log_in(door, code), code
    (grant,) = door.ask("newcomer", "GET", "/me").json["grants"]
    assert (grant["tenant"]["code"], grant["role"], grant["expires_at"]) == (code, "head", None)
    open_items = door.ask("newcomer", "GET", "/setup", at="new").json["items"]
    assert [(item["key"], item["done"]) for item in open_items] == [
        ("theme", False), ("officials", False), ("modules", False)
    ]  # fmt: skip
    assert door.ask("newcomer", "GET", "/setup", at="village").status_code == 404


def test_one_event_stands_at_both(door):
    token = door.apply()
    door.review("official@village", "village", token)
    (accept, add) = door.accepted_event(token)
    assert accept[:2] == ("onboarding.application.accept", "village")
    assert add[:2] == ("tenancy.tenant.add", "河东网格")
    assert accept[2] == add[2]


def test_an_organisation_gets_a_login_that_nobody_has(door, uscc):
    code = uscc()
    door.world.run(
        "insert into wuji.account(login, name) values (%s, 'x'), (%s, 'y')", code.lower(), f"{code.lower()}-2"
    )
    token = door.apply(parent="street", code=code, category="school", name="中心小学")
    assert door.review("official@street", "street", token).status_code == 200
    assert door.status(token)["login"] == f"{code.lower()}-3"
    kind = door.world.one("select kind from wuji.tenant_code where code = %s", code)
    assert kind == "uscc"


def test_whoever_applied_with_an_account_is_the_head(door):
    token = door.apply("stranger")
    assert door.review("official@village", "village", token).status_code == 200
    found = door.status(token)
    assert (found["login"], found["link"]) == (None, None)
    (grant,) = door.ask("stranger", "GET", "/me").json["grants"]
    assert (grant["tenant"]["code"], grant["role"]) == (found["tenant_code"], "head")


def test_a_link_comes_no_more_once_there_is_a_password(door):
    token = door.apply()
    door.review("official@village", "village", token)
    head = door.world.one("select head_id from wuji.application where id = %s", door.id_of(token))
    door.world.run("insert into wuji.credential(account_id, kind, secret) values (%s, 'password', 'x')", head)
    assert door.status(token)["link"] is None


def test_many_at_one_moment_get_one_link(door, at_once):
    token = door.apply()
    door.review("official@village", "village", token)
    answers = at_once([lambda: door.ask("anonymous", "POST", "/applications/status", json={"token": token})] * 6)
    assert {answer.status_code for answer in answers} == {200}
    assert len([answer for answer in answers if answer.json["link"]]) == 1


def test_a_rejection_says_why_and_the_applicant_asks_again(door, faults):
    token = door.apply()
    assert "#/reason" in faults(door.review("official@village", "village", token, "reject"))
    assert "#/reason" in faults(door.review("official@village", "village", token, "reject", reason="   "))
    assert door.status(token)["state"] == "open"
    assert door.review("official@village", "village", token, "reject", reason="名称要写全").status_code == 200
    found = door.status(token)
    assert (found["state"], found["reason"]) == ("rejected", "名称要写全")
    assert found["decided_at"] is not None
    wish = {**door.wish(name="栏桥村河东网格"), "token": token}
    del wish["parent_code"]
    again = door.ask("anonymous", "POST", "/applications/amend", json=wish).json
    assert (again["state"], again["reason"], again["decided_at"]) == ("open", "", None)
    assert door.review("official@village", "village", token).json["state"] == "accepted"
    assert door.ask("anonymous", "POST", "/applications/amend", json=wish).status_code == 409


def test_nobody_decides_their_own(door, slug):
    token = door.apply("official@village")
    before = tenants(door)
    for decision in ("accept", "reject"):
        answer = door.review("official@village", "village", token, decision, reason="x")
        assert slug(answer) == (403, "onboarding.application_own")
    shown = door.ask("official@village", "GET", f"/applications/{door.id_of(token)}", at="village")
    assert shown.json["own"] is True
    assert (door.status(token)["state"], tenants(door)) == ("open", before)
    assert door.review("official@street", "village", token).status_code == 200


def test_an_anonymous_one_is_owned_by_whoever_changes_it_with_an_account(door, slug):
    token = door.apply()
    wish = {**door.wish(), "token": token}
    del wish["parent_code"]
    assert door.ask("official@village", "POST", "/applications/amend", json=wish).status_code == 200
    assert slug(door.review("official@village", "village", token)) == (403, "onboarding.application_own")


def test_the_database_itself_refuses_an_applicant_who_decides(door):
    token = door.apply("resident")
    with pytest.raises(psycopg.errors.CheckViolation, match="ck_application_reviewed_by"):
        door.world.run(
            "update wuji.application set state = 'accepted', decided_at = now(), reviewed_by = submitted_by where id = %s",
            door.id_of(token),
        )


def test_of_two_reviewers_one_wins_and_the_other_is_told_who(door, at_once, slug):
    token, before = door.apply(), tenants(door)
    door.world.person("colleague", ("village", "head"))
    calls = [
        lambda who=who: door.review(who, "village", token, "accept", reason="")
        for who in ("official@village", "colleague") * 3
    ]
    answers = at_once(calls)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    (winner,) = [answer.json["decided_by"] for answer in answers if answer.status_code == 200]
    late = [answer for answer in answers if answer.status_code == 409]
    assert {slug(answer) for answer in late} == {(409, "onboarding.accepted_by")}
    assert all(winner in answer.json["detail"] for answer in late)
    assert tenants(door) == before + 1


def test_who_withdraws_while_it_is_admitted_has_one_answer(door, at_once):
    for _ in range(3):
        token, before = door.apply(), tenants(door)
        review, withdrawal = at_once(
            [
                lambda token=token: door.review("official@village", "village", token),
                lambda token=token: door.ask("anonymous", "POST", "/applications/withdraw", json={"token": token}),
            ]
        )
        state = door.status(token)["state"]
        if state == "accepted":
            assert (review.status_code, tenants(door)) == (200, before + 1)
            assert withdrawal.status_code in {409, 412}
        else:
            assert (review.status_code, withdrawal.status_code, tenants(door)) == (409, 204, before)


def test_who_decided_above_is_not_named_below(door, slug):
    token = door.apply()
    assert door.review("official@street", "street", token, "reject", reason="等一等").status_code == 200
    late = door.review("official@village", "village", token)
    assert slug(late) == (409, "onboarding.rejected_above")
    assert "official@street" not in late.text
    shown = door.ask("official@village", "GET", f"/applications/{door.id_of(token)}", at="village").json
    assert (shown["decided_by"], shown["reason"]) == (None, "等一等")


def test_admitting_names_a_head_so_it_takes_the_right_to(door):
    """A role of the root that may review but not give roles."""
    role = door.world.insert(
        "wuji.role",
        {
            "tenant_id": door.world.tenant["city"],
            "name": "reviewer",
            "label": "审核员",
            "permissions": ["onboarding.application.read", "onboarding.application.review", "identity.account.add"],
            "reach": "subtree",
            "class": 3,
        },
    )
    door.world.person("reviewer")
    door.world.role["reviewer"] = role
    door.world.grant("reviewer", "village", "reviewer")
    token, before = door.apply(), tenants(door)
    refused = door.review("reviewer", "village", token)
    assert refused.status_code == 403
    assert "identity.grant.give" in refused.json["detail"]
    assert (door.status(token)["state"], tenants(door)) == ("open", before)
    assert door.review("reviewer", "village", token, "reject", reason="材料不全").status_code == 200


def test_what_was_changed_since_it_was_read_is_read_again(door, slug):
    token = door.apply()
    read = door.ask("official@village", "GET", f"/applications/{door.id_of(token)}", at="village")
    wish = {**door.wish(name="别的网格"), "token": token}
    del wish["parent_code"]
    door.ask("anonymous", "POST", "/applications/amend", json=wish)
    version = read.headers["ETag"].strip('"')
    late = door.review("official@village", "village", token, version=version)
    assert slug(late) == (412, "kit.changed_meanwhile")
    assert door.status(token)["state"] == "open"
    assert door.review("official@village", "village", token, version=int(version) + 1).status_code == 200


def test_a_code_that_was_taken_meanwhile_leaves_nothing_half_done(door, slug):
    code = f"{door.world.code['village']}555"
    first, second = door.apply(code=code), door.apply(code=code)
    assert door.review("official@village", "village", first).status_code == 200
    before = tenants(door)
    assert slug(door.review("official@village", "village", second)) == (409, "onboarding.code_taken")
    assert (door.status(second)["state"], tenants(door)) == ("open", before)
    assert door.review("official@village", "village", second, "reject", reason="编码已有").status_code == 200


def test_a_suspended_applicant_becomes_no_head(door, slug):
    token = door.apply("stranger")
    door.world.run("update wuji.account set state = 'suspended' where id = %s", door.world.account["stranger"])
    assert slug(door.review("official@village", "village", token)) == (409, "onboarding.applicant_gone")
