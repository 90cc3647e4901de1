"""Rows of second factors, and ids and bodies of the operations about them."""

import base64
import time
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

import msgspec
from pyotp import TOTP

from wuji.identity.factors.services.entering import Halfway, close_step
from wuji.identity.factors.services.factors import PURPOSE
from wuji.identity.factors.services.passkeys import PURPOSE as PASSKEY
from wuji.identity.factors.services.passkeys import ROW as CEREMONY
from wuji.identity.factors.services.passkeys import Ceremony
from wuji.kit.sealing import Vault
from wuji.testing.application import BASE_URL
from wuji.testing.authenticator import Authenticator, b64
from wuji.testing.factories import Columns, factory
from wuji.testing.identity_operations import OLD, known
from wuji.testing.operations import body, needs, parameter
from wuji.testing.world import World

DEVICES: WeakKeyDictionary[World, dict[str, Authenticator]] = WeakKeyDictionary()
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of these rows alone


def own_factor(world: World, who: str, *, confirmed: bool = True) -> UUID:
    """One of whoever asks, by an app that knows `SECRET`."""
    factor_id, account = uuid4(), world.account.get(who, world.account["resident"])
    kept = Vault(world.server.seal, PURPOSE).close(str(factor_id), SECRET)
    world.insert(
        "wuji.factor", {"id": factor_id, "account_id": account, "kind": "totp", "name": "手机", "secret": kept}, ()
    )
    if confirmed:
        world.run("update wuji.factor set confirmed_at = now() where id = %s", factor_id)
    return factor_id


def code_now() -> str:
    return TOTP(SECRET).at(int(time.time()))


@factory("wuji.factor")
def factor(world: World, _tenant: str) -> Columns:
    return {"account_id": world.account["resident"], "kind": "totp", "name": "手机", "secret": token_bytes(8)}


@factory("wuji.recovery_code", "account_id", "code_hash")
def recovery_code(world: World, _tenant: str) -> Columns:
    return {"account_id": world.account["resident"], "code_hash": token_bytes(32)}


@parameter("factor_id")
def factor_id(world: World, who: str, _tenant: str) -> str:
    return str(own_factor(world, who, confirmed=False))


@body("FactorIn")
def factor_in(world: World, who: str) -> dict[str, Any]:
    known(world, who)
    return {"name": "手机", "password": OLD}


@body("FactorCodeIn")
def code_in(_world: World, _who: str) -> dict[str, Any]:
    return {"code": code_now()}


@body("OwnIn")
@body("PasswordAgainIn")
def password_again(_world: World, _who: str) -> dict[str, Any]:
    return {"password": OLD}


def everybody_proven(world: World) -> None:
    """With a password, and an app that shows codes."""
    for who in [one for one in world.account if one != "suspended"]:
        known(world, who)
        own_factor(world, who)


needs["delete_factor"] = needs["make_recovery_codes"] = needs["raise_session"] = everybody_proven


@body("StepIn")
def step_in(_world: World, _who: str) -> dict[str, Any]:
    return {"kind": "totp", "code": code_now()}


@body("SecondStepIn")
def second_step(world: World, _who: str) -> dict[str, Any]:
    own_factor(world, "resident")
    halfway = Halfway(world.account["resident"], int(time.time()))
    return {"kind": "totp", "code": code_now(), "continuation": close_step(world.server.seal, halfway)}


def begun(world: World, account: UUID | None, *, ago: int = 0) -> tuple[str, str]:
    """A ceremony as the program would have closed it so many seconds ago, and its challenge."""
    challenge = token_bytes(32)
    told = msgspec.json.encode(Ceremony(challenge, int((time.time() - ago) * 1_000_000), account)).decode()
    closed = Vault(world.server.seal, PASSKEY).close(CEREMONY, told)
    return base64.urlsafe_b64encode(closed).decode(), b64(challenge)


def own_passkey(world: World, who: str) -> Authenticator:
    """A device that holds one of whoever asks."""
    made = Authenticator(BASE_URL)
    values = {"account_id": world.account.get(who, world.account["resident"]), "kind": "passkey", "name": "手机"}
    kept = {"credential_id": made.id, "public_key": made.public_key, "host": made.host, "id": uuid4()}
    world.insert("wuji.factor", values | kept, ())
    world.run("update wuji.factor set confirmed_at = now() where id = %s", kept["id"])
    return made


def everybody_keyed(world: World) -> None:
    """With a device that holds a passkey of theirs."""
    DEVICES[world] = {who: own_passkey(world, who) for who in world.account if who != "suspended"}


def everybody_known(world: World) -> None:
    for who in [one for one in world.account if one != "suspended"]:
        known(world, who)


needs["begin_own_passkey"] = everybody_proven
needs["raise_session_by_password"] = everybody_known
needs["raise_session_by_passkey"] = needs["open_session_by_passkey"] = everybody_keyed


@body("PasskeyIn")
def passkey_in(world: World, who: str) -> dict[str, Any]:
    ceremony, challenge = begun(world, world.account.get(who, world.account["resident"]))
    return {"name": "手机", "ceremony": ceremony, "credential": Authenticator(BASE_URL).make(challenge)}


@body("PasskeyStepIn")
def passkey_step(world: World, who: str) -> dict[str, Any]:
    ceremony, challenge = begun(world, None)
    devices = DEVICES[world]
    return {"ceremony": ceremony, "credential": devices.get(who, devices["resident"]).show(challenge)}


@body("PasskeyLoginIn")
def passkey_login(world: World, _who: str) -> dict[str, Any]:
    return passkey_step(world, "resident")


@body("ContinuationIn")
def continuation_in(_world: World, _who: str) -> dict[str, Any]:
    return {}
