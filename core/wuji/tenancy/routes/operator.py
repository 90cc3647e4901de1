"""Roots: the operator adds and changes them as officials do with tenants below theirs, and sees nothing inside."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.kit.http.etag import asked_version
from wuji.kit.http.lists import serve_list
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.tenancy.lists import ROOTS
from wuji.tenancy.routes.feature import feature
from wuji.tenancy.routes.tree import shown
from wuji.tenancy.schemas import CodeIn, ManagedTenantOut, NameIn, NewTenantIn, TenantStateIn
from wuji.tenancy.services.tree import add_tenant, recode_tenant, rename_tenant, set_tenant_state

ALL = "/operator/tenants"
ONE = f"{ALL}/<int(max=2147483647):tenant_id>"

serve_list(feature, ALL, ROOTS, "list_roots", "Every root, whatever its state.")


@feature.route("POST", ALL, permission="tenancy.tenant.add", body=NewTenantIn, answer=ManagedTenantOut, status=201)
def add_root(call: Call, asked: Mapping[str, Any]) -> Answer:
    """Add a root; its head is named next."""
    return shown(call, add_tenant(call.session, **asked))


@feature.route("GET", ONE, permission="tenancy.tenant.read", answer=ManagedTenantOut)
def show_root(call: Call, tenant_id: int) -> Answer:
    """One root, whatever its state."""
    return shown(call, tenant_id)


@feature.route("PUT", f"{ONE}/name", permission="tenancy.tenant.rename", body=NameIn, answer=ManagedTenantOut)
def rename_root(call: Call, asked: Mapping[str, Any], tenant_id: int) -> Answer:
    """Rename a root."""
    rename_tenant(call.session, tenant_id, version=asked_version(request), **asked)
    return shown(call, tenant_id)


@feature.route(
    "PUT", f"{ONE}/code", permission="tenancy.tenant.recode", body=CodeIn, answer=ManagedTenantOut, step_up=True
)
def recode_root(call: Call, asked: Mapping[str, Any], tenant_id: int) -> Answer:
    """Give a root a new code; the old one redirects."""
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
def set_root_state(call: Call, asked: Mapping[str, Any], tenant_id: int) -> Answer:
    """Suspend, archive or restore a root with everything below it."""
    set_tenant_state(call.session, tenant_id, version=asked_version(request), **asked)
    return shown(call, tenant_id)
