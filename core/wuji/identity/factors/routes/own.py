"""A person's own second factors."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.identity.factors.routes.feature import feature
from wuji.identity.factors.schemas import (
    CeremonyOut,
    FactorCodeIn,
    FactorIn,
    FactorsOut,
    NewFactorOut,
    OwnIn,
    PasskeyIn,
    RecoveryCodesOut,
)
from wuji.identity.factors.services.factors import (
    begin_totp,
    confirm_totp,
    demand_factor,
    demand_password,
    has_password,
    put_recovery_codes,
    remove_factor,
    show_factors,
)
from wuji.identity.factors.services.passkeys import add_passkey, begin_passkey, host_of
from wuji.kit.http.proving import demand_proven
from wuji.kit.http.request import Call
from wuji.kit.problem import not_found

ALL, ONE = "/me/factors", "/me/factors/<uuid:factor_id>"
CREDENTIAL = 100_000  # bytes of what a browser makes


def demand(call: Call, asked: Mapping[str, Any]) -> None:
    """Whoever changes how an account is proven shows that it is theirs. Raises 422 at `#/password`, 429; 403 for whoever has none
    and logged in a while ago, 404 for a program in their place.
    """
    if has_password(call.session):
        demand_password(call.session, call.deployment.seal, request.remote_addr or "", asked.get("password") or "")
    elif call.actor.session_id is None:
        raise not_found()
    else:
        demand_proven(call, "account", step_up=True)


@feature.route("GET", ALL, permission="account", answer=FactorsOut)
def list_own_factors(call: Call) -> Mapping[str, Any]:
    """What one proves oneself with beside the password."""
    shown = show_factors(call.session, call.deployment.seal)
    return {**shown, "passkeys": host_of(call.deployment) is not None, "password": has_password(call.session)}


@feature.route("POST", ALL, permission="account", body=FactorIn, answer=NewFactorOut, status=201, secret=True)
def add_factor(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Begin to use an app that shows codes (TOTP); it counts once a code of it was seen."""
    demand(call, asked)
    return begin_totp(call.session, call.deployment, asked["name"])


@feature.route("POST", f"{ONE}/confirm", permission="account", body=FactorCodeIn, answer=RecoveryCodesOut, secret=True)
def confirm_factor(call: Call, asked: Mapping[str, Any], factor_id: UUID) -> Mapping[str, Any]:
    """Show a code of a new app; from now on logging in asks for one."""
    return {"recovery_codes": confirm_totp(call.session, call.deployment, factor_id, asked["code"])}


@feature.route("POST", "/me/passkeys/options", permission="account", body=OwnIn, answer=CeremonyOut, secret=True)
def begin_own_passkey(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Begin to make a passkey: what the browser is to be given."""
    demand(call, asked)
    return begin_passkey(call.session, call.deployment)


@feature.route(
    "POST", "/me/passkeys", permission="account", body=PasskeyIn, answer=RecoveryCodesOut, status=201, secret=True,
    most=CREDENTIAL,
)  # fmt: skip
def add_own_passkey(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the passkey that a browser made; it lets in without a password, and counts as a second step."""
    codes = add_passkey(call.session, call.deployment, asked["name"], asked["ceremony"], asked["credential"])
    return {"recovery_codes": codes}


@feature.route("DELETE", ONE, permission="account", body=OwnIn, secret=True)
def delete_factor(call: Call, asked: Mapping[str, Any], factor_id: UUID) -> None:
    """Give one up; with the last one the codes on paper go too."""
    demand_factor(call.session, call.deployment.seal, factor_id)
    demand(call, asked)
    remove_factor(call.session, call.deployment.seal, factor_id)


@feature.route(
    "POST", "/me/recovery-codes", permission="account", body=OwnIn, answer=RecoveryCodesOut, status=201,
    secret=True,
)  # fmt: skip
def make_recovery_codes(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """New codes on paper; those before work no more."""
    demand(call, asked)
    return {"recovery_codes": put_recovery_codes(call.session, call.deployment.seal)}
