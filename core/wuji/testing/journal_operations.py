"""Ids and bodies of the journal's operations."""

from secrets import token_hex
from typing import Any
from uuid import UUID

from wuji.testing.factories import Columns, factories, factory
from wuji.testing.operations import body, parameter
from wuji.testing.world import World

NOBODYS = "nobody.follows"


@factory("wuji.consumer")
def consumer(_world: World, _tenant: str) -> Columns:
    return {"name": f"test.{token_hex(6)}", "runs": "job", "kinds": ["thing"], "paused": True}


@factory("wuji.poison")
def poison(world: World, tenant: str) -> Columns:
    record = factories["wuji.journal_record"](world, tenant)
    return {"consumer": factories["wuji.consumer"](world, tenant), "record_id": record, "reason": "it cannot be read"}


@parameter("consumer_id", absent=lambda: NOBODYS)
def consumer_id(world: World, _who: str, tenant: str) -> str:
    """Consumers are the deployment's: a foreign one is one that is not there."""
    if tenant != "village":
        return f"{NOBODYS}.either"
    made: str = factories["wuji.consumer"](world, tenant)
    return made


@parameter("poison_id")
def poison_id(world: World, _who: str, tenant: str) -> str:
    if tenant != "village":
        return str(UUID(int=1))
    return str(factories["wuji.poison"](world, tenant))


@body("ReplayIn")
def replay(_world: World, _who: str) -> dict[str, Any]:
    return {"since": "2099-01-01T00:00:00+08:00"}


@body("PoisonRetryIn")
def poison_retry(_world: World, _who: str) -> dict[str, Any]:
    return {"consumer": "search.follow"}
