"""One-time links: shown once, work once, tell nothing to whoever guesses."""

from concurrent.futures import ThreadPoolExecutor

import pytest

NEW = "a quite new password"


@pytest.fixture
def newcomer(people):
    """A clerk of the village who was just brought in: login, token, account."""
    login = f"new-{people.world.mark}"
    sent = {"login": login, "name": "新来的", "role": "clerk"}
    answer = people.ask("official@village", "POST", people.at("village", "/accounts"), json=sent)
    assert answer.status_code == 201, answer.text
    return {**answer.json, "login": login, "token": answer.json["link"].rpartition("#")[2]}


def show(people, token):
    return people.ask("anonymous", "POST", "/one-time-links", json={"token": token})


def redeem(people, token, password=NEW):
    return people.ask("anonymous", "POST", "/one-time-links/redeem", json={"token": token, "password": password})


def make_link(people, who="official@village", whom="resident"):
    path = people.at("village", f"/accounts/{people.world.account[whom]}/link")
    answer = people.ask(who, "POST", path)
    assert answer.status_code == 201, answer.text
    return answer.json["link"].rpartition("#")[2]


def log_in(people, login, password=NEW):
    return people.ask("anonymous", "POST", "/session", json={"login": login, "password": password})


def test_from_the_link_to_the_first_login(people, newcomer):
    assert newcomer["link"].startswith("http://localhost:8000/link#wuji_link_")
    assert show(people, newcomer["token"]).json == {
        "login": newcomer["login"],
        "name": "新来的",
        "purpose": "first_password",
        "strict": False,
    }
    answer = redeem(people, newcomer["token"])
    assert (answer.status_code, answer.data) == (204, b"")
    answer = log_in(people, newcomer["login"])
    assert answer.status_code == 200
    assert answer.json["notices"] == []  # nobody reset anything
    assert answer.json["account"]["id"] == newcomer["account_id"]


def test_absent_used_over_and_replaced_are_one_answer(people, newcomer):
    used, over, replaced = newcomer["token"], make_link(people), make_link(people, whom="member")
    newest = make_link(people, whom="member")
    assert redeem(people, used).status_code == 204
    people.world.run(
        "update wuji.one_time_link set expires_at = now() where account_id = %s", people.world.account["resident"]
    )
    tokens = ("wuji_link_nothing", used, over, replaced)
    for ask in (show, redeem):
        answers = [ask(people, token) for token in tokens]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert len({answer.data for answer in answers}) == 1
    assert show(people, newest).status_code == 200


def test_two_redemptions_at_once_have_one_winner(people, newcomer):
    passwords = [f"password number {n}" for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda p: redeem(people, newcomer["token"], p).status_code, passwords))
    assert sorted(statuses) == [204] + [404] * 7
    won = passwords[statuses.index(204)]
    assert log_in(people, newcomer["login"], won).status_code == 200


def test_a_password_that_will_not_do_leaves_the_link_alone(people, newcomer, faults):
    for password in ("short", newcomer["login"], "1234567890"):
        assert list(faults(redeem(people, newcomer["token"], password))) == ["#/password"]
    assert redeem(people, newcomer["token"]).status_code == 204


def test_bad_input(people):
    for token in ("", "x" * 201, "a\u0000", 7, None):
        answer = show(people, token)
        assert answer.status_code in {404, 422}, token
    assert show(people, "票据").status_code == 404


def test_a_reset_ends_sessions_and_is_told(people):
    people.give_password("resident", "the old password")
    browser = people.browser()
    people.log_in("resident", "the old password", client=browser)
    make_link(people)  # replaced by the next: nobody is told of a reset that never was
    token = make_link(people)
    assert people.ask(browser, "GET", "/me").status_code == 200  # until it is used
    assert show(people, token).json["purpose"] == "lost_password"
    assert redeem(people, token).status_code == 204
    assert people.ask(browser, "GET", "/me").status_code == 401
    assert people.log_in("resident", "the old password").status_code == 401
    for _ in range(2):  # also the second time: the first may have been somebody else
        (notice,) = people.log_in("resident", NEW).json["notices"]
        assert (notice["kind"], notice["by"]) == ("password_reset", "official@village")
    people.world.run(
        "update wuji.one_time_link set used_at = used_at - interval '40 days' where account_id = %s",
        people.world.account["resident"],
    )
    assert people.log_in("resident", NEW).json["notices"] == []


def test_a_suspended_account_redeems_nothing(people):
    token = make_link(people)
    people.world.run("update wuji.account set state = 'suspended' where id = %s", people.world.account["resident"])
    assert show(people, token).status_code == redeem(people, token).status_code == 404


def test_a_link_is_for_72_hours_and_kept_as_a_hash(people, newcomer):
    row = people.world.run(
        "select token_hash, extract(epoch from expires_at - now()) / 3600 from wuji.one_time_link where account_id = %s",
        newcomer["account_id"],
    ).fetchone()
    assert newcomer["token"].encode() not in row[0]
    assert 71.9 < row[1] <= 72


def test_nothing_of_a_link_is_kept_for_repeated_calls(people):
    sent = {"login": f"again-{people.world.mark}", "name": "x", "role": "clerk"}
    headers = {"Idempotency-Key": "the same"}
    path = people.at("village", "/accounts")
    assert people.ask("official@village", "POST", path, json=sent, headers=headers).status_code == 201
    assert people.ask("official@village", "POST", path, json=sent, headers=headers).status_code == 422  # login is taken
    kept = people.world.one(
        "select count(*) from wuji.idempotency where account_id = %s", people.world.account["official@village"]
    )
    assert kept == 0
