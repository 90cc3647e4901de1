"""Rules over HTTP, of plugins that this test has written."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from wuji.testing import World
from wuji.testing.workshop import Workshop

Ask = Callable[..., TestResponse]
Show = Callable[..., dict[str, Any]]


@pytest.fixture
def plugin(workshop: Workshop) -> str:
    """One that does nothing: no table, so no database has to know it."""
    return workshop.write()


@pytest.fixture
def app(workshop: Workshop, serve: Callable[..., Flask], plugin: str) -> Flask:
    plugins = workshop.load()
    assert plugin in plugins.by_id, plugins.quarantined
    return serve(plugins)


@pytest.fixture
def ask(app: Flask, world: World) -> Ask:
    """`ask(who, method, path, at="village", version=1, json=...)`."""

    def send(
        who: str, method: str, path: str, *, at: str | None = None, version: Any = None, **given: Any
    ) -> TestResponse:
        client = given.pop("app", app).test_client()
        if who in world.cookie:
            client.set_cookie("wuji-8000", world.cookie[who])
        headers = {"X-Wuji-Request": "1", "Accept-Language": "en", **given.pop("headers", {})}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        place = f"/tenants/{world.code[at]}" if at else ""
        return client.open(f"/api/v1{place}{path}", method=method, headers=headers, **given)

    return send


@pytest.fixture
def say(ask: Ask, world: World, plugin: str) -> Ask:
    """`say("district", "require", at="street")`: the official of a tenant, acting there, about a tenant at or below it."""

    def send(
        by: str, rule: str, *, at: str | None = None, version: int | None = 0, dry_run: bool = False, **more: Any
    ) -> TestResponse:
        about = more.pop("plugin_id", plugin)
        path = f"/plugin-rules/{world.tenant[at or by]}/{about}{'?dry_run=true' if dry_run else ''}"
        return ask(f"official@{by}", "PUT", path, at=by, version=version, json={"rule": rule, **more})

    return send


@pytest.fixture
def show(ask: Ask, plugin: str) -> Show:
    """The plugin as it stands at a tenant."""

    def read(tenant: str) -> dict[str, Any]:
        answer = ask(f"official@{tenant}", "GET", f"/plugins/{plugin}", at=tenant)
        assert answer.status == "200 OK", answer.text
        found: dict[str, Any] = answer.json
        return found

    return read


@pytest.fixture
def active(show: Show, world: World) -> Callable[[], set[str]]:
    """Names of tenants of the first tree where the plugin is active."""
    return lambda: {name for name in world.below("city") if show(name)["active"]}
