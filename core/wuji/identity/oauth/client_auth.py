"""How a program proves itself at the token endpoint and beside it (RFC 6749, 2.3)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError

from wuji.identity.oauth.assertions import TYPE, claimed_by, proves
from wuji.identity.oauth.services.clients import Client, find_client
from wuji.kit.db.doors import by_public
from wuji.kit.deployment import Deployment

CHALLENGE = {"WWW-Authenticate": 'Basic realm="wuji", charset="UTF-8"'}
SAID = "The client is not known, or did not prove itself as it is registered."


@dataclass(frozen=True)
class Credentials:
    """What a program says it is, and by what."""

    client_id: str
    secret: str | None = field(default=None, repr=False)
    assertion: str | None = field(default=None, repr=False)


def read_credentials(authorization: str | None, params: Mapping[str, str]) -> Credentials:
    """Raises InvalidRequestError where there are two ways at once, InvalidClientError where there is none."""
    scheme, _, given = (authorization or "").partition(" ")
    ways = [scheme.lower() == "basic", "client_secret" in params, "client_assertion" in params]
    if sum(ways) > 1:
        raise InvalidRequestError("The client proves itself in one way.")
    if ways[0]:
        return _by_header(given, params)
    if ways[2]:
        return _by_assertion(params)
    if "client_id" not in params:
        raise InvalidClientError(SAID, status_code=401)
    return Credentials(params["client_id"], params.get("client_secret"))


def _by_header(given: str, params: Mapping[str, str]) -> Credentials:
    try:
        name, found, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise InvalidClientError(SAID, status_code=401) from error
    if not found or params.get("client_id", unquote_plus(name)) != unquote_plus(name):
        raise InvalidClientError(SAID, status_code=401)
    return Credentials(unquote_plus(name), unquote_plus(secret))


def _by_assertion(params: Mapping[str, str]) -> Credentials:
    assertion = params["client_assertion"]
    client_id = claimed_by(assertion)
    if params.get("client_assertion_type") != TYPE:
        raise InvalidRequestError(f"client_assertion_type is {TYPE}.")
    if not client_id or params.get("client_id", client_id) != client_id:
        raise InvalidClientError(SAID, status_code=401)
    return Credentials(client_id, assertion=assertion)


def demand_client(
    deployment: Deployment,
    authorization: str | None,
    params: Mapping[str, str],
    *,
    path: str,
    confidential: bool = False,
) -> Client:
    """Who asks at a path, proven. `confidential`: one that cannot keep a secret may not. Raises InvalidClientError, the same for
    every reason.
    """
    credentials = read_credentials(authorization, params)
    with deployment.work(by_public(None), read_only=True) as session:
        client = find_client(session, deployment.seal, credentials.client_id)
    if client is None or (confidential and not client.metadata.is_confidential):
        raise InvalidClientError(SAID, status_code=401)
    if not _is_proven(deployment, client, credentials, path):
        raise InvalidClientError(SAID, status_code=401)
    return client


def _is_proven(deployment: Deployment, client: Client, credentials: Credentials, path: str) -> bool:
    """In the way that it is registered for; a secret may come by header or by form."""
    if client.metadata.has_key:
        base = deployment.options.base_url
        meant = {base, f"{base}/oauth/token", f"{base}{path}"}
        return credentials.assertion is not None and proves(deployment, client, credentials.assertion, meant)
    if credentials.assertion is not None:
        return False
    if not client.metadata.is_confidential:
        return credentials.secret is None
    return credentials.secret is not None and client.is_secret(credentials.secret)
