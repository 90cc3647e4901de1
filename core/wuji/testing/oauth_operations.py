"""Rows of programs of others, and ids and bodies of the operations about them."""

from datetime import UTC, datetime, timedelta
from secrets import token_bytes, token_hex
from typing import Any

from psycopg.types.json import Jsonb

from wuji.testing.factories import Columns, factories, factory
from wuji.testing.operations import body, parameter
from wuji.testing.world import World


@factory("wuji.oauth_client")
def oauth_client(world: World, _tenant: str) -> Columns:
    """One with a secret that nobody knows."""
    service = world.insert("wuji.account", {"type": "service", "login": f"client-{token_hex(8)}", "name": "应用"}, ())
    metadata = {"client_name": "应用", "redirect_uris": ["https://app.example/back"]}
    made = {"account_id": service, "created_by": world.system, "secret_hash": token_bytes(32)}
    return {"client_id": f"wuji_{token_hex(12)}", "name": "应用", "metadata": Jsonb(metadata), **made}


@factory("wuji.oauth_invitation")
def oauth_invitation(world: World, _tenant: str) -> Columns:
    ends = datetime.now(UTC) + timedelta(days=1)
    return {"token_hash": token_bytes(32), "uses": 1, "created_by": world.system, "expires_at": ends}


@factory("wuji.oauth_proof", "digest")
def oauth_proof(_world: World, _tenant: str) -> Columns:
    return {"digest": token_bytes(32), "expires_at": datetime.now(UTC)}


@factory("wuji.oauth_pushed", "request_hash")
def oauth_pushed(world: World, tenant: str) -> Columns:
    client = factories["wuji.oauth_client"](world, tenant)
    return {"request_hash": token_bytes(32), "client_id": client, "params": Jsonb({}), "expires_at": datetime.now(UTC)}


@factory("wuji.oauth_consent", "account_id", "client_id")
def oauth_consent(world: World, tenant: str) -> Columns:
    client = factories["wuji.oauth_client"](world, tenant)
    return {"account_id": world.account["resident"], "client_id": client, "tenant_id": world.tenant[tenant]}


@factory("wuji.oauth_key", "kid")
def oauth_key(_world: World, _tenant: str) -> Columns:
    made = {"alg": f"none-{token_hex(6)}", "generation": 1, "public": Jsonb({}), "private": token_bytes(8)}
    return {"kid": token_hex(8), **made, "signs_from": datetime.now(UTC)}


@factory("wuji.oauth_family")
def oauth_family(world: World, tenant: str) -> Columns:
    client = factories["wuji.oauth_client"](world, tenant)
    return {
        "client_id": client,
        "account_id": world.account["resident"],
        "ends_at": datetime.now(UTC) + timedelta(days=1),
    }


@factory("wuji.oauth_code", "code_hash")
def oauth_code(world: World, tenant: str) -> Columns:
    family = factories["wuji.oauth_family"](world, tenant)
    asked = {"redirect_uri": "https://app.example/back", "challenge": "x" * 43}
    return {"code_hash": token_bytes(32), "family_id": family, **asked, "expires_at": datetime.now(UTC)}


@factory("wuji.oauth_token", "token_hash")
def oauth_token(world: World, tenant: str) -> Columns:
    family = factories["wuji.oauth_family"](world, tenant)
    return {"token_hash": token_bytes(32), "family_id": family, "kind": "access", "expires_at": datetime.now(UTC)}


@factory("wuji.oauth_device", "device_hash")
def oauth_device(world: World, tenant: str) -> Columns:
    client = factories["wuji.oauth_client"](world, tenant)
    hashes: Columns = {"device_hash": token_bytes(32), "user_hash": token_bytes(32)}
    return {**hashes, "client_id": client, "pause": 5, "expires_at": datetime.now(UTC)}


@parameter("oauth_family_id")
def oauth_family_id(world: World, who: str, tenant: str) -> str:
    """Of a device that whoever asks has allowed."""
    owner = world.account.get(who, world.account["resident"])
    return str(factories["wuji.oauth_family"](world, tenant, account_id=owner, device="村部的电视"))


@parameter("client_id")
def client_id(world: World, who: str, tenant: str) -> str:
    """Of a program that whoever asks has allowed something."""
    owner = world.account.get(who, world.account["resident"])
    client = factories["wuji.oauth_client"](world, tenant)
    factories["wuji.oauth_consent"](world, tenant, account_id=owner, client_id=client)
    return str(world.one("select client_id from wuji.oauth_client where id = %s", client))


@body("ClientIn")
def client_in(_world: World, _who: str) -> dict[str, Any]:
    return {"metadata": {"client_name": "邻里通", "redirect_uris": ["https://app.example/back"]}}


@body("ClientInvitationIn")
def invitation_in(_world: World, _who: str) -> dict[str, Any]:
    return {"uses": 3, "days": 1}
