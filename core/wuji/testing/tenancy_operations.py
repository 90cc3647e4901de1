"""Ids and bodies of the tree's and its settings' operations, for the isolation matrix."""

from typing import Any

import msgspec
from psycopg.types.json import Jsonb

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
from wuji.testing.operations import body, needs, parameter, places, queries, uploads
from wuji.testing.plugins import loaded_plugins
from wuji.testing.world import CODES, World

BELOW = {"village": "grid", "other": "foreign"}  # of the tenants that the matrix acts at
SQUARE = {"type": "Polygon", "coordinates": [[[118.0, 31.0], [118.1, 31.0], [118.1, 31.1], [118.0, 31.0]]]}
NOBODYS = "tenancy.nobodys_setting"
# Two places are concerned, and both lie below whoever is asked.
queries["list_former_tree"] = {"as_of": "2026-01-01"}
queries["group_former_tree"] = queries["list_former_tree"]
queries["list_former_grants"] = queries["group_former_grants"] = queries["list_former_tree"]
queries["add_boundaries"] = {"frame": "wgs84"}
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


@body("BoundaryIn")
def boundary(_world: World, _who: str) -> dict[str, Any]:
    return {"geojson": SQUARE, "frame": "wgs84"}


def outlines() -> bytes:
    feature = {"type": "Feature", "properties": {"name": "nobody's"}, "geometry": SQUARE}
    return msgspec.json.encode({"type": "FeatureCollection", "features": [feature]})


needs["set_boundary"] = lambda world: factories["wuji.boundary"](world, "village")
uploads["add_boundaries"] = outlines


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


@parameter("tenant_transfer_id")
def tenant_transfer_id(world: World, _who: str, tenant: str) -> str:
    """What stands right below has asked to be let go; whoever acts here answers."""
    return str(factories["wuji.tenant_transfer"](world, tenant))


@parameter("tenant_transfer_id", of=["withdraw_tenant_transfer"])
def own_transfer_id(world: World, _who: str, tenant: str) -> str:
    asker = world.account[f"official@{tenant}"]
    return str(factories["wuji.tenant_transfer"](world, tenant, side="parent", requested_by=asker))


@parameter("tenant_transfer_id", of=["undo_tenant_transfer"])
def transfer_id_to_undo(world: World, _who: str, tenant: str) -> str:
    """What stands right below has come from elsewhere."""
    back = Jsonb({"parent_id": None, "level": 5, "code": world.code["grid"]})
    done = {"op": "adopt", "state": "applied", "answered_by": world.system, "undo": back}
    return str(factories["wuji.tenant_transfer"](world, tenant, **done))


@body("WantedIn")
def wanted(world: World, _who: str) -> dict[str, Any]:
    return {"op": "release", "subject": world.code["grid"]}


@body("TransferIn")
def transfer(world: World, who: str) -> dict[str, Any]:
    return {**wanted(world, who), **agreed(world, who)}


@body("AgreeIn")
def agreed(world: World, _who: str) -> dict[str, Any]:
    """As it was planned: the plan that those send who may not says nothing to them."""
    seen = factories["wuji.tenant_transfer"].columns(world, "village")["fingerprint"]
    return {"fingerprint": seen, "reason": "both want it"}


@body("WhyIn")
def why(_world: World, _who: str) -> dict[str, Any]:
    return {"reason": "a mistake"}
