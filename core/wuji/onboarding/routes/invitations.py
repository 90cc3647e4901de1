"""Invitations: made and revoked at a tenant, redeemed by anybody who has one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from wuji.kit.http.lists import serve_list
from wuji.kit.http.request import Call
from wuji.onboarding.lists import INVITATIONS
from wuji.onboarding.routes.feature import JOINING, feature
from wuji.onboarding.routes.newcomers import find_newcomer
from wuji.onboarding.schemas import (
    InvitationForOut,
    InvitationIn,
    InvitationOut,
    InvitationTokenIn,
    RedeemedOut,
    RedeemInvitationIn,
)
from wuji.onboarding.services.invitations import (
    get_invitation,
    join_by_invitation,
    make_invitation,
    redeem_invitation,
    revoke_invitation,
)

AT_TENANT = "/tenants/<tenant_code>/invitations"
MAKE = "onboarding.invitation.make"

serve_list(feature, AT_TENANT, INVITATIONS, "list_invitations", "Invitations of the tenant and below it.")


def place(found: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"code": found["tenant_code"], "name": found["tenant_name"]}


@feature.route("POST", AT_TENANT, permission=MAKE, body=InvitationIn, answer=InvitationOut, status=201, secret=True)
def invite(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Invite people to a role here; whoever has the link takes it, as often as is said."""
    made, token = make_invitation(call.session, call.deployment.seal, **asked)
    link = f"{call.deployment.options.base_url}/invitation#{token}"
    return {"invitation_id": made, "token": token, "link": link, "expires_at": asked["expires_at"]}


@feature.route("DELETE", f"{AT_TENANT}/<uuid:invitation_id>", permission=MAKE)
def take_invitation_back(call: Call, invitation_id: UUID) -> None:
    """Revoke an invitation; what was taken with it stays."""
    revoke_invitation(call.session, invitation_id)


@feature.route(
    "POST", "/invitations/show", permission="public", body=InvitationTokenIn, answer=InvitationForOut, secret=True
)
def show_invitation(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an invitation is for."""
    found = get_invitation(call.session, asked["token"])
    return {
        **{name: found[name] for name in ("role", "label", "labels", "expires_at", "strict")},
        "tenant": place(found),
    }


@feature.route(
    "POST",
    "/invitations/redeem",
    permission="public",
    body=RedeemInvitationIn,
    answer=RedeemedOut,
    status=201,
    secret=True,
    rate=JOINING,
)
def use_invitation(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take the role that an invitation offers, with the account that is logged in or with a new one."""
    token, person = asked["token"], find_newcomer(call, asked)
    found = get_invitation(call.session, token)
    seal = call.deployment.seal
    made = (
        join_by_invitation(call.session, seal, token, person)
        if person
        else redeem_invitation(call.session, seal, token)
    )
    return {"role_grant_id": made, "tenant": place(found)}
