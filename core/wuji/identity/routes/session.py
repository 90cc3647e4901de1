"""Logging in and out, and the links that set a password."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from wuji.identity.devices import name_device
from wuji.identity.factors.services.entering import log_in
from wuji.identity.routes.feature import feature
from wuji.identity.schemas import GreetingOut, LinkForOut, LoginIn, RedeemIn, TokenIn
from wuji.identity.services.attempts import Attempt
from wuji.identity.services.links import get_link, redeem_link
from wuji.identity.services.sessions import ABSOLUTE, end_sessions, greet
from wuji.kit.buckets import Rate
from wuji.kit.http.request import Call, cookie_name
from wuji.kit.http.route import write

# An office that begins its day behind one address; guesses are slowed down long before that (services/attempts).
LOGIN = Rate("login", 300, 600)


def put_cookie(call: Call, response: Response, token: str) -> Response:
    """The session's cookie; an empty token takes it away. `__Host-` asks for exactly Secure, Path=/ and no domain."""
    options = call.deployment.options
    response.set_cookie(
        cookie_name(options.base_url, options.port),
        token,
        max_age=int(ABSOLUTE.total_seconds()) if token else 0,
        path="/",
        secure=options.base_url.startswith("https:"),
        httponly=True,
        samesite="Lax",  # Strict would lose the session on the way back from another site's login
    )
    return response


@feature.route("POST", "/session", permission="public", body=LoginIn, answer=GreetingOut, secret=True, rate=LOGIN)
def open_session(call: Call, asked: Mapping[str, Any]) -> Response:
    """Log in with a password; the answer brings the session's cookie, or 401 `identity.factor_needed` with what goes on."""
    attempt = Attempt(asked["login"], request.remote_addr or "")
    device = name_device(request.headers.get("User-Agent", ""))
    token = log_in(call.session, call.deployment, attempt, asked["password"], device)
    return put_cookie(call, write(greet(call.deployment, token), 200), token)


@feature.route("DELETE", "/session", permission="public", secret=True)
def close_session(call: Call) -> Response:
    """Log out. Without a session it does nothing."""
    if call.actor.session_id:
        end_sessions(call.session, call.deployment.seal, call.actor.session_id)
    return put_cookie(call, write(None, 204), "")


@feature.route("POST", "/one-time-links", permission="public", body=TokenIn, answer=LinkForOut, secret=True)
def show_link(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whom a one-time link is for."""
    return get_link(call.session, asked["token"])


@feature.route("POST", "/one-time-links/redeem", permission="public", body=RedeemIn, secret=True)
def use_link(call: Call, asked: Mapping[str, Any]) -> None:
    """Set the password that a one-time link is for; the link works no more."""
    redeem_link(call.session, call.deployment.seal, asked["token"], asked["password"])
