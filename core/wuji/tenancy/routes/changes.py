"""Redrawing the tree over HTTP: plan, carry out, take back. Asked at a tenant above all the places concerned."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.kit.http.lists import serve_list
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.tenancy.lists import CHANGES
from wuji.tenancy.routes.feature import feature
from wuji.tenancy.schemas.changes import PlanOut, TenantChangeIn, TenantChangeOut, WishIn
from wuji.tenancy.schemas.redrawing import WhyIn
from wuji.tenancy.services.steps import Wish
from wuji.tenancy.services.surgery import apply_change, plan_change
from wuji.tenancy.services.switching import Switching
from wuji.tenancy.services.undoing import get_change, undo_change

ALL = "/tenants/<tenant_code>/tenant-changes"
ONE = f"{ALL}/<uuid:tenant_change_id>"
MOVE = "tenancy.tenant.move"

serve_list(feature, ALL, CHANGES, "list_tenant_changes", "Changes of the tree that stand at this tenant or below it.")


def shown(call: Call, change_id: UUID) -> Answer:
    """A change as it is now, with its version as ETag."""
    change = get_change(call.session, change_id)
    return Answer(change, version=change["version"])


@feature.route("POST", "/tenants/<tenant_code>/tenant-plans", permission=MOVE, body=WishIn, answer=PlanOut)
def plan_tenant_change(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a change of the tree would change; nothing is changed."""
    return plan_change(call.session, call.deployment.part(Switching), Wish(**asked), read_locale(request))


@feature.route("POST", ALL, permission=MOVE, body=TenantChangeIn, answer=TenantChangeOut, status=201, step_up=True)
def apply_tenant_change(call: Call, asked: Mapping[str, Any]) -> Answer:
    """Carry out the plan that was seen."""
    given = dict(asked)
    seen, reason = given.pop("fingerprint"), given.pop("reason")
    made = apply_change(
        call.session,
        call.deployment.part(Switching),
        Wish(**given),
        fingerprint=seen,
        reason=reason,
        locale=read_locale(request),
    )
    return shown(call, made)


@feature.route("GET", ONE, permission=MOVE, answer=TenantChangeOut)
def show_tenant_change(call: Call, tenant_change_id: UUID) -> Answer:
    """One change, and what contradicts taking it back."""
    return shown(call, tenant_change_id)


@feature.route("POST", f"{ONE}/undo", permission=MOVE, body=WhyIn, answer=TenantChangeOut, step_up=True)
def undo_tenant_change(call: Call, asked: Mapping[str, Any], tenant_change_id: UUID) -> Answer:
    """Take a change back, within thirty days and as long as nothing contradicts it."""
    undo_change(call.session, call.deployment.part(Switching), tenant_change_id, asked["reason"])
    return shown(call, tenant_change_id)
