"""Ids and bodies of the tree's and its settings' operations, for the isolation matrix."""

from typing import Any

from wuji.governance.active import ActiveSets
from wuji.governance.faults import make_report
from wuji.governance.services.changes import Governing
from wuji.governance.services.moving import switching
from wuji.kit.clock import now
from wuji.kit.db.session import unit_of_work
from wuji.plugin.dispatcher import Dispatcher
from wuji.tenancy.services.steps import Wish
from wuji.tenancy.services.surgery import plan_change
from wuji.testing.factories import factories
from wuji.testing.operations import body, parameter, places, queries
from wuji.testing.plugins import loaded_plugins
from wuji.testing.world import CODES, World

BELOW = {"village": "grid", "other": "foreign"}  # of the tenants that the matrix acts at
NOBODYS = "tenancy.nobodys_setting"
# Two places are concerned, and both lie below whoever is asked.
queries["list_former_tree"] = {"as_of": "2026-01-01"}
places["plan_tenant_change"] = places["apply_tenant_change"] = "street"


@parameter("tenant_id", absent=lambda: "2147483647")
def tenant_id(world: World, who: str, tenant: str) -> str:
    """A tenant below; for the operator a root."""
    return str(world.tenant["city" if who == "operator" else BELOW[tenant]])


@parameter("setting_key", absent=lambda: NOBODYS)
def setting_key(world: World, _who: str, tenant: str) -> str:
    """Keys belong to the deployment and never to somebody else: a foreign one is one that is not declared."""
    if tenant != "village":
        return NOBODYS.replace("nobodys", "strange")
    factories["wuji.setting_value"](world, tenant)
    return "tenancy.portal_notice"


@body("NewTenantIn")
def new_tenant(world: World, who: str) -> dict[str, Any]:
    code = next(CODES) if who == "operator" else f"{world.code['village']}999"
    return {"name": "新网格", "code": code, "category": "territory"}


@body("NameIn")
def new_name(_world: World, _who: str) -> dict[str, Any]:
    return {"name": "新名称"}


@body("CodeIn")
def new_code(world: World, who: str) -> dict[str, Any]:
    return {"code": next(CODES) if who == "operator" else f"{world.code['village']}998"}


@body("TenantStateIn")
def new_state(_world: World, _who: str) -> dict[str, Any]:
    return {"state": "suspended", "reason": "two became one"}


@body("ProfileIn")
def profile(_world: World, _who: str) -> dict[str, Any]:
    return {"contact": "0562-1234567", "about": "两个村民小组"}


@body("SettingIn")
def setting(_world: World, _who: str) -> dict[str, Any]:
    return {"mode": "set", "value": "今天停水"}


@parameter("tenant_change_id")
def tenant_change_id(world: World, _who: str, tenant: str) -> str:
    """One that changed nothing, so that it can be taken back."""
    return str(factories["wuji.tenant_change"](world, tenant))


@body("WishIn")
def wish(world: World, _who: str) -> dict[str, Any]:
    return {"op": "move", "tenant_id": world.tenant["niece"], "parent_id": world.tenant["village"]}


@body("TenantChangeIn")
def tenant_change(world: World, who: str) -> dict[str, Any]:
    """As it was planned by somebody who may: the plan that others send says nothing to them."""
    wished = wish(world, who)
    engine = world.server.engine("wuji_app", world.database)
    sets = ActiveSets(loaded_plugins(), now)
    dispatcher = Dispatcher(loaded_plugins(), sets.ids, make_report(engine, world.server.seal))
    with unit_of_work(engine, world.door("official@street", "street"), read_only=True) as session:
        plan = plan_change(session, switching(Governing(dispatcher, sets), now), Wish(**wished), "en")
    engine.dispose()
    return {**wished, "fingerprint": plan["fingerprint"], "reason": "boundaries of 2026"}


@body("UndoIn")
def undo(_world: World, _who: str) -> dict[str, Any]:
    return {"reason": "a mistake"}
