"""Ids and bodies of onboarding's operations, and of the roles of a root."""

from datetime import UTC, datetime, timedelta
from secrets import randbelow, token_hex
from typing import Any

from psycopg.types.json import Jsonb

from wuji.kit.crypto import make_token, token_hash
from wuji.testing.factories import Columns, factories, factory
from wuji.testing.operations import body, needs, parameter, places
from wuji.testing.world import World

places.update(dict.fromkeys(("make_role", "show_role", "put_role", "delete_role"), "other"))  # a root
ID_DIGITS = 9  # ids of one length: answers repeat them
SOON = timedelta(days=1)


@parameter("application_id")
def application_id(world: World, who: str, tenant: str) -> str:
    """Of a tenant; for the operator of a root."""
    place = {"tenant_id": None} if who == "operator" else {}
    return str(factories["wuji.application"](world, tenant, **place))


@parameter("invitation_id")
def invitation_id(world: World, _who: str, tenant: str) -> str:
    return str(factories["wuji.invitation"](world, tenant))


@factory("wuji.registration")
def registration(world: World, _tenant: str) -> Columns:
    """Of somebody who belongs nowhere yet."""
    name = f"p{token_hex(6)}"
    return {"account_id": world.person(name), "account_name": name, "note": "河东 12 号"}


@parameter("registration_id")
def registration_id(world: World, _who: str, tenant: str) -> str:
    return str(factories["wuji.registration"](world, tenant))


@parameter("registration_id", of=["withdraw_own_registration"])
def own_registration_id(world: World, who: str, _tenant: str) -> str:
    owner = world.account.get(who, world.account["resident"])
    world.run("delete from wuji.registration where account_id = %s", owner)
    return str(factories["wuji.registration"](world, "sibling", account_id=owner))


places["register_here"] = "niece"  # where nobody is yet
needs["register_here"] = lambda world: factories["wuji.setting_value"](
    world, "niece", key="onboarding.registration", value=Jsonb("review")
)


@parameter("role_id", absent=lambda: "9" * ID_DIGITS)
def role_id(world: World, _who: str, tenant: str) -> str:
    return str(factories["wuji.role"](world, tenant)).zfill(ID_DIGITS)


def applied(world: World) -> str:
    """The token of an open application at the village."""
    token = make_token("application")
    factories["wuji.application"](world, "village", token_hash=token_hash(token))
    return token


def invited(world: World, who: str) -> str:
    """The token of an invitation to a role that `who` does not hold."""
    token = make_token("invitation")
    role = world.role["resident" if who == "member" else "member"]
    factories["wuji.invitation"](world, "village", token_hash=token_hash(token), role_id=role)
    return token


def wish(world: World) -> dict[str, Any]:
    place = {"name": "新网格", "code": f"{world.code['village']}{randbelow(900) + 100}", "category": "territory"}
    return {**place, "contact_name": "吴桂芳", "contact_phone": "0562-1234567", "reason": "给居民发通知"}


@body("ApplicationIn")
def application(world: World, _who: str) -> dict[str, Any]:
    return {**wish(world), "parent_code": world.code["village"]}


@body("ApplicationAmendIn")
def amended(world: World, _who: str) -> dict[str, Any]:
    return {**wish(world), "token": applied(world)}


@body("ApplicationTokenIn")
def application_token(world: World, _who: str) -> dict[str, Any]:
    return {"token": applied(world)}


@body("ReviewIn")
def review(_world: World, _who: str) -> dict[str, Any]:
    return {"decision": "reject", "reason": "编码和名称对不上"}


@body("SetupIn")
def setup(_world: World, _who: str) -> dict[str, Any]:
    return {"done": ["theme"]}


@body("InvitationIn")
def invitation(_world: World, _who: str) -> dict[str, Any]:
    return {"role": "resident", "uses": 3, "expires_at": (datetime.now(UTC) + SOON).isoformat()}


@body("InvitationTokenIn")
def invitation_token(world: World, who: str) -> dict[str, Any]:
    return {"token": invited(world, who)}


@body("RedeemInvitationIn")
def redeemed(world: World, who: str) -> dict[str, Any]:
    """Whoever has no live session makes an account."""
    person = {"login": f"new-{token_hex(6)}", "name": "新居民", "password": "correct horse battery"}
    return {"token": invited(world, who), **(person if who in {"anonymous", "suspended"} else {})}


@body("NewResidentIn")
def registered(_world: World, who: str) -> dict[str, Any]:
    """Whoever has no live session makes an account."""
    person = {"login": f"new-{token_hex(6)}", "name": "新居民", "password": "correct horse battery"}
    return {"note": "河东 12 号", "edition": 1, **(person if who in {"anonymous", "suspended"} else {})}


@body("RoleIn")
def role(_world: World, _who: str) -> dict[str, Any]:
    return {**changed_role(_world, _who), "name": f"r{token_hex(6)}"}


@body("RoleChangeIn")
def changed_role(_world: World, _who: str) -> dict[str, Any]:
    carries = {"reach": "subtree", "class": 3, "permissions": ["journal.record.read"]}
    return {"label": {"zh-CN": "督查员", "en": "Inspector"}, **carries}
