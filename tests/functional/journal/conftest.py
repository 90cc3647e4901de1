"""A deployment of these tests' own: sealing takes whatever it finds, and others leave records of their own making behind."""

from collections.abc import Callable, Iterator
from secrets import token_hex
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from wuji.testing import Server, World
from wuji.testing.application import make_app

Ask = Callable[..., TestResponse]


@pytest.fixture(scope="module")
def database(server: Server) -> Iterator[str]:
    name = server.make(f"journal_{token_hex(4)}", server.template)
    yield name
    server.drop(name)


@pytest.fixture
def world(server: Server, database: str) -> Iterator[World]:
    made = World(server, database)
    yield made
    made.close()


@pytest.fixture
def system(server: Server, database: str) -> Engine:
    return server.engine("wuji_system", database)


@pytest.fixture(scope="module")
def app(server: Server, database: str) -> Iterator[Flask]:
    made = make_app(server, database)
    yield made
    made.extensions["wuji"].engine.dispose()


@pytest.fixture
def ask(app: Flask, world: World) -> Ask:
    """GET as somebody of the world."""

    def get(who: str, path: str, **query: Any) -> TestResponse:
        client = app.test_client()
        if who in world.cookie:
            client.set_cookie("wuji-8000", world.cookie[who])
        return client.get(f"/api/v1{path}", query_string=query, headers={"Accept-Language": "en"})

    return get


@pytest.fixture
def happen(world: World) -> Callable[..., Any]:
    """Records that something happened at a tenant, done by an official of that tenant; returns the record's id."""

    def record(tenant: str, verb: str = "test.thing.made", fields: str = "{a,b}") -> Any:
        with world.enter(f"official@{tenant}", tenant) as tx:
            statement = "select wuji.record(%s, 'thing', '7', %s, %s, null, 'why')"
            made = tx.one(statement, verb, world.tenant[tenant], fields)
            tx.commit()
        return made

    return record
