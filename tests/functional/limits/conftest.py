"""A deployment that counts calls in a Valkey of the test's own, at a hundredth of the usual limits."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from pathlib import Path
from secrets import randbits
from typing import Any

import pytest
from flask import Flask
from valkey import Valkey as Client
from werkzeug.test import TestResponse

from wuji.kit.embedded.valkey import Valkey
from wuji.kit.options import load
from wuji.testing import Server, World
from wuji.testing.application import make_app
from wuji.testing.plugins import plugin_options

COOKIE = "wuji-8000"


def some_address() -> str:
    return str(IPv6Address(0xFD << 120 | randbits(56) << 64 | 1))


@dataclass
class Counted:
    """Calls of people of a world, and what Valkey keeps of them."""

    app: Flask
    world: World
    valkey: Valkey
    address: str = field(default_factory=some_address)

    def ask(self, who: str, method: str, path: str, **given: Any) -> TestResponse:
        """`path` below /api/v1, or from the root where it begins with two slashes; `address`: where the call comes from."""
        client = self.app.test_client()
        if who in self.world.cookie:
            client.set_cookie(COOKIE, self.world.cookie[who])
        headers = {"X-Wuji-Request": "1", "Accept-Language": "en", **given.pop("headers", {})}
        place = {"REMOTE_ADDR": given.pop("address", self.address)}
        url = path[1:] if path.startswith("//") else f"/api/v1{path}"
        return client.open(url, method=method, headers=headers, environ_overrides=place, buffered=True, **given)

    def at(self, tenant: str, path: str) -> str:
        return f"/tenants/{self.world.code[tenant]}{path}"

    def guess(self, who: str = "anonymous", **given: Any) -> TestResponse:
        """Something that anybody may send: at the built-in limit of six hundred, here six."""
        return self.ask(who, "POST", "/invitations/show", json={"token": "none"}, **given)

    def kept(self) -> dict[str, int]:
        """What lies in Valkey: name to milliseconds that it will still lie there."""
        with Client.from_url(self.valkey.url) as client:
            return {key.decode(): client.pttl(key) for key in client.keys("*")}

    def asked(self) -> int:
        """How many times a bucket was asked."""
        with Client.from_url(self.valkey.url) as client:
            return int(client.info("commandstats").get("cmdstat_evalsha", {"calls": 0})["calls"])


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="wuji-test-", dir="/tmp"))  # as root it must be open to whom root drops to
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def valkey(folder: Path) -> Iterator[Valkey]:
    made = Valkey(folder / "home")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def serve(server: Server, world: World, valkey: Valkey) -> Iterator[Callable[..., Counted]]:
    """With options of the test's own beside the usual ones."""
    apps: list[Flask] = []

    def make(**options: str) -> Counted:
        usual = {
            "WUJI_MODE": "development",
            "WUJI_FILES_DIR": str(server.files),
            "WUJI_BROKER_URL": valkey.broker_url,
            "WUJI_RATE_LIMITS": "1",
        }
        apps.append(make_app(server, options=load({**usual, **plugin_options(), **options})))
        return Counted(apps[-1], world, valkey)

    yield make
    for app in apps:
        app.extensions["wuji"].engine.dispose()


@pytest.fixture
def counted(serve: Callable[..., Counted]) -> Counted:
    return serve()
