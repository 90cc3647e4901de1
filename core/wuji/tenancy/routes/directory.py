"""The public directory: who is there, and what they were called before."""

from collections.abc import Mapping
from typing import Any

from wuji.kit.http.lists import serve_list
from wuji.kit.http.request import Call
from wuji.kit.problem import not_found
from wuji.kit.setting import read_setting
from wuji.tenancy.lists import DIRECTORY
from wuji.tenancy.routes.feature import feature
from wuji.tenancy.schemas import HistoryOut, PortalOut, TenantOut
from wuji.tenancy.services.directory import get_tenant, list_history
from wuji.tenancy.settings import PORTAL_NOTICE, read_zone

serve_list(
    feature,
    "/tenants",
    DIRECTORY,
    "list_tenants",
    "Active tenants below a parent, found by name or code, or all roots.",
)


@feature.route("GET", "/tenants/<tenant_code>", permission="public", answer=TenantOut)
def show_tenant(call: Call) -> Mapping[str, Any]:
    """One tenant of the directory."""
    return {**get_tenant(call.session, call.actor.tenant_code or ""), "zone": read_zone(call.session).key}


@feature.route("GET", "/tenants/<tenant_code>/history", permission="public", answer=HistoryOut)
def show_tenant_history(call: Call) -> Mapping[str, Any]:
    """Names, codes and places of a tenant, and when they counted."""
    if call.actor.tenant_id is None:
        raise not_found()
    return list_history(call.session, call.actor.tenant_id)


@feature.route("GET", "/tenants/<tenant_code>/portal", permission="public", answer=PortalOut)
def show_portal(call: Call) -> Mapping[str, Any]:
    """What stands on top of a tenant's home in the portal; empty where there is nothing to say."""
    return {"notice": read_setting(call.session, PORTAL_NOTICE)}
