"""The second step of a login, and proving more in a session that goes on."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from wuji.identity.devices import name_device
from wuji.identity.factors.routes.feature import feature
from wuji.identity.factors.routes.own import CREDENTIAL
from wuji.identity.factors.schemas import (
    CeremonyOut,
    ContinuationIn,
    PasskeyLoginIn,
    PasskeyStepIn,
    PasswordAgainIn,
    SecondStepIn,
    StepIn,
)
from wuji.identity.factors.services.entering import (
    Shown,
    enter_by_passkey,
    go_on,
    offer_passkey,
    step_up,
    step_up_by_passkey,
    step_up_by_password,
)
from wuji.identity.routes.session import LOGIN, put_cookie
from wuji.identity.schemas import GreetingOut
from wuji.identity.services.sessions import greet
from wuji.kit.http.request import Call
from wuji.kit.http.route import write


@feature.route(
    "POST", "/session/factor", permission="public", body=SecondStepIn, answer=GreetingOut, secret=True, rate=LOGIN
)
def open_session_by_factor(call: Call, asked: Mapping[str, Any]) -> Response:
    """Go on with a login that asked for a second factor; the answer brings the session's cookie."""
    device = name_device(request.headers.get("User-Agent", ""))
    address = request.remote_addr or ""
    token = go_on(
        call.session, call.deployment, asked["continuation"], address, kind=asked["kind"], code=asked["code"],
        device=device,
    )  # fmt: skip
    return put_cookie(call, write(greet(call.deployment, token), 200), token)


@feature.route("POST", "/session/step-up", permission="account", body=StepIn, secret=True)
def raise_session(call: Call, asked: Mapping[str, Any]) -> None:
    """Prove more in the present session, for what asks for two factors or for a fresh one."""
    step_up(call.session, call.deployment, request.remote_addr or "", asked["kind"], asked["code"])


@feature.route(
    "POST", "/session/passkey/options", permission="public", body=ContinuationIn, answer=CeremonyOut, secret=True,
    rate=LOGIN,
)  # fmt: skip
def offer_session_passkey(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Begin to log in with a passkey, or to prove more by one: what the browser is to be given."""
    return offer_passkey(call.session, call.deployment, asked.get("continuation"))


@feature.route(
    "POST", "/session/passkey", permission="public", body=PasskeyLoginIn, answer=GreetingOut, secret=True, rate=LOGIN,
    most=CREDENTIAL,
)  # fmt: skip
def open_session_by_passkey(call: Call, asked: Mapping[str, Any]) -> Response:
    """Log in with a passkey, alone or as the second step; the answer brings the session's cookie."""
    device = name_device(request.headers.get("User-Agent", ""))
    token = enter_by_passkey(call.session, call.deployment, Shown(**asked), device)
    return put_cookie(call, write(greet(call.deployment, token), 200), token)


@feature.route(
    "POST", "/session/step-up/passkey", permission="account", body=PasskeyStepIn, secret=True, most=CREDENTIAL
)
def raise_session_by_passkey(call: Call, asked: Mapping[str, Any]) -> None:
    """Prove more in the present session by a passkey."""
    step_up_by_passkey(call.session, call.deployment, Shown(**asked))


@feature.route("POST", "/session/step-up/password", permission="account", body=PasswordAgainIn, secret=True)
def raise_session_by_password(call: Call, asked: Mapping[str, Any]) -> None:
    """Show once more that it is oneself, by the password of somebody who has no second step."""
    step_up_by_password(call.session, call.deployment, request.remote_addr or "", asked["password"])
