"""The operator names other operators and those who run roots; everything below a root is its own people's business."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from wuji.identity.lists import OPERATORS
from wuji.identity.routes.feature import feature
from wuji.identity.routes.people import shown_gift, shown_newcomer
from wuji.identity.schemas import EndedOut, GrantOut, NewcomerOut, OperatorGrantIn, OperatorNewcomerIn, ReasonIn
from wuji.identity.services.accounts import add_account
from wuji.identity.services.grants import get_root_id, give_role, take_operator_role
from wuji.kit.http.lists import serve_list
from wuji.kit.http.request import Call

serve_list(feature, "/operator/grants", OPERATORS, "list_operator_grants", "Who runs this deployment.")


def placed(call: Call, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The same fields, with role and tenant in place of the root's code."""
    rest = {name: value for name, value in asked.items() if name not in {"root", "role"}}
    if root := asked.get("root"):
        return {**rest, "role": asked.get("role", "head"), "tenant_id": get_root_id(call.session, root)}
    return {**rest, "role": "operator", "tenant_id": None}


@feature.route(
    "POST",
    "/operator/accounts",
    permission="identity.account.add",
    body=OperatorNewcomerIn,
    answer=NewcomerOut,
    status=201,
    secret=True,
    step_up=True,
)
def add_operator_person(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bring in an operator, the head of a root, or whoever else runs it."""
    return shown_newcomer(add_account(call.session, call.deployment, **placed(call, asked)))


@feature.route(
    "POST",
    "/operator/grants",
    permission="identity.grant.give",
    body=OperatorGrantIn,
    answer=GrantOut,
    status=201,
    step_up=True,
)
def give_operator_grant(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make somebody who has an account an operator, or the head of a root."""
    return shown_gift(give_role(call.session, **placed(call, asked)))


@feature.route(
    "DELETE",
    "/operator/grants/<uuid:role_grant_id>",
    permission="identity.grant.give",
    body=ReasonIn,
    answer=EndedOut,
    step_up=True,
)
def take_operator_grant(call: Call, asked: Mapping[str, Any], role_grant_id: UUID) -> Mapping[str, Any]:
    """Take an operator's grant; the heads and operators they named stay."""
    return {"ended": take_operator_role(call.session, role_grant_id, asked.get("reason", ""))}
