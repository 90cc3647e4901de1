"""People with phones."""

from http import HTTPStatus
from time import time

import pytest
from pyotp import TOTP
from tests.functional.identity.conftest import WORDS, People, app, faults, people
from werkzeug.test import TestResponse

from wuji.testing.factors_operations import SECRET

__all__ = ["app", "faults", "people"]


class Phone:
    """Somebody's app that shows codes. Its clock can be wrong, and time passes when a test says so."""

    def __init__(self, people: People, who: str) -> None:
        self.people, self.who, self.secret = people, who, SECRET

    def code(self, ahead: int = 0) -> str:
        return TOTP(self.secret).at(int(time()) + ahead)

    def later(self, periods: int = 1) -> None:
        """As if so many periods had passed since the last code was taken."""
        self.people.world.run(
            "update wuji.factor set last_step = last_step - %s where account_id = %s",
            *(periods, self.people.world.account[self.who]),
        )

    def set_up(self) -> list[str]:
        """The codes on paper."""
        made = self.people.ask(self.who, "POST", "/me/factors", json={"name": "我的手机", "password": WORDS})
        assert made.status_code == HTTPStatus.CREATED, made.text
        self.secret = made.json["secret"]
        self.id = made.json["id"]
        done = self.people.ask(self.who, "POST", f"/me/factors/{self.id}/confirm", json={"code": self.code()})
        assert done.status_code == HTTPStatus.OK, done.text
        self.later()
        codes: list[str] = done.json["recovery_codes"]
        return codes

    def halfway(self) -> str:
        """What the first step of logging in answers."""
        answer = self.people.log_in(self.who)
        assert (answer.status_code, answer.json["type"]) == (
            HTTPStatus.UNAUTHORIZED,
            "urn:wuji:problem:identity.factor_needed",
        )
        continuation: str = answer.json["continuation"]
        return continuation

    def go_on(self, continuation: str, code: str, kind: str = "totp", **given: object) -> TestResponse:
        sent = {"continuation": continuation, "code": code, "kind": kind}
        return self.people.ask(self.people.browser(), "POST", "/session/factor", json=sent, **given)


@pytest.fixture
def phone(people: People) -> Phone:
    people.give_password("resident")
    return Phone(people, "resident")
