"""Ids and bodies of the tree's and its settings' operations, for the isolation matrix."""

from typing import Any

from wuji.testing.factories import factories
from wuji.testing.operations import body, parameter
from wuji.testing.world import CODES, World

BELOW = {"village": "grid", "other": "foreign"}  # of the tenants that the matrix acts at
NOBODYS = "tenancy.nobodys_setting"


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
