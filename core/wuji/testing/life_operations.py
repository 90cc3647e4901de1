"""Rows of what people agreed to and of accounts that end, and bodies of the operations about them."""

from datetime import UTC, datetime, timedelta
from secrets import token_bytes, token_hex
from typing import Any

from wuji.identity.life.services.merging import LETTERS, read_code
from wuji.testing.factories import Columns, factories, factory
from wuji.testing.operations import body, needs
from wuji.testing.world import World


@factory("wuji.consent")
def consent(world: World, _tenant: str) -> Columns:
    """To a purpose that nothing declares: of each only one is in force."""
    return {"account_id": world.account["resident"], "purpose": f"p{token_hex(6)}", "edition": 1}


@factory("wuji.account_closure", "account_id")
def account_closure(world: World, _tenant: str) -> Columns:
    return {"account_id": world.account["resident"]}


@factory("wuji.merge_code")
def merge_code(world: World, _tenant: str) -> Columns:
    soon = datetime.now(UTC) + timedelta(minutes=15)
    return {"code_hash": token_bytes(32), "account_id": world.account["resident"], "expires_at": soon}


def give_up_offices(world: World) -> None:
    """Whoever may ask has nothing to hand over first, and somebody's closure waits."""
    for account in world.account.values():
        world.run("update wuji.role_grant set revoked_at = now() where account_id = %s", account)
        world.insert("wuji.account_closure", {"account_id": account}, ("account_id",))


needs["close_own_account"] = needs["keep_own_account"] = give_up_offices


@body("ConsentIn")
def agreed(_world: World, _who: str) -> dict[str, Any]:
    return {"purpose": "account", "edition": 1}


@body("ClosureIn")
def closed(world: World, who: str) -> dict[str, Any]:
    return {"login": f"{who}-{world.mark}"}


@body("MergeIn")
def merged(world: World, who: str) -> dict[str, Any]:
    """The code of an account that stays; nothing is written for whoever has no live session."""
    if who in {"anonymous", "suspended"}:
        return {"code": "BCDF-GHJK-LMNP"}
    code = "".join(LETTERS[byte % len(LETTERS)] for byte in token_bytes(12))
    factories["wuji.merge_code"](world, "village", code_hash=read_code(code), account_id=world.account["neighbour"])
    return {"code": code}
