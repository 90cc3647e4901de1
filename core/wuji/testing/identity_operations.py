"""Ids and bodies of identity's operations."""

from datetime import UTC, datetime, timedelta
from secrets import token_bytes, token_hex
from typing import Any

from wuji.identity.passwords import hash_password
from wuji.kit.crypto import make_token, token_hash
from wuji.testing.factories import factories
from wuji.testing.operations import body, parameter
from wuji.testing.world import World

SOON = timedelta(hours=1)
OLD, NEW = "correct horse battery", "staple correct horse"


@parameter("account_id")
def account_id(world: World, _who: str, tenant: str) -> str:
    """Of somebody who lives there and holds nothing elsewhere."""
    return str(world.person(f"p{token_hex(6)}", (tenant, "resident")))


@parameter("account_session_id")
def account_session_id(world: World, who: str, _tenant: str) -> str:
    """One more session of whoever asks."""
    until = datetime.now(UTC) + SOON
    owner = world.account.get(who, world.account["resident"])
    return str(
        world.one(
            "insert into wuji.account_session(token_hash, account_id, idle_at, ends_at) values (%s, %s, %s, %s) returning id",
            *(token_bytes(32), owner, until, until),
        )
    )


@parameter("role_grant_id")
def role_grant_id(world: World, who: str, tenant: str) -> str:
    """At a tenant; for the operator an operator's."""
    operator = {"tenant_id": None, "role_id": world.role["operator"]} if who == "operator" else {}
    return str(factories["wuji.role_grant"](world, tenant, account_id=world.account["stranger"], **operator))


def known(world: World, who: str) -> str:
    """Gives somebody a password and returns their login; nothing is written for whoever has no live session."""
    if who in world.account and who != "suspended":
        values = {"account_id": world.account[who], "kind": "password", "secret": hash_password(OLD)}
        world.insert("wuji.credential", values, ("account_id", "kind"))
    return f"{who}-{world.mark}"


def linked(world: World) -> str:
    """The token of a link that waits for the resident."""
    token = make_token("link")
    world.run(
        "insert into wuji.one_time_link(token_hash, account_id, purpose, expires_at) values (%s, %s, 'lost_password', %s)",
        *(token_hash(token), world.account["resident"], datetime.now(UTC) + SOON),
    )
    return token


@body("LoginIn")
def credentials(world: World, _who: str) -> dict[str, Any]:
    return {"login": known(world, "resident"), "password": OLD}


@body("MeIn")
def changed_account(_world: World, _who: str) -> dict[str, Any]:
    return {"name": "新名字", "locale": "en"}


@body("PasswordIn")
def changed_password(world: World, who: str) -> dict[str, Any]:
    known(world, who)
    return {"present_password": OLD, "password": NEW}


@body("TokenIn")
def link_token(world: World, _who: str) -> dict[str, Any]:
    return {"token": linked(world)}


@body("RedeemIn")
def redeemed_link(world: World, _who: str) -> dict[str, Any]:
    return {"token": linked(world), "password": NEW}


@body("NewcomerIn")
def newcomer(_world: World, _who: str) -> dict[str, Any]:
    return {"login": f"new-{token_hex(6)}", "name": "新来的", "role": "resident"}


@body("StateIn")
def state(_world: World, _who: str) -> dict[str, Any]:
    return {"state": "suspended"}


@body("GrantIn")
def grant(world: World, _who: str) -> dict[str, Any]:
    return {"login": f"stranger-{world.mark}", "role": "resident"}


@body("ReasonIn")
def reason(_world: World, _who: str) -> dict[str, Any]:
    return {"reason": "调走了"}


@body("OperatorNewcomerIn")
def operator_newcomer(world: World, _who: str) -> dict[str, Any]:
    return {"login": f"new-{token_hex(6)}", "name": "市里的", "root": world.code["city"]}


@body("OperatorGrantIn")
def operator_grant(world: World, _who: str) -> dict[str, Any]:
    return {"login": f"stranger-{world.mark}"}
