"""What asks for a fresh proof: exports, roles, changes of the tree. Whoever sits down at an open desk gets none of it."""

import pytest
from tests.functional.factors.conftest import Phone
from tests.functional.identity.conftest import WORDS, People

from wuji.testing import World
from wuji.testing.application import make_app

OFFICIAL = "official@village"
SAY = "insert into wuji.setting_value(tenant_id, key, mode, value) values (%s, %s, %s, %s)"
NEEDED, MISSING, OLD = (f"urn:wuji:problem:kit.{name}" for name in ("step_up_needed", "factor_missing", "password_old"))


@pytest.fixture
def desk(people):
    """Where an official has been logged in for an hour."""
    people.give_password(OFFICIAL)
    return Desk(people)


class Desk:
    def __init__(self, people):
        self.people, self.account = people, people.world.account[OFFICIAL]
        self.wait()

    def wait(self, minutes=60):
        """Nobody is asked anything for so long."""
        self.people.world.run(
            "update wuji.account_session set auth_time = now() - make_interval(mins => %s) where account_id = %s",
            *(minutes, self.account),
        )

    def say(self, tenant, key, value, mode="set"):
        self.people.world.run(SAY, self.people.world.tenant[tenant], key, mode, value)

    def export(self):
        asked = {"list": "identity.grants", "format": "csv"}
        return self.people.ask(OFFICIAL, "POST", self.people.at("village", "/exports"), json=asked)

    def read(self):
        return self.people.ask(OFFICIAL, "GET", self.people.at("village", "/grants"))

    def step_up(self, **sent):
        path = "/session/step-up/password" if "password" in sent else "/session/step-up"
        return self.people.ask(OFFICIAL, "POST", path, json=sent)


def said(answer):
    return answer.status_code, answer.json["type"], answer.json.get("how")


def test_an_hour_later_the_password_is_asked_for_once(desk, faults):
    assert said(desk.export()) == (403, NEEDED, "password")
    assert desk.read().status_code == 200
    assert "#/password" in faults(desk.step_up(password="not the password"))
    assert desk.export().status_code == 403
    assert desk.step_up(password=WORDS).status_code == 204
    assert desk.export().status_code in {201, 202}


def test_whoever_has_a_second_step_shows_that(desk, people):
    phone = Phone(people, OFFICIAL)
    phone.set_up()
    assert desk.export().status_code in {201, 202}
    desk.wait()
    assert said(desk.export()) == (403, NEEDED, "factor")
    assert desk.step_up(password=WORDS).json["type"] == "urn:wuji:problem:identity.factor_had"
    assert desk.step_up(kind="totp", code=phone.code()).status_code == 204
    assert desk.export().status_code in {201, 202}


def test_a_session_by_the_password_alone_is_not_enough_for_them(desk, people):
    phone = Phone(people, OFFICIAL)
    phone.set_up()
    people.world.run("update wuji.account_session set acr = 'urn:wuji:acr:1' where account_id = %s", desk.account)
    assert said(desk.export()) == (403, NEEDED, "factor")


def test_whoever_has_no_password_logs_in_again(desk, people):
    people.world.run("delete from wuji.credential where account_id = %s", desk.account)
    assert said(desk.export()) == (403, NEEDED, "login")


@pytest.mark.parametrize(("minutes", "status"), [(90, 201), (5, 403), (4, 403), ("90", 403)])
def test_a_place_says_for_how_long_a_proof_is_fresh(desk, minutes, status):
    desk.say("village", "identity.step_up_minutes", str(minutes) if isinstance(minutes, int) else f'"{minutes}"')
    assert desk.export().status_code in ({201, 202} if status == 201 else {403})


def test_what_a_place_above_locked_holds(desk):
    desk.say("district", "identity.step_up_minutes", "10", "lock")
    desk.say("village", "identity.step_up_minutes", "700")
    assert desk.export().status_code == 403


