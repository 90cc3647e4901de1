"""Passkeys: made, shown alone or after the password, each challenge met once, and whatever is wrong with one."""

import json
from base64 import urlsafe_b64decode
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.functional.identity.conftest import WORDS

from wuji.testing.application import BASE_URL
from wuji.testing.authenticator import PRESENT, Authenticator, b64
from wuji.testing.factors_operations import begun


class Holder:
    """Somebody with a device that makes passkeys."""

    def __init__(self, people, who="resident", **given):
        self.people, self.who, self.device = people, who, Authenticator(BASE_URL, **given)
        people.give_password(who)

    def ask(self, path, body, who=None):
        return self.people.ask(who or self.who, "POST", path, json=body)

    def begin(self):
        answer = self.ask("/me/passkeys/options", {"password": WORDS})
        assert answer.status_code == 200, answer.text
        return answer.json

    def make(self):
        begun_ = self.begin()
        credential = self.device.make(begun_["options"]["challenge"])
        sent = {"name": "我的手机", "ceremony": begun_["ceremony"], "credential": credential}
        return self.ask("/me/passkeys", sent)

    def shown(self, **more):
        """What a browser sends after asking, with a fresh challenge."""
        offered = self.ask("/session/passkey/options", more, self.people.browser())
        assert offered.status_code == 200, offered.text
        return {
            "ceremony": offered.json["ceremony"],
            "credential": self.device.show(offered.json["options"]["challenge"]),
            **more,
        }

    def log_in(self, **more):
        return self.ask("/session/passkey", self.shown(**more), self.people.browser())

    def proven(self):
        return self.people.world.run(
            "select amr, acr from wuji.account_session where account_id = %s and amr <> '{}' order by auth_time desc limit 1",
            self.people.world.account[self.who],
        ).fetchone()


@pytest.fixture
def holder(people):
    made = Holder(people)
    answer = made.make()
    assert answer.status_code == 201, answer.text
    made.codes = answer.json["recovery_codes"]
    return made


def test_a_browser_is_told_how_to_make_one(people):
    options = Holder(people).begin()["options"]
    assert options["rp"] == {"id": "localhost", "name": "Wuji"}
    assert options["user"]["name"] == people.login_of("resident")
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["attestation"] == "none"
    assert urlsafe_b64decode(options["user"]["id"] + "==") == people.world.account["resident"].bytes


def test_it_lets_in_without_a_password_and_proves_two_things(holder):
    answer = holder.log_in()
    assert answer.status_code == 200, answer.text
    assert answer.json["account"]["login"] == holder.people.login_of("resident")
    amr, acr = holder.proven()
    assert (set(amr), acr) == ({"hwk", "user", "mfa"}, "urn:wuji:acr:2")


def test_a_synced_one_is_said_to_be_one(people):
    holder = Holder(people, synced=True)
    assert holder.make().status_code == 201
    assert holder.log_in().status_code == 200
    assert set(holder.proven()[0]) == {"swk", "user", "mfa"}


def test_after_the_password_it_is_the_second_step(holder, people):
    halfway = people.log_in("resident")
    assert (halfway.status_code, halfway.json["kinds"]) == (401, ["passkey", "recovery"])
    continuation = halfway.json["continuation"]
    offered = holder.ask("/session/passkey/options", {"continuation": continuation}, people.browser()).json["options"]
    (allowed,) = offered["allowCredentials"]
    assert (allowed["id"], sorted(allowed["transports"])) == (b64(holder.device.id), ["hybrid", "internal"])
    assert holder.log_in(continuation=continuation).status_code == 200
    assert set(holder.proven()[0]) == {"pwd", "hwk", "user", "mfa"}


def test_a_strangers_browser_learns_of_nobodys_passkeys(holder):
    offered = holder.ask("/session/passkey/options", {}, holder.people.browser()).json["options"]
    assert not offered.get("allowCredentials")


def test_codes_on_paper_come_with_the_first_and_let_in_without_it(holder, people):
    assert len(holder.codes) == 10
    continuation = people.log_in("resident").json["continuation"]
    sent = {"continuation": continuation, "kind": "recovery", "code": holder.codes[0]}
    assert people.ask(people.browser(), "POST", "/session/factor", json=sent).status_code == 200
    holder.device = Authenticator(BASE_URL)
    assert holder.make().json["recovery_codes"] == []


def test_it_is_listed_and_given_up(holder, people):
    listed = people.ask("resident", "GET", "/me/factors").json
    assert listed["passkeys"] is True
    (one,) = listed["items"]
    assert (one["kind"], one["name"]) == ("passkey", "我的手机")
    assert people.ask("resident", "DELETE", f"/me/factors/{one['id']}", json={"password": WORDS}).status_code == 204
    assert holder.log_in().status_code == 401
    assert people.log_in("resident").status_code == 200


def test_a_challenge_is_met_once_also_by_many(holder, people):
    sent = holder.shown()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: holder.ask("/session/passkey", sent, people.browser()).status_code, range(4)))
    assert sorted(answers) == [200, 401, 401, 401]


def test_a_copied_one_that_lags_behind_is_refused(holder):
    assert holder.log_in().status_code == 200
    holder.device.count = 0
    assert holder.log_in().status_code == 401


def test_one_that_never_counts_is_good(people):
    holder = Holder(people)
    assert holder.make().status_code == 201
    for _ in range(2):
        holder.device.count = -1
        assert holder.log_in().status_code == 200


