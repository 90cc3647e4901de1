"""`/oauth/register`: programs register themselves with an initial access token (RFC 7591) and look after it (RFC 7592)."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request

from wuji.identity.oauth.metadata import Metadata, MetadataError, read_metadata
from wuji.identity.oauth.routes.protocol import NEVER, RATE, answered
from wuji.identity.oauth.services.registering import UninvitedError, amend, leave, register, show
from wuji.identity.oauth.services.sectors import check_sector
from wuji.kit.calling import Caller
from wuji.kit.http.limits import limit_address
from wuji.kit.http.request import BEARER, challenge, deployment, given_token

registering = Blueprint("oauth_registering", __name__)
PATH, OWN = "/oauth/register", "/oauth/register/<client_id>"
MOST = 100_000  # bytes


@registering.errorhandler(MetadataError)
def refuse(error: MetadataError) -> Response:
    """RFC 7591, 3.2.2. In ASCII, as the standard has it for descriptions."""
    said = str(error).encode("ascii", "backslashreplace").decode()
    return answered({"error": error.error, "error_description": said}, status=HTTPStatus.BAD_REQUEST)


@registering.errorhandler(UninvitedError)
def turn_away(_error: UninvitedError) -> Response:
    """RFC 6750, 3.1: whatever the reason, one answer."""
    error = "invalid_token" if "Authorization" in request.headers else ""
    said = {"error": error} if error else {}
    return answered(said, {**NEVER, "WWW-Authenticate": challenge(error)}, HTTPStatus.UNAUTHORIZED)


@registering.post(PATH)
def add() -> Response:
    token, made = brought(), read_metadata(sent())
    check_sector(deployment().part(Caller), made)
    return answered(register(deployment(), token, made), status=HTTPStatus.CREATED)


@registering.get(OWN)
def read(client_id: str) -> Response:
    return answered(show(deployment(), client_id, brought()))


@registering.put(OWN)
def change(client_id: str) -> Response:
    """All that it says of itself; what is left out goes back to what is usual (RFC 7592, 2.2)."""
    token, asked = brought(), sent()
    if asked.get("client_id") != client_id:
        raise MetadataError("client_id: the body names the client that the address names")
    made = metadata(asked)
    check_sector(deployment().part(Caller), made)
    return answered(amend(deployment(), client_id, token, made))


@registering.delete(OWN)
def remove(client_id: str) -> Response:
    leave(deployment(), client_id, brought())
    return Response(status=HTTPStatus.NO_CONTENT, headers=NEVER)


def metadata(asked: Mapping[str, Any]) -> Metadata:
    """Raises MetadataError, also for what only the server may say (RFC 7592, 2.2)."""
    for name in (
        "registration_access_token",
        "registration_client_uri",
        "client_secret_expires_at",
        "client_id_issued_at",
    ):
        if name in asked:
            raise MetadataError(f"{name}: only this server says it")
    return read_metadata(dict(asked))


def brought() -> str:
    """Raises UninvitedError where no token is brought."""
    limit_address(deployment(), RATE)
    scheme, token = given_token(request)
    if scheme != BEARER or not token:
        raise UninvitedError
    return token


def sent() -> dict[str, Any]:
    """The body, a JSON object. Raises MetadataError."""
    if request.mimetype != "application/json":
        raise MetadataError("the body must be application/json")
    body = request.stream.read(MOST + 1)
    if len(body) > MOST:
        raise MetadataError(f"the body has more than {MOST} bytes")
    try:
        read = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MetadataError("the body is no JSON") from error
    if not isinstance(read, dict):
        raise MetadataError("the body is no JSON object")
    return read