def test_by_the_strict_policy_officials_have_two_factors(desk, people):
    desk.say("district", "identity.policy", '"dengbao3"', "lock")
    desk.say("village", "identity.policy", '"asvs"')
    assert said(desk.read()) == (403, MISSING, "set_up")
    assert people.ask(OFFICIAL, "GET", "/me").status_code == 200
    assert people.ask("resident", "GET", "/me").status_code == 200
    phone = Phone(people, OFFICIAL)
    phone.set_up()
    assert desk.read().status_code == 200
    people.world.run("update wuji.account_session set acr = 'urn:wuji:acr:1' where account_id = %s", desk.account)
    assert said(desk.read()) == (403, NEEDED, "factor")
    phone.later()
    assert desk.step_up(kind="totp", code=phone.code()).status_code == 204
    assert desk.read().status_code == 200


def test_and_a_password_of_this_quarter(desk, people):
    desk.say("district", "identity.policy", '"dengbao3"')
    people.world.run("update wuji.account_session set acr = 'urn:wuji:acr:2' where account_id = %s", desk.account)
    assert desk.read().status_code == 200
    people.world.run(
        "update wuji.credential set changed_at = now() - interval '91 days' where account_id = %s", desk.account
    )
    assert said(desk.read()) == (403, OLD, "new_password")
    sent = {"present_password": WORDS, "password": "Abcdefgh-9012"}
    assert people.ask(OFFICIAL, "POST", "/me/password", json=sent).status_code == 204
    assert desk.read().status_code == 200


def test_elsewhere_it_is_as_it_was(desk):
    desk.say("foreign", "identity.policy", '"dengbao3"')
    assert desk.read().status_code == 200


def test_an_operator_is_as_strict_as_the_strictest_root(server, make_database):
    """In a database of its own: it holds for the operators of all worlds."""
    database = make_database()
    world, app = World(server, database), make_app(server, database)
    people = People(app, world)
    try:
        assert people.ask("operator", "GET", "/operator/grants").status_code == 200
        world.run(SAY, world.tenant["city"], "identity.policy", "set", '"dengbao3"')
        assert said(people.ask("operator", "GET", "/operator/grants")) == (403, MISSING, "set_up")
    finally:
        app.extensions["wuji"].engine.dispose()
        world.close()


@pytest.mark.parametrize(
    ("password", "right"),
    [
        ("lampshadeone", False),
        ("abcdefgh12", False),
        ("Abcdefgh12", True),
        ("abcdefg-12", True),
        ("密码abcdefg1", True),
    ],
)
def test_passwords_hold_three_kinds_of_characters_there(desk, people, faults, password, right):
    desk.say("village", "identity.policy", '"dengbao3"')
    answer = people.ask(OFFICIAL, "POST", "/me/password", json={"present_password": WORDS, "password": password})
    assert answer.status_code == 204 if right else "#/password" in faults(answer)


def test_a_new_password_is_another_one(people, faults):
    people.give_password("resident")
    answer = people.ask("resident", "POST", "/me/password", json={"present_password": WORDS, "password": WORDS})
    assert "#/password" in faults(answer)


@pytest.mark.parametrize("place", ["district", "sibling"])
def test_what_counts_is_where_somebody_holds_something(desk, people, faults, place):
    """Of policies of roots the tests of one database know nothing of each other, so these are below."""
    desk.say(place, "identity.policy", '"dengbao3"')
    answer = people.ask(OFFICIAL, "POST", "/me/password", json={"present_password": WORDS, "password": "lampshadeone"})
    assert answer.status_code == 204 if place == "sibling" else "#/password" in faults(answer)


def test_sessions_end_after_a_quarter_of_an_hour_there(desk, people):
    desk.say("village", "identity.policy", '"dengbao3"')
    assert people.log_in(OFFICIAL).status_code == 200
    idle = people.world.one(
        "select max(idle_at) < now() + interval '16 minutes' from wuji.account_session where account_id = %s and amr = '{pwd}'",
        desk.account,
    )
    assert idle is True


def test_guesses_from_everywhere_wait_sooner_there(desk, people):
    desk.say("village", "identity.policy", '"dengbao3"')
    answers = [
        people.log_in(OFFICIAL, "not the password", address=f"2001:db8:{n:x}::1").status_code for n in range(1, 9)
    ]
    assert answers[:6] == [401] * 6
    assert 429 in answers[6:]


def test_the_list_of_sessions_says_how_one_was_proven(people):
    people.give_password("resident")
    people.log_in("resident")
    shown = people.ask("resident", "GET", "/me/sessions").json["items"]
    assert [one["amr"] for one in shown if one["amr"]] == [["pwd"]]
