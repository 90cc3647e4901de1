"""How a program proves itself at the token endpoint and beside it (RFC 6749, 2.3)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError

from wuji.identity.oauth.services.clients import Client, find_client
from wuji.kit.db.doors import by_public
from wuji.kit.deployment import Deployment

CHALLENGE = {"WWW-Authenticate": 'Basic realm="wuji", charset="UTF-8"'}
SAID = "The client is not known, or did not prove itself as it is registered."


@dataclass(frozen=True)
class Credentials:
    """What a program says it is. `basic`: in the Authorization header."""

    client_id: str
    secret: str | None
    basic: bool


def read_credentials(authorization: str | None, params: Mapping[str, str]) -> Credentials:
    """Raises InvalidRequestError where there are two ways at once, InvalidClientError where there is none."""
    scheme, _, given = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        if "client_id" not in params:
            raise InvalidClientError(SAID, status_code=401)
        return Credentials(params["client_id"], params.get("client_secret"), basic=False)
    if "client_secret" in params:
        raise InvalidRequestError("The client proves itself in one way: by header or by form.")
    try:
        name, found, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise InvalidClientError(SAID, status_code=401) from error
    if not found or params.get("client_id", unquote_plus(name)) != unquote_plus(name):
        raise InvalidClientError(SAID, status_code=401)
    return Credentials(unquote_plus(name), unquote_plus(secret), basic=True)


def demand_client(
    deployment: Deployment, authorization: str | None, params: Mapping[str, str], *, confidential: bool = False
) -> Client:
    """Who asks, proven. `confidential`: one without a secret may not. Raises InvalidClientError, the same for every reason."""
    credentials = read_credentials(authorization, params)
    with deployment.work(by_public(None), read_only=True) as session:
        client = find_client(session, deployment.seal, credentials.client_id)
    if client is None:
        raise InvalidClientError(SAID, status_code=401)
    if client.metadata.is_confidential:
        proven = credentials.secret is not None and client.is_secret(credentials.secret)
    else:
        proven = credentials.secret is None and not confidential
    if not proven:
        raise InvalidClientError(SAID, status_code=401)
    return client
