"""Rows of account recoveries, and ids and bodies of the operations about them."""

from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

from wuji.testing.factories import Columns, factories, factory
from wuji.testing.factors_operations import own_factor
from wuji.testing.operations import body, parameter
from wuji.testing.world import World

WAITING: Columns = {"ended_by": None, "ended_at": None}


@factory("wuji.account_recovery")
def account_recovery(world: World, tenant: str) -> Columns:
    """Of somebody who lives there; ended, as only one waits for each."""
    name = f"p{token_hex(6)}"
    told = {"account_name": name, "reason": "本人到场，看过身份证", "expires_at": datetime.now(UTC) + timedelta(days=3)}
    ended = {"ended_by": world.system, "ended_at": datetime.now(UTC)}
    return {"account_id": world.person(name, (tenant, "resident")), "asked_by": world.system, **told, **ended}


@parameter("account_recovery_id")
def account_recovery_id(world: World, _who: str, tenant: str) -> str:
    """Asked for by somebody of the place who may."""
    asker = world.person(f"p{token_hex(6)}", (tenant, "head"))
    return str(factories["wuji.account_recovery"](world, tenant, asked_by=asker, **WAITING))


@parameter("account_recovery_id", of=["stop_own_recovery"])
def own_recovery_id(world: World, who: str, tenant: str) -> str:
    owner = world.account.get(who, world.account["resident"])
    open_ones = (
        "update wuji.account_recovery set ended_at = now(), ended_by = %s where account_id = %s and ended_at is null"
    )
    world.run(open_ones, world.system, owner)
    return str(factories["wuji.account_recovery"](world, tenant, account_id=owner, **WAITING))


@parameter("account_id", of=["ask_account_recovery"])
def provable_account_id(world: World, _who: str, tenant: str) -> str:
    """Of somebody who lives there and has a second step."""
    name = f"p{token_hex(6)}"
    account = world.person(name, (tenant, "resident"))
    own_factor(world, name)
    return str(account)


@body("RecoveryIn")
def recovery_in(_world: World, _who: str) -> dict[str, Any]:
    return {"reason": "本人到场，看过身份证"}


@body("RecoveryEndIn")
def recovery_end(_world: World, _who: str) -> dict[str, Any]:
    return {"reason": "问过本人，没有丢"}
