"""Whoever lost their second steps is helped by two officials of their own place; every step is told, and can be stopped."""

import pytest

from wuji.testing.factors_operations import own_factor

REASON = "本人到场，看过身份证"


class Desk:
    """The village's head asks, the street's agrees."""

    def __init__(self, people):
        self.people, self.account = people, people.world.account["resident"]
        own_factor(people.world, "resident")
        people.give_password("resident")

    def ask(self, who="official@village", tenant="village", reason=REASON):
        path = self.people.at(tenant, f"/accounts/{self.account}/recovery")
        return self.people.ask(who, "POST", path, json={"reason": reason})

    def agree(self, recovery_id, who="official@street", tenant="street"):
        return self.people.ask(who, "POST", self.people.at(tenant, f"/account-recoveries/{recovery_id}/agree"))

    def end(self, recovery_id, who="official@street", tenant="street"):
        path = self.people.at(tenant, f"/account-recoveries/{recovery_id}/withdraw")
        return self.people.ask(who, "POST", path, json={"reason": "问过本人，没有丢"})

    def listed(self, who="official@street", tenant="street"):
        return self.people.ask(who, "GET", self.people.at(tenant, "/account-recoveries")).json["items"]


@pytest.fixture
def desk(people):
    return Desk(people)


@pytest.fixture
def asked(desk):
    answer = desk.ask()
    assert answer.status_code == 201, answer.text
    return answer.json["id"]


def slug(answer):
    return answer.status_code, answer.json["type"].removeprefix("urn:wuji:problem:")


def test_two_officials_let_somebody_in_again(desk, asked, people):
    (shown,) = desk.listed()
    assert (shown["state"], shown["reason"], shown["asked_by"], shown["own"]) == (
        *("waiting", REASON, "official@village"),
        False,
    )
    assert desk.listed("official@village", "village")[0]["own"] is True
    done = desk.agree(asked)
    assert done.status_code == 201, done.text
    assert people.ask("resident", "GET", "/me").status_code == 401  # every session has ended
    token = done.json["link"].rpartition("#")[2]
    used = people.ask("anonymous", "POST", "/one-time-links/redeem", json={"token": token, "password": "lampshade-one"})
    assert used.status_code == 204, used.text
    assert people.log_in("resident", "lampshade-one").status_code == 200
    assert desk.listed()[0]["state"] == "done"
    assert desk.listed()[0]["agreed_by"] == "official@street"
    assert slug(desk.agree(asked)) == (404, "kit.not_found")


def test_the_password_alone_does_not_let_anybody_in_before(desk, asked, people):
    assert asked
    assert people.log_in("resident").json["type"].endswith("identity.factor_needed")
    assert desk.listed()[0]["state"] == "waiting"


def test_whoever_asked_is_not_the_second_one(desk, asked, people):
    assert slug(desk.agree(asked, "official@village", "village")) == (409, "identity.recovery_second")
    assert people.ask("resident", "GET", "/me").status_code == 200


def test_nor_is_somebody_who_may_not_reset_the_person(desk, asked):
    assert slug(desk.agree(asked, "clerk", "village")) == (403, "kit.forbidden")
    assert desk.agree(asked, "official@sibling", "sibling").status_code == 404
    assert desk.agree(asked, "official@other", "other").status_code == 404
    assert desk.ask("official@sibling", "sibling").status_code == 404


def test_whoever_holds_something_elsewhere_is_helped_from_above(desk, people):
    people.world.grant("resident", "sibling", "resident")
    assert slug(desk.ask()) == (403, "identity.holds_elsewhere")
    made = desk.ask("official@street", "street")
    assert made.status_code == 201
    assert slug(desk.agree(made.json["id"], "official@village", "village")) in {
        (403, "identity.holds_elsewhere"),
        (404, "kit.not_found"),
    }
    assert desk.agree(made.json["id"], "official@district", "district").status_code == 201


def test_a_right_that_was_taken_meanwhile_counts_for_nothing(desk, asked, people):
    people.world.run(
        "update wuji.role_grant set revoked_at = now() where account_id = %s", people.world.account["official@village"]
    )
    assert slug(desk.agree(asked)) == (409, "identity.recovery_asker")
    assert desk.end(asked).status_code == 204
    assert desk.listed()[0]["state"] == "withdrawn"


def test_one_at_a_time_and_three_days(desk, asked, people):
    assert slug(desk.ask()) == (409, "identity.recovery_waits")
    people.world.run("update wuji.account_recovery set expires_at = now() where id = %s", asked)
    assert slug(desk.agree(asked)) == (404, "kit.not_found")
    assert desk.listed()[0]["state"] == "over"
    assert desk.ask().status_code == 201


def test_without_a_second_step_a_link_is_enough(desk, people):
    people.world.run("delete from wuji.factor where account_id = %s", desk.account)
    assert slug(desk.ask()) == (409, "identity.recovery_needless")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "a\0b", None])
def test_how_it_was_made_sure_is_said(desk, reason):
    assert desk.ask(reason=reason).status_code in {400, 422}
    assert desk.listed() == []


def test_the_person_is_told_and_stops_it(desk, asked, people):
    (shown,) = people.ask("resident", "GET", "/me/recoveries").json["items"]
    assert (shown["id"], shown["reason"]) == (asked, REASON)
    assert people.ask("member", "GET", "/me/recoveries").json["items"] == []
    assert people.ask("member", "DELETE", f"/me/recoveries/{asked}").status_code == 404
    assert people.ask("resident", "DELETE", f"/me/recoveries/{asked}").status_code == 204
    assert people.ask("resident", "GET", "/me/recoveries").json["items"] == []
    assert slug(desk.agree(asked)) == (404, "kit.not_found")


def test_every_step_stands_in_the_journal(desk, asked, people):
    desk.agree(asked)
    told = people.world.run(
        "select verb, reason from wuji.journal_record where subject_id = %s and verb like 'identity.recovery.%%' order by at, id",
        str(desk.account),
    ).fetchall()
    assert told == [("identity.recovery.ask", REASON), ("identity.recovery.agree", REASON)]


def test_the_operator_has_no_hand_in_it(desk, people):
    assert desk.ask("operator").status_code in {403, 404}
    assert people.ask("operator", "GET", people.at("village", "/account-recoveries")).status_code in {403, 404}
