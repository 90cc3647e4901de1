"""Plugins of a test's own, and applications that serve them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from wuji.app import create_app
from wuji.assembly import make_deployment
from wuji.kit.clock import Clock, now
from wuji.kit.db.engine import make_engine
from wuji.kit.options import load
from wuji.plugin.plugins import Plugins
from wuji.testing import Server
from wuji.testing.workshop import Workshop

Serve = Callable[..., Flask]


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    made = Workshop(tmp_path / "plugins")
    yield made
    made.close()


@pytest.fixture
def serve(server: Server) -> Iterator[Serve]:
    """An application with these plugins, on the shared database or another one."""
    apps: list[Flask] = []

    def make(plugins: Plugins, database: str | None = None, mode: str = "production", clock: Clock = now) -> Flask:
        engine = make_engine(server.url("wuji_app", database or server.shared), pool_size=4)
        options = load({"WUJI_FILES_DIR": str(server.files), "WUJI_MODE": mode})
        apps.append(create_app(make_deployment(options, engine, server.seal, plugins, clock)))
        return apps[-1]

    yield make
    for app in apps:
        app.extensions["wuji"].engine.dispose()
