"""What programs call by the standards' own forms: no page, no problem+json, but OAuth's errors."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, UnauthorizedClientError
from flask import Blueprint, Response, request

from wuji.identity.oauth.claims import subject
from wuji.identity.oauth.client_auth import CHALLENGE, demand_client
from wuji.identity.oauth.discovery import provider, server
from wuji.identity.oauth.metadata import DEVICE
from wuji.identity.oauth.params import read_params
from wuji.identity.oauth.services.clients import Client
from wuji.identity.oauth.services.devices import begin_device
from wuji.identity.oauth.services.issuing import InvalidProofError, TokenAsk
from wuji.identity.oauth.services.keys import get_keys, public_keys
from wuji.identity.oauth.services.pushing import push
from wuji.identity.oauth.services.tokens import end_token, find_token, give_tokens, resource
from wuji.kit.buckets import Rate
from wuji.kit.db.doors import by_public
from wuji.kit.http.limits import limit_address
from wuji.kit.http.proof import ProofError, shown_key
from wuji.kit.http.request import deployment

protocol = Blueprint("oauth_protocol", __name__)
RATE = Rate("oauth", 1200, 60)  # a city's own server redeems for all of its people behind one address
FORM = "application/x-www-form-urlencoded"
OPEN = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
NEVER = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def answered(said: Mapping[str, Any], headers: Mapping[str, str] = NEVER, status: int = HTTPStatus.OK) -> Response:
    return Response(msgspec.json.encode(said), status, dict(headers), mimetype="application/json")


@protocol.errorhandler(OAuth2Error)
def refuse(error: OAuth2Error) -> Response:
    """RFC 6749, 5.2."""
    said = {"error": error.error, "error_description": error.description}
    headers = {**NEVER, **(CHALLENGE if isinstance(error, InvalidClientError) else {})}
    return answered({name: value for name, value in said.items() if value}, headers, error.status_code)


@protocol.get("/.well-known/openid-configuration")
def show_provider() -> Response:
    return answered(provider(deployment().options), OPEN)


@protocol.get("/.well-known/oauth-authorization-server")
def show_server() -> Response:
    return answered(server(deployment().options), OPEN)


@protocol.get("/oauth/jwks")
def show_keys() -> Response:
    """A copy is good for five minutes: a key is published a day before it signs."""
    return answered(public_keys(get_keys(deployment()), deployment().clock()), OPEN)


def form() -> Mapping[str, str]:
    """The request's parameters, from its body alone: an address ends up in logs (RFC 6749, 2.3.1). Raises InvalidRequestError."""
    limit_address(deployment(), RATE)
    if request.mimetype != FORM:
        raise InvalidRequestError(f"The body must be {FORM}.")
    if request.query_string:
        raise InvalidRequestError("Parameters belong in the body.")
    return read_params(request.form)


def asker(params: Mapping[str, str], *, confidential: bool = False) -> Client:
    authorization = request.headers.get("Authorization")
    return demand_client(deployment(), authorization, params, path=request.path, confidential=confidential)


def key() -> str | None:
    """The thumbprint of the key that the program shows, if it shows one. Raises InvalidProofError."""
    try:
        return shown_key(deployment())
    except ProofError as error:
        raise InvalidProofError(str(error)) from error


@protocol.post("/oauth/token")
def token() -> Response:
    params = form()
    client = asker(params)
    return answered(give_tokens(deployment(), TokenAsk(client, params, key())))


@protocol.post("/oauth/par")
def push_request() -> Response:
    """A program sends its request beforehand (RFC 9126); the key that it shows here is the one that redeems the code (RFC 9449,
    10.1).
    """
    made, params = deployment(), form()
    client, shown = asker(params), key()
    if shown and params.get("dpop_jkt", shown) != shown:
        raise InvalidProofError("dpop_jkt names another key.")
    pushed = {**params, "dpop_jkt": shown} if shown else params
    return answered(push(made, client, pushed, resource(made)), status=HTTPStatus.CREATED)


@protocol.post("/oauth/device_authorization")
def begin() -> Response:
    """A device begins to wait (RFC 8628, 3.1)."""
    params = form()
    client = asker(params)
    if DEVICE not in client.metadata.grant_types:
        raise UnauthorizedClientError("This client is not registered for device_code.")
    return answered(begin_device(deployment(), client, params))


@protocol.post("/oauth/revoke")
def revoke() -> Response:
    """200 whatever the token was (RFC 7009, 2.2)."""
    made, params = deployment(), form()
    client = asker(params)
    if "token" not in params:
        raise InvalidRequestError("token is missing.")
    with made.work(by_public(None)) as session:
        end_token(session, made.seal, client, params["token"])
    return answered({})


@protocol.post("/oauth/introspect")
def introspect() -> Response:
    """To a program about its own tokens, and to one of a tenant about those of that tenant's programs: it may be what they are
    shown to (RFC 7662).
    """
    made, params = deployment(), form()
    client = asker(params, confidential=True)
    if "token" not in params:
        raise InvalidRequestError("token is missing.")
    with made.work(by_public(None), read_only=True) as session:
        told = find_token(session, made.seal, params["token"])
    if told is None or told["client_tenant"] != client.tenant_id:
        return answered({"active": False})
    said = {
        "active": True,
        "iss": made.options.base_url,
        "aud": resource(made),
        "client_id": told["client_id"],
        "scope": " ".join(told["token_scopes"]),
        "token_type": ("DPoP" if told["jkt"] else "Bearer") if told["kind"] == "access" else None,
        "cnf": {"jkt": told["jkt"]} if told["jkt"] else None,
        "iat": int(told["issued_at"].timestamp()),
        "exp": int(told["expires_at"].timestamp()),
        "sub": subject(made.seal, client.metadata, client.tenant_id, told["account_id"]),
        "tenant": told["tenant_code"],
        "acr": told["acr"],
        "auth_time": int(told["auth_time"].timestamp()) if told["auth_time"] else None,
    }
    return answered({name: value for name, value in said.items() if value not in (None, "")})
