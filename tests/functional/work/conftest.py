"""A deployment whose files lie in a folder of the tests' own."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from wuji.kit.options import load
from wuji.testing import Server, World
from wuji.testing.application import make_app

Ask = Callable[..., TestResponse]


@pytest.fixture
def files_dir(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def app(server: Server, files_dir: Path) -> Iterator[Flask]:
    made = make_app(server, options=load({"WUJI_MODE": "development", "WUJI_FILES_DIR": str(files_dir)}))
    yield made
    made.extensions["wuji"].engine.dispose()


@pytest.fixture
def ask(app: Flask, world: World) -> Ask:
    """Calls as somebody of the world, below their tenant."""

    def send(who: str, method: str, tenant: str, path: str, headers: Any = None, **given: Any) -> TestResponse:
        client = app.test_client()
        if who in world.cookie:
            client.set_cookie("wuji-8000", world.cookie[who])
        usual = {"X-Wuji-Request": "1", "Accept-Language": "en"}
        address = f"/api/v1/tenants/{world.code[tenant]}{path}"
        return client.open(address, method=method, headers={**usual, **(headers or {})}, buffered=True, **given)

    return send


@pytest.fixture
def export(ask: Ask) -> Callable[..., TestResponse]:
    """Asks for an export as the village's official."""

    def send(name: str, how: str = "csv", who: str = "official@village", **given: Any) -> TestResponse:
        filters = given.pop("filters", {})
        sent = {"list": name, "format": how, "filters": filters}
        return ask(who, "POST", given.pop("tenant", "village"), "/exports", json=sent, **given)

    return send


@pytest.fixture
def download(ask: Ask) -> Callable[..., TestResponse]:
    """The file of a job that an export has answered."""

    def get(
        answer: TestResponse, who: str = "official@village", tenant: str = "village", **headers: str
    ) -> TestResponse:
        assert answer.status_code == HTTPStatus.CREATED, answer.text
        return ask(who, "GET", tenant, f"/jobs/{answer.json['id']}/file", headers=headers)

    return get
