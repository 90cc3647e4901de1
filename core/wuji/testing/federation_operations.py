"""Rows of login providers, and ids and bodies of the operations about them."""

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_bytes, token_hex
from threading import Thread
from typing import Any

from wuji.testing.factories import Columns, factories, factory
from wuji.testing.identity_operations import known
from wuji.testing.operations import body, needs, parameter
from wuji.testing.world import World


@factory("wuji.login_provider")
def login_provider(world: World, _tenant: str) -> Columns:
    """One that nobody answers for."""
    asked = {"kind": "oidc", "name": "市统一认证", "client_id": "wuji", "admits": "linked"}
    return {**asked, "issuer": f"http://127.0.0.1:9/{token_hex(6)}", "created_by": world.system}


@factory("wuji.login_provider_secret", "provider_id")
def login_provider_secret(world: World, tenant: str) -> Columns:
    return {"provider_id": factories["wuji.login_provider"](world, tenant), "secret": token_bytes(8)}


@factory("wuji.login_state", "state_hash")
def login_state(world: World, tenant: str) -> Columns:
    provider = factories["wuji.login_provider"](world, tenant)
    bound = {"state_hash": token_bytes(32), "browser_hash": token_bytes(32), "kept": token_bytes(8), "target": ""}
    return {**bound, "provider_id": provider, "expires_at": datetime.now(UTC) + timedelta(minutes=10)}


@factory("wuji.external_identity")
def external_identity(world: World, _tenant: str) -> Columns:
    known = {"iss": f"https://id.example/{token_hex(6)}", "sub": token_hex(8), "name": "市统一认证"}
    return {"account_id": world.account["resident"], **known}


@parameter("login_provider_id")
def login_provider_id(world: World, _who: str, tenant: str) -> str:
    return str(factories["wuji.login_provider"](world, tenant))


@parameter("external_identity_id")
def external_identity_id(world: World, who: str, tenant: str) -> str:
    account = world.account.get(who, world.account["resident"])
    return str(factories["wuji.external_identity"](world, tenant, account_id=account))


@body("ProviderIn")
def provider_in(_world: World, _who: str) -> dict[str, Any]:
    return {"name": "市统一认证", "issuer": "https://id.example", "client_id": "wuji", "admits": "linked"}


@body("ProviderChangeIn")
def provider_change_in(_world: World, _who: str) -> dict[str, Any]:
    return {"name": "市统一认证", "client_id": "wuji", "admits": "linked"}


class Metadata(BaseHTTPRequestHandler):
    """What a provider says of itself; more is not asked of it before anybody comes back."""

    def do_GET(self) -> None:
        issuer = f"http://{self.headers['Host']}"
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        said = json.dumps({"issuer": issuer, **{name: f"{issuer}/{name}" for name in names}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_args: object) -> None:
        """Nothing to say."""


@lru_cache
def answering() -> str:
    """The issuer of one that does answer, for as long as the tests run."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Metadata)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def offered(world: World) -> None:
    factories["wuji.login_provider"](world, "city", issuer=answering())


@body("LinkBeginIn")
def link_begin_in(world: World, _who: str) -> dict[str, Any]:
    asked = "select id from wuji.login_provider where issuer = %s order by created_at desc limit 1"
    return {"provider_id": str(world.one(asked, answering()))}


def with_passwords(world: World) -> None:
    """The last way in stays: each has another one."""
    for who in [one for one in world.account if one != "suspended"]:
        known(world, who)


needs["begin_linking"] = offered
needs["unlink_external_identity"] = with_passwords
