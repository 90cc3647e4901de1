"""Plugins of a test's own, applications that serve them, and what they log."""

import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from wuji.app import create_app
from wuji.assembly import make_deployment
from wuji.kit.clock import Clock, now
from wuji.kit.db.engine import make_engine
from wuji.kit.embedded.valkey import Valkey
from wuji.kit.logs import make_handler
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
def valkey() -> Iterator[Valkey]:
    """A broker of the test's own, gone again whatever becomes of the test."""
    home = Path(tempfile.mkdtemp(prefix="wf"))  # the path of a socket is short
    made = Valkey(home)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(home)


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


@pytest.fixture
def log_lines() -> Callable[[str, Callable[[], object]], list[Mapping[str, Any]]]:
    """`log_lines(logger, act)`: what that logger writes meanwhile, as objects."""

    def read(name: str, act: Callable[[], object]) -> list[Mapping[str, Any]]:
        written = StringIO()
        log, handler = logging.getLogger(name), make_handler(load({}), written)
        level = log.level
        log.setLevel(logging.INFO)
        log.addHandler(handler)
        try:
            act()
        finally:
            log.removeHandler(handler)
            log.setLevel(level)
        return [json.loads(line) for line in written.getvalue().splitlines()]

    return read
