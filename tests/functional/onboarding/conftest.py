"""Organisations and people at the door of a world, before the product's own HTTP."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from secrets import choice, randbelow, randbits
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from wuji.kit.crypto import token_hash
from wuji.tenancy.codes import USCC
from wuji.testing import Server, World
from wuji.testing.application import make_app
from wuji.testing.world import CODES

COOKIE = "wuji-8000"
OK, CREATED, UNFIT = 200, 201, 422
CONTACT = {"contact_name": "吴桂芳", "contact_phone": "0562-1234567"}


def some_address() -> str:
    """One that no other test has: how often an address may ask is counted for all of them together."""
    return str(IPv6Address(0xFD << 120 | randbits(56) << 64 | 1))


def some_uscc() -> str:
    """A 统一社会信用代码 whose check character fits."""
    start = "".join(choice(USCC) for _ in range(17))
    return start + USCC[-sum(USCC.index(c) * pow(3, place, 31) for place, c in enumerate(start)) % 31]


@dataclass
class Door:
    """One world and the application that serves it."""

    app: Flask
    world: World
    address: str = field(default_factory=some_address)

    def ask(
        self, who: str, method: str, path: str, *, at: str | None = None, version: object = None, **given: Any
    ) -> TestResponse:
        """As somebody, below a tenant's address or (at=None) not; `address`: where the call comes from."""
        client = self.app.test_client()
        if who in self.world.cookie:
            client.set_cookie(COOKIE, self.world.cookie[who])
        headers = {"X-Wuji-Request": "1", "Accept-Language": "en", **given.pop("headers", {})}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        place = f"/tenants/{self.world.code[at]}" if at else ""
        origin = {"REMOTE_ADDR": given.pop("address", self.address)}
        return client.open(f"/api/v1{place}{path}", method=method, headers=headers, environ_overrides=origin, **given)

    def wish(self, parent: str | None = "village", **given: Any) -> dict[str, Any]:
        """A grid of the village that nobody has yet, with whatever the test says otherwise."""
        code = f"{self.world.code[parent]}{randbelow(900) + 100}" if parent else next(CODES)
        place = {"parent_code": parent and self.world.code[parent], "code": code, "category": "territory"}
        return {"name": "河东网格", "reason": "给居民发通知", **place, **CONTACT, **given}

    def apply(self, who: str = "anonymous", parent: str | None = "village", **given: Any) -> str:
        """The token of an application that is open."""
        answer = self.ask(who, "POST", "/applications", json=self.wish(parent, **given), address=some_address())
        assert answer.status_code == CREATED, answer.text
        token: str = answer.json["token"]
        return token

    def status(self, token: str) -> Any:
        answer = self.ask("anonymous", "POST", "/applications/status", json={"token": token})
        assert answer.status_code == OK, answer.text
        return answer.json

    def id_of(self, token: str) -> str:
        found = self.world.one("select id from wuji.application where token_hash = %s", token_hash(token))
        return str(found)

    def accepted_event(self, token: str) -> list[tuple[str, str | None, Any]]:
        """(verb, tenant, event) of what the acceptance of an application left in the journal."""
        found = self.world.run(
            "select verb, t.name, r.event_id from wuji.journal_record r left join wuji.tenant t on t.id = r.tenant_id "
            "where r.event_id in (select event_id from wuji.journal_record where subject_id = %s) order by r.xid, r.id",
            self.id_of(token),
        )
        return [row for row in found.fetchall() if row[0].split(".")[-1] in {"accept", "add"}]

    def review(self, who: str, at: str, token: str, decision: str = "accept", **given: Any) -> TestResponse:
        """`reason` of the review; the rest goes to the call."""
        sent = {"decision": decision, **({"reason": given.pop("reason")} if "reason" in given else {})}
        return self.ask(who, "POST", f"/applications/{self.id_of(token)}/review", at=at, json=sent, **given)


@pytest.fixture(scope="session")
def app(server: Server) -> Iterator[Flask]:
    made = make_app(server)
    yield made
    made.extensions["wuji"].engine.dispose()


@pytest.fixture
def door(app: Flask, world: World) -> Door:
    return Door(app, world)


@pytest.fixture
def own(server: Server, make_database: Callable[[], str]) -> Iterator[Door]:
    """A deployment of the test's own: applications of roots belong to no world."""
    name = make_database()
    app = make_app(server, name)
    world = World(server, name)
    yield Door(app, world)
    world.close()
    app.extensions["wuji"].engine.dispose()


@pytest.fixture(scope="session")
def uscc() -> Callable[[], str]:
    return some_uscc


@pytest.fixture(scope="session")
def elsewhere() -> Callable[[], str]:
    return some_address


@pytest.fixture(scope="session")
def at_once() -> Callable[..., list[TestResponse]]:
    """Calls all of them in threads of their own, and waits for every answer."""

    def run(calls: Sequence[Callable[[], TestResponse]]) -> list[TestResponse]:
        with ThreadPoolExecutor(len(calls)) as pool:
            return [one.result(60) for one in [pool.submit(call) for call in calls]]

    return run


@pytest.fixture(scope="session")
def faults() -> Callable[[TestResponse], dict[str, str]]:
    """Pointer to message of a problem that names fields."""

    def read(answer: TestResponse) -> dict[str, str]:
        assert answer.status_code == UNFIT, answer.text
        assert answer.content_type == "application/problem+json"
        return {fault["pointer"]: fault["message"] for fault in answer.json["errors"]}

    return read


@pytest.fixture(scope="session")
def slug() -> Callable[[TestResponse], tuple[int, str]]:
    """Status and name of a problem."""

    def read(answer: TestResponse) -> tuple[int, str]:
        return answer.status_code, answer.json["type"].removeprefix("urn:wuji:problem:")

    return read
