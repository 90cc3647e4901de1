"""Trees that join and part over HTTP. Each side acts at its own end: at what goes, and at the parent or above it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.kit.http.lists import serve_list
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.tenancy.routes.feature import feature
from wuji.tenancy.schemas.redrawing import WhyIn
from wuji.tenancy.schemas.transfers import AgreeIn, TransferIn, TransferOut, TransferPlanOut, WantedIn
from wuji.tenancy.services.joining import Wanted
from wuji.tenancy.services.switching import Switching
from wuji.tenancy.services.transferring import (
    agree_transfer,
    ask_transfer,
    close_transfer,
    get_transfer,
    plan_transfer,
    undo_transfer,
)
from wuji.tenancy.transfers import TRANSFERS

ALL = "/tenants/<tenant_code>/tenant-transfers"
ONE = f"{ALL}/<uuid:tenant_transfer_id>"
MOVE = "tenancy.tenant.move"

serve_list(
    feature, ALL, TRANSFERS, "list_tenant_transfers", "Transfers that one end of lies at this tenant or below it."
)


def shown(call: Call, transfer_id: UUID) -> Answer:
    """A transfer as it is now, with its version as ETag."""
    found = get_transfer(call.session, call.deployment.part(Switching), transfer_id, read_locale(request))
    return Answer(found, version=found["version"])


@feature.route("POST", "/tenants/<tenant_code>/transfer-plans", permission=MOVE, body=WantedIn, answer=TransferPlanOut)
def plan_tenant_transfer(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an adoption or a release would change; nothing is changed."""
    return plan_transfer(call.session, call.deployment.part(Switching), Wanted(**asked), read_locale(request))


@feature.route("POST", ALL, permission=MOVE, body=TransferIn, answer=TransferOut, status=201, step_up=True)
def ask_tenant_transfer(call: Call, asked: Mapping[str, Any]) -> Answer:
    """Put an adoption or a release before the other side, which has fourteen days."""
    given = dict(asked)
    seen, reason = given.pop("fingerprint"), given.pop("reason")
    return shown(call, ask_transfer(call.session, Wanted(**given), fingerprint=seen, reason=reason))


@feature.route("GET", ONE, permission=MOVE, answer=TransferOut)
def show_tenant_transfer(call: Call, tenant_transfer_id: UUID) -> Answer:
    """One transfer, with the plan as it is now and what may be done with it."""
    return shown(call, tenant_transfer_id)


@feature.route("POST", f"{ONE}/agree", permission=MOVE, body=AgreeIn, answer=TransferOut, step_up=True)
def agree_tenant_transfer(call: Call, asked: Mapping[str, Any], tenant_transfer_id: UUID) -> Answer:
    """Agree to what the other side asked for: it is carried out."""
    agree_transfer(
        call.session,
        call.deployment.part(Switching),
        tenant_transfer_id,
        fingerprint=asked["fingerprint"],
        reason=asked["reason"],
        locale=read_locale(request),
    )
    return shown(call, tenant_transfer_id)


@feature.route("POST", f"{ONE}/decline", permission=MOVE, body=WhyIn, answer=TransferOut)
def decline_tenant_transfer(call: Call, asked: Mapping[str, Any], tenant_transfer_id: UUID) -> Answer:
    """Decline what the other side asked for."""
    close_transfer(call.session, tenant_transfer_id, "decline", asked["reason"])
    return shown(call, tenant_transfer_id)


@feature.route("POST", f"{ONE}/withdraw", permission=MOVE, body=WhyIn, answer=TransferOut)
def withdraw_tenant_transfer(call: Call, asked: Mapping[str, Any], tenant_transfer_id: UUID) -> Answer:
    """Withdraw what one's own side asked for."""
    close_transfer(call.session, tenant_transfer_id, "withdraw", asked["reason"])
    return shown(call, tenant_transfer_id)


@feature.route("POST", f"{ONE}/undo", permission=MOVE, body=WhyIn, answer=TransferOut, step_up=True)
def undo_tenant_transfer(call: Call, asked: Mapping[str, Any], tenant_transfer_id: UUID) -> Answer:
    """Ask that it be taken back within thirty days; where the other side has asked, it is."""
    switching = call.deployment.part(Switching)
    undo_transfer(call.session, switching, tenant_transfer_id, reason=asked["reason"], locale=read_locale(request))
    return shown(call, tenant_transfer_id)
