"""People of a world before the product's own HTTP."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from wuji.testing import Server, World
from wuji.testing.application import make_app

COOKIE = "wuji-8000"
Ask = Callable[..., TestResponse]


@pytest.fixture(scope="module")
def app(server: Server) -> Iterator[Flask]:
    made = make_app(server)
    yield made
    made.extensions["wuji"].engine.dispose()


@pytest.fixture
def ask(app: Flask, world: World) -> Ask:
    """`ask(who, method, path, at="village", version=1, json=...)`: as somebody, below a tenant's address or (at=None) not."""

    def send(
        who: str, method: str, path: str = "", *, at: str | None = None, version: object = None, **given: Any
    ) -> TestResponse:
        client = app.test_client()
        if who in world.cookie:
            client.set_cookie(COOKIE, world.cookie[who])
        headers = {"X-Wuji-Request": "1", "Accept-Language": "en", **given.pop("headers", {})}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        place = f"/tenants/{world.code[at]}" if at else ""
        return client.open(f"/api/v1{place}{path}", method=method, headers=headers, **given)

    return send


@pytest.fixture(scope="session")
def faults() -> Callable[[TestResponse], dict[str, str]]:
    """Pointer to message of a problem that names fields."""

    def read(answer: TestResponse) -> dict[str, str]:
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, answer.text
        assert answer.content_type == "application/problem+json"
        return {fault["pointer"]: fault["message"] for fault in answer.json["errors"]}

    return read


@pytest.fixture
def journal(world: World) -> Callable[[str | None], list[tuple[Any, ...]]]:
    """(verb, subject, fields, reason) of what is recorded at a tenant, oldest first."""

    def read(tenant: str | None) -> list[tuple[Any, ...]]:
        rows = world.run(
            "select verb, subject_id, fields, reason from wuji.journal_record "
            "where tenant_id is not distinct from %s and account_id = any(%s) order by id",
            tenant and world.tenant[tenant],
            list(world.account.values()),
        )
        return list(rows)

    return read