def test_a_session_proves_more_by_it(holder, people):
    people.world.run(
        "update wuji.account_session set acr = 'urn:wuji:acr:1', amr = '{pwd}' where account_id = %s",
        people.world.account["resident"],
    )
    assert holder.ask("/session/step-up/passkey", holder.shown()).status_code == 204
    acr = people.world.one("select acr from wuji.account_session where token_hash = %s", people.world.proof("resident"))
    assert acr == "urn:wuji:acr:2"


def test_another_persons_proves_nothing_of_me(holder, people):
    answer = people.ask("member", "POST", "/session/step-up/passkey", json=holder.shown())
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/credential")
    other = Holder(people, "member")
    assert other.make().status_code == 201
    continuation = people.log_in("resident").json["continuation"]
    assert other.log_in(continuation=continuation).status_code == 401
    assert other.log_in().status_code == 200


def origin(device):
    device.origin = "https://evil.example"


def host(device):
    device.host = "evil.example"


def unopened(device):
    device.flags = PRESENT


def absent(device):
    device.flags = 0


def unknown(device):
    device.id = b"x" * 32


@pytest.mark.parametrize("spoil", [origin, host, unopened, absent, unknown])
def test_what_does_not_fit_lets_nobody_in(holder, spoil):
    spoil(holder.device)
    answer = holder.log_in()
    assert (answer.status_code, answer.json["type"]) == (401, "urn:wuji:problem:identity.passkey_wrong")


@pytest.mark.parametrize("spoil", [origin, host, unopened, absent])
def test_nor_is_it_kept(people, spoil, faults):
    holder = Holder(people)
    spoil(holder.device)
    assert "#/credential" in faults(holder.make())
    assert people.ask("resident", "GET", "/me/factors").json["items"] == []


def mangled(id_="eA", **response):
    return {"id": id_, "rawId": id_, "type": "public-key", "response": response}


MANGLED = [
    {},
    {"id": "x"},
    {"id": 1, "rawId": None, "type": "public-key", "response": {}},
    mangled("一", clientDataJSON="一", attestationObject="一"),
    mangled("\0", clientDataJSON="\0", attestationObject="\0"),
    mangled(clientDataJSON="eA", authenticatorData="e", signature=""),
    mangled(clientDataJSON=b64(b"\xff\xfe"), attestationObject=b64(b"\xbf")),
    mangled(clientDataJSON=b64(b"[]"), attestationObject=b64(b"\xa0")),
    mangled(clientDataJSON=b64(b"{}"), authenticatorData=b64(bytes(37)), signature="eA"),
]


@pytest.mark.parametrize("credential", MANGLED, ids=lambda one: json.dumps(one)[:40])
def test_what_no_browser_makes_is_said_to_be_wrong(holder, people, credential):
    sent = {**holder.shown(), "credential": credential}
    assert holder.ask("/session/passkey", sent, people.browser()).status_code == 401
    sent = {"name": "x", "ceremony": holder.begin()["ceremony"], "credential": credential}
    assert holder.ask("/me/passkeys", sent).status_code == 422


@pytest.mark.parametrize("field", ["clientDataJSON", "attestationObject"])
@pytest.mark.parametrize("at", [0, 5, 40])
def test_a_bit_that_fell_over_is_found(people, field, at):
    holder = Holder(people)
    begun_ = holder.begin()
    credential = holder.device.make(begun_["options"]["challenge"])
    data = bytearray(urlsafe_b64decode(credential["response"][field] + "=="))
    data[at] ^= 0x81
    credential["response"][field] = b64(bytes(data))
    answer = holder.ask("/me/passkeys", {"name": "x", "ceremony": begun_["ceremony"], "credential": credential})
    assert answer.status_code == 422


def test_it_is_begun_with_the_password_and_ended_by_the_same_person(people, faults):
    holder = Holder(people)
    assert "#/password" in faults(holder.ask("/me/passkeys/options", {"password": "not the password"}))
    begun_ = holder.begin()
    credential = holder.device.make(begun_["options"]["challenge"])
    sent = {"name": "x", "ceremony": begun_["ceremony"], "credential": credential}
    answer = holder.ask("/me/passkeys", sent, "member")
    assert (answer.status_code, answer.json["type"]) == (409, "urn:wuji:problem:identity.passkey_over")
    assert holder.ask("/me/passkeys", {**sent, "ceremony": "AAAA"}).status_code == 409
    assert holder.ask("/me/passkeys", sent).status_code == 201
    again = holder.ask("/me/passkeys", sent)
    assert (again.status_code, again.json["type"]) == (409, "urn:wuji:problem:identity.passkey_known")


def test_five_minutes_later_it_is_too_late(holder, people):
    ceremony, challenge = begun(people.world, None, ago=301)
    answer = holder.ask(
        "/session/passkey", {"ceremony": ceremony, "credential": holder.device.show(challenge)}, people.browser()
    )
    assert answer.json["type"] == "urn:wuji:problem:identity.passkey_over"


def test_a_suspended_account_does_not_come_in(holder, people):
    people.world.run("update wuji.account set state = 'suspended' where id = %s", people.world.account["resident"])
    assert holder.log_in().status_code == 401


def test_the_eleventh_is_one_too_many(holder):
    for _ in range(9):
        holder.device = Authenticator(BASE_URL)
        assert holder.make().status_code == 201
    holder.device = Authenticator(BASE_URL)
    assert holder.make().json["type"] == "urn:wuji:problem:identity.factor_enough"
