"""People of a world before the product's own HTTP: each with a browser, an address and a password where a test needs them."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from ipaddress import IPv6Address
from secrets import randbits
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from wuji.identity.passwords import hash_password
from wuji.testing import Server, World
from wuji.testing.application import make_app

WORDS = "正确的马 battery staple"
COOKIE = "wuji-8000"


class People:
    """Asks as anybody of the world. Every test has an address of its own: the count of wrong logins is shared by all."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world
        self.address = str(IPv6Address(0xFD << 120 | randbits(56) << 64 | 1))

    def login_of(self, who: str) -> str:
        return f"{who}-{self.world.mark}"

    def browser(self, who: str = "anonymous") -> Client:
        client = self.app.test_client()
        if who in self.world.cookie:
            client.set_cookie(COOKIE, self.world.cookie[who])
        return client

    def ask(self, who: str | Client, method: str, path: str, **given: Any) -> TestResponse:
        """`headers` replace the usual ones by name; a value of None takes one away. `address`: where the call comes from."""
        client = who if isinstance(who, Client) else self.browser(who)
        usual = {"X-Wuji-Request": "1", "Accept-Language": "en", **given.pop("headers", {})}
        headers = {name: value for name, value in usual.items() if value is not None}
        place = {"REMOTE_ADDR": given.pop("address", self.address)}
        return client.open(f"/api/v1{path}", method=method, headers=headers, environ_overrides=place, **given)

    def at(self, tenant: str, path: str) -> str:
        return f"/tenants/{self.world.code[tenant]}{path}"

    def give_password(self, who: str, password: str = WORDS) -> None:
        self.world.run(
            "insert into wuji.credential(account_id, kind, secret) values (%s, 'password', %s)",
            self.world.account[who],
            hash_password(password),
        )

    def log_in(self, who: str, password: str = WORDS, client: Client | None = None, **given: Any) -> TestResponse:
        sent = {"login": self.login_of(who), "password": password}
        return self.ask(client or self.browser(), "POST", "/session", json=sent, **given)

    def make_grant(self, who: str) -> str:
        """The id of somebody's grant."""
        return str(self.world.one("select id from wuji.role_grant where account_id = %s", self.world.account[who]))


@pytest.fixture(scope="session")
def app(server: Server) -> Iterator[Flask]:
    made = make_app(server)
    yield made
    made.extensions["wuji"].engine.dispose()


@pytest.fixture
def people(app: Flask, world: World) -> People:
    return People(app, world)


@pytest.fixture(scope="session")
def faults() -> Callable[[TestResponse], dict[str, str]]:
    """Pointer to message of a problem that names fields."""

    def read(answer: TestResponse) -> dict[str, str]:
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, answer.text
        assert answer.content_type == "application/problem+json"
        return {fault["pointer"]: fault["message"] for fault in answer.json["errors"]}

    return read
