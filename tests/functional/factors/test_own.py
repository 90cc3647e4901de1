"""A person's own second steps: set up, seen, given up; and cleared for whoever has lost them."""

import pytest
from tests.functional.identity.conftest import WORDS

from wuji.identity.factors.services.factors import forget_factors
from wuji.testing.acting import acting

NOTHING = {"items": [], "recovery_left": 0, "passkeys": True, "password": True}


def test_it_counts_from_its_first_code_on(phone, people):
    made = people.ask("resident", "POST", "/me/factors", json={"name": "我的手机", "password": WORDS}).json
    assert made["address"].startswith("otpauth://totp/Wuji:resident-")
    assert people.ask("resident", "GET", "/me/factors").json == NOTHING
    assert people.log_in("resident").status_code == 200
    path = f"/me/factors/{made['id']}/confirm"
    wrong = people.ask("resident", "POST", path, json={"code": "000000"})
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "#/code")
    phone.secret = made["secret"]
    assert people.ask("resident", "POST", path, json={"code": phone.code()}).status_code == 200
    assert people.ask("resident", "POST", path, json={"code": phone.code()}).status_code == 404
    (shown,) = people.ask("resident", "GET", "/me/factors").json["items"]
    assert (shown["kind"], shown["name"]) == ("totp", "我的手机")
    assert not {"secret", "last_step"} & shown.keys()


def test_the_password_shows_that_it_is_theirs(phone, people, faults):
    phone.set_up()
    for method, path, more in (
        ("POST", "/me/factors", {"name": "x"}),
        ("POST", "/me/recovery-codes", {}),
        ("DELETE", f"/me/factors/{phone.id}", {}),
    ):
        answer = people.ask("resident", method, path, json={"password": "not the password", **more})
        assert answer.status_code == 422
        assert "#/password" in faults(answer)
        assert "#/password" in faults(people.ask("resident", method, path, json=more))


def test_another_persons_is_not_there(phone, people):
    phone.set_up()
    people.give_password("member")
    answer = people.ask("member", "DELETE", f"/me/factors/{phone.id}", json={"password": WORDS})
    assert answer.status_code == 404
    assert (
        people.ask("member", "POST", f"/me/factors/{phone.id}/confirm", json={"code": phone.code()}).status_code == 404
    )
    assert people.ask("anonymous", "GET", "/me/factors").status_code == 401


def test_with_the_last_one_the_codes_on_paper_go(phone, people):
    phone.set_up()
    assert people.ask("resident", "DELETE", f"/me/factors/{phone.id}", json={"password": WORDS}).status_code == 204
    assert people.log_in("resident").status_code == 200
    assert people.ask("resident", "GET", "/me/factors").json == NOTHING
    none = people.ask("resident", "POST", "/me/recovery-codes", json={"password": WORDS})
    assert (none.status_code, none.json["type"]) == (409, "urn:wuji:problem:identity.factor_none")


def test_new_codes_on_paper_replace_those_before(phone, people):
    old = phone.set_up()
    new = people.ask("resident", "POST", "/me/recovery-codes", json={"password": WORDS}).json["recovery_codes"]
    assert not set(old) & set(new)
    assert phone.go_on(phone.halfway(), old[0], "recovery").status_code == 401
    assert phone.go_on(phone.halfway(), new[0], "recovery").status_code == 200


def test_the_second_app_brings_no_new_codes(phone, people):
    phone.set_up()
    assert phone.set_up() == []
    assert len(people.ask("resident", "GET", "/me/factors").json["items"]) == 2


def test_whoever_lost_them_is_helped_and_their_sessions_end(phone, people):
    phone.set_up()
    account = people.world.account["resident"]
    with acting(people.app, people.world, "city") as session:
        assert forget_factors(session, people.app.extensions["wuji"].seal, account, reason="手机丢了") == 1
    assert people.ask("resident", "GET", "/me").status_code == 401
    assert people.log_in("resident").status_code == 200
    reason = people.world.one(
        "select reason from wuji.journal_record where verb = 'identity.factor.forget' and subject_id = %s", str(account)
    )
    assert reason == "手机丢了"


def test_nothing_of_them_is_kept_in_clear(phone, people):
    codes = phone.set_up()
    rows = people.world.run(
        "select f::text from wuji.factor f union all select r::text from wuji.recovery_code r"
    ).fetchall()
    kept = "".join(row for (row,) in rows)
    assert phone.secret not in kept
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\0b"])
@pytest.mark.usefixtures("phone")
def test_a_name_is_a_name(people, name):
    answer = people.ask("resident", "POST", "/me/factors", json={"name": name, "password": WORDS})
    assert answer.status_code in {400, 422}
