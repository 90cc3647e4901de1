"""Logging out because a program asks (OpenID Connect RP-Initiated Logout 1.0)."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from authlib.oauth2 import OAuth2Error
from flask import Blueprint, Response, request

from wuji.identity.oauth.params import read_params
from wuji.identity.oauth.services.clients import find_client
from wuji.identity.oauth.services.keys import read_own
from wuji.identity.routes.session import put_cookie
from wuji.identity.services.sessions import end_sessions
from wuji.kit.deployment import Deployment
from wuji.kit.http.request import Call, deployment, open_call
from wuji.kit.problem import Problem
from wuji.pages.oauth.forms import Carried, carry, demand_form, page, sent_on, uncarry

leave_pages = Blueprint("leave_pages", __name__, template_folder="../templates")


@leave_pages.route("/oauth/logout", methods=["GET", "POST"])
def leave() -> Response:
    """Asks first, unless the program shows by an ID token of this very session that it is the person's own. A form of ours sends
    `request` and `decision`.
    """
    made = deployment()
    try:
        given = read_params(request.form if request.method == "POST" else request.args)
    except OAuth2Error as error:
        raise Problem("identity.oauth_bad_request", 400, said=error.description) from error
    if request.method == "POST" and "request" in given:
        demand_form(made, "logout")
        carried = uncarry(made, given["request"])
        return ended(made, carried.params, end=given.get("decision") == "allow")
    with open_call("public", None) as call:
        if call.actor.session_id and not is_own(call, given):
            carried = Carried(dict(given), int(made.clock().timestamp()))
            return page(
                made,
                "logout",
                sends_to=target(call, given),
                request=carry(made, carried),
                person=call.actor.account_name,
            )
    return ended(made, given, end=True)


def is_own(call: Call, params: Mapping[str, str]) -> bool:
    hint = read_own(call.deployment, params.get("id_token_hint", ""))
    return hint is not None and hint.get("sid") == str(call.actor.session_id)


def target(call: Call, params: Mapping[str, str]) -> str:
    """Where the program wants the browser afterwards; empty where it is not registered with that address, or not known."""
    hint = read_own(call.deployment, params.get("id_token_hint", "")) or {}
    client = find_client(call.session, call.deployment.seal, str(hint.get("aud") or params.get("client_id", "")))
    address = params.get("post_logout_redirect_uri", "")
    fits = client is not None and address in client.metadata.post_logout_redirect_uris
    if not fits or ("client_id" in params and client and params["client_id"] != client.client_id):
        return ""
    parts, state = urlsplit(address), params.get("state")
    query = "&".join(filter(None, [parts.query, urlencode({"state": state}) if state else ""]))
    return urlunsplit(parts._replace(query=query))


def ended(made: Deployment, params: Mapping[str, str], *, end: bool) -> Response:
    """Ends the session, and says so or sends the browser on."""
    with open_call("public", None, writes=True) as call:
        address = target(call, params)
        if end and call.actor.session_id:
            end_sessions(call.session, made.seal, call.actor.session_id)
        response = sent_on(address) if address else sent_on("/me") if not end else page(made, "left")
        return put_cookie(call, response, "") if end else response
