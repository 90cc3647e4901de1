"""A second step at login: asked of whoever set one up, right once, slow to guess, over after five minutes."""

from concurrent.futures import ThreadPoolExecutor
from time import time

import pytest
from tests.functional.identity.conftest import COOKIE

from wuji.identity.factors.services.entering import Halfway, close_step


def test_whoever_set_one_up_is_asked_for_it(phone, people):
    assert people.log_in("resident").status_code == 200
    assert len(set(phone.set_up())) == 10
    answer = people.log_in("resident")
    assert answer.status_code == 401
    assert answer.json["kinds"] == ["totp", "recovery"]
    assert "expires_at" in answer.json
    assert "Set-Cookie" not in answer.headers
    done = phone.go_on(answer.json["continuation"], phone.code())
    assert done.status_code == 200, done.text
    assert done.json["account"]["login"] == people.login_of("resident")
    cookie = done.headers["Set-Cookie"].split(";")[0]
    assert cookie.startswith(COOKIE)
    amr, acr = people.world.run(
        "select amr, acr from wuji.account_session where account_id = %s and 'pwd' = any(amr) order by auth_time desc limit 1",
        people.world.account["resident"],
    ).fetchone()
    assert (set(amr), acr) == ({"pwd", "otp", "mfa"}, "urn:wuji:acr:2")


def test_a_wrong_password_says_nothing_of_a_second_step(phone, people):
    phone.set_up()
    answer = people.log_in("resident", "not the password")
    assert answer.json["type"] == "urn:wuji:problem:identity.login_failed"
    assert "continuation" not in answer.json


def test_a_code_works_once_also_among_many(phone):
    phone.set_up()
    continuation, code = phone.halfway(), phone.code()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: phone.go_on(continuation, code).status_code, range(4)))
    assert sorted(answers) == [200, 401, 401, 401]


@pytest.mark.parametrize("ahead", [-30, 0, 30])
def test_a_clock_may_be_half_a_minute_off(phone, ahead):
    phone.set_up()
    phone.later(3)
    assert phone.go_on(phone.halfway(), phone.code(ahead)).status_code == 200


@pytest.mark.parametrize("ahead", [-120, 120])
def test_and_not_two_minutes(phone, ahead):
    phone.set_up()
    phone.later(9)
    assert phone.go_on(phone.halfway(), phone.code(ahead)).status_code == 401


@pytest.mark.parametrize("code", ["000000", "12345", "1234567", "一二三四五六", "12345a", "\U0001f600"])
def test_what_is_no_code_is_wrong(phone, code):
    phone.set_up()
    answer = phone.go_on(phone.halfway(), code)
    assert (answer.status_code, answer.json["type"]) == (401, "urn:wuji:problem:identity.factor_wrong")


def test_a_code_on_paper_works_once_and_as_people_type_it(phone, people):
    codes = phone.set_up()
    typed = codes[3].lower().replace("-", " ")
    assert phone.go_on(phone.halfway(), typed, "recovery").status_code == 200
    assert phone.go_on(phone.halfway(), codes[3], "recovery").status_code == 401
    assert people.ask("resident", "GET", "/me/factors").json["recovery_left"] == 9


@pytest.mark.parametrize("continuation", ["", "x", "AAAA", "A" * 3000, "继续"])
def test_the_second_step_alone_is_none(phone, continuation):
    phone.set_up()
    answer = phone.go_on(continuation, phone.code())
    assert (answer.status_code, answer.json["type"]) == (401, "urn:wuji:problem:identity.factor_over")


def test_a_suspended_account_goes_no_further(phone, people):
    phone.set_up()
    continuation = phone.halfway()
    people.world.run("update wuji.account set state = 'suspended' where id = %s", people.world.account["resident"])
    assert phone.go_on(continuation, phone.code()).status_code == 401


def test_whoever_guesses_waits(phone):
    phone.set_up()
    continuation = phone.halfway()
    answers = [phone.go_on(continuation, f"{n:06}").status_code for n in range(8)]
    assert set(answers[:5]) == {401}
    assert answers[-1] == 429


def test_five_minutes_later_it_is_too_late(phone, people):
    phone.set_up()
    account = people.world.account["resident"]
    seal = people.app.extensions["wuji"].seal
    late = close_step(seal, Halfway(account, int(time()) - 301))
    answer = phone.go_on(late, phone.code())
    assert answer.json["type"] == "urn:wuji:problem:identity.factor_over"
    assert phone.go_on(close_step(seal, Halfway(account, int(time()) - 290)), phone.code()).status_code == 200


def test_a_session_proves_more_while_it_goes_on(phone, people):
    phone.set_up()
    people.world.run(
        "update wuji.account_session set acr = 'urn:wuji:acr:1', amr = '{pwd}' where account_id = %s",
        people.world.account["resident"],
    )
    wrong = people.ask("resident", "POST", "/session/step-up", json={"kind": "totp", "code": "000000"})
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "#/code")
    right = people.ask("resident", "POST", "/session/step-up", json={"kind": "totp", "code": phone.code()})
    assert right.status_code == 204
    acr = people.world.one("select acr from wuji.account_session where token_hash = %s", people.world.proof("resident"))
    assert acr == "urn:wuji:acr:2"
