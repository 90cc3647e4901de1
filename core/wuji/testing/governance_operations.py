"""Ids and bodies of governance's operations."""

from secrets import token_hex
from typing import Any

from psycopg.types.json import Jsonb

from wuji.testing.operations import body, parameter
from wuji.testing.plugins import installed_plugins
from wuji.testing.tenancy_operations import BELOW
from wuji.testing.world import World

NOBODYS, STRANGE = "nobodys_plugin", "strange_plugin"


@parameter("plugin_id", absent=lambda: NOBODYS)
def plugin_id(world: World, who: str, tenant: str) -> str:
    """Plugins belong to the deployment and never to somebody else: a foreign one is one that is not there. The operator's is a
    plugin of this test alone. At the tenant below stands a rule that can be paused.
    """
    if who == "operator":
        key: str = world.insert("wuji.plugin", {"id": f"p{token_hex(6)}", "version": "1.0.0"})
        return key
    if tenant != "village":
        return STRANGE
    name = installed_plugins()[0].id
    place = {"tenant_id": world.tenant[BELOW[tenant]], "by_tenant_id": world.tenant[tenant], "plugin_id": name}
    there = "select count(*) from wuji.plugin_rule where tenant_id = %s and by_tenant_id = %s and plugin_id = %s"
    if not world.one(there, *place.values()):
        stages = world.one("select jsonb_build_array(jsonb_build_object('on', current_date - 9, 'tenant_ids', null))")
        world.insert("wuji.plugin_rule", {**place, "rule": "require", "stages": Jsonb(stages)})
    return name


@parameter("pack_id", absent=lambda: "nobodys-pack")
def pack_id(_world: World, who: str, _tenant: str) -> str:
    """Packs lie beside the program; to whoever is not the operator there are none."""
    return "example" if who == "operator" else "strange-pack"


@body("RuleIn")
def rule(_world: World, _who: str) -> dict[str, Any]:
    return {"rule": "offer", "on": False, "reason": "nobody farms here"}


@body("SuspensionIn")
def suspension(_world: World, _who: str) -> dict[str, Any]:
    return {"reason": "it fails again and again"}
