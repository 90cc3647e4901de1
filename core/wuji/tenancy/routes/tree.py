"""Tenants below the acting one, suspended ones too. They are addressed by id at a tenant above them, because nobody enters
a suspended tenant, and because the right to change one is asked at its parent.
"""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.kit.http.etag import asked_version
from wuji.kit.http.lists import serve_list
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.tenancy.lists import CHILDREN, THEN
from wuji.tenancy.routes.feature import feature
from wuji.tenancy.schemas import CodeIn, ManagedTenantOut, NameIn, NewTenantIn, TenantStateIn
from wuji.tenancy.services.tree import add_tenant, get_managed, recode_tenant, rename_tenant, set_tenant_state

BELOW = "/tenants/<tenant_code>/tenants"
ONE = f"{BELOW}/<int(max=2147483647):tenant_id>"

serve_list(
    feature,
    BELOW,
    CHILDREN,
    "list_children",
    "Tenants right below, whatever their state; with `parent`, `level` or `q`, anywhere below.",
)
serve_list(
    feature,
    "/tenants/<tenant_code>/tree",
    THEN,
    "list_former_tree",
    "This tenant and all that stood below it on a day, with the names, codes and parents of that day.",
)


def shown(call: Call, tenant_id: int) -> Answer:
    """A tenant as it is now, with its version as ETag."""
    tenant = get_managed(call.session, tenant_id)
    return Answer(tenant, version=tenant["version"])


@feature.route("POST", BELOW, permission="tenancy.tenant.add", body=NewTenantIn, answer=ManagedTenantOut, status=201)
def add_child(call: Call, asked: Mapping[str, Any]) -> Answer:
    """Add a tenant right below this one."""
    return shown(call, add_tenant(call.session, **asked))


@feature.route("GET", ONE, permission="tenancy.tenant.read", answer=ManagedTenantOut)
def show_child(call: Call, tenant_id: int) -> Answer:
    """One tenant of the subtree, whatever its state."""
    return shown(call, tenant_id)


@feature.route("PUT", f"{ONE}/name", permission="tenancy.tenant.rename", body=NameIn, answer=ManagedTenantOut)
def rename_child(call: Call, asked: Mapping[str, Any], tenant_id: int) -> Answer:
    """Rename a tenant below; the old name stays in its history."""
    rename_tenant(call.session, tenant_id, version=asked_version(request), **asked)
    return shown(call, tenant_id)


@feature.route(
    "PUT", f"{ONE}/code", permission="tenancy.tenant.recode", body=CodeIn, answer=ManagedTenantOut, step_up=True
)
def recode_child(call: Call, asked: Mapping[str, Any], tenant_id: int) -> Answer:
    """Give a tenant below a new code; the old one redirects."""
    recode_tenant(call.session, tenant_id, version=asked_version(request), **asked)
    return shown(call, tenant_id)


@feature.route(
    "PUT",
    f"{ONE}/state",
    permission="tenancy.tenant.suspend",
    body=TenantStateIn,
    answer=ManagedTenantOut,
    step_up=True,
)
def set_child_state(call: Call, asked: Mapping[str, Any], tenant_id: int) -> Answer:
    """Suspend, archive or restore a tenant below."""
    set_tenant_state(call.session, tenant_id, version=asked_version(request), **asked)
    return shown(call, tenant_id)
