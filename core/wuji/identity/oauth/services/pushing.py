"""Requests that programs send beforehand, behind people's backs and browsers (RFC 9126)."""

from collections.abc import Mapping
from typing import Any

import msgspec
from authlib.oauth2.rfc6749 import InvalidRequestError
from sqlalchemy import text

from wuji.identity.oauth.services.asking import RefusedAskError, read_ask
from wuji.identity.oauth.services.clients import Client
from wuji.kit.crypto import make_token, token_hash
from wuji.kit.db.doors import by_public
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Problem

URN, SECONDS = "urn:ietf:params:oauth:request_uri:", 60
PREFIX = "par"
PROVES = frozenset({"client_secret", "client_assertion", "client_assertion_type"})  # what is never kept
PUSH = text("select wuji.oauth_push(:request_hash, :client, cast(:params as jsonb), :seconds, :seal)")
TAKE = text("select params from wuji.oauth_pushed_take(:request_hash, :client, :seal)")


def push(deployment: Deployment, client: Client, params: Mapping[str, str], resource: str) -> dict[str, Any]:
    """The request, checked and kept for a minute under a name that works once (RFC 9126, 2.2). Raises OAuth2Error."""
    if "request_uri" in params:
        raise InvalidRequestError("request_uri is what this gives, not what it takes.")
    kept = {name: value for name, value in params.items() if name not in PROVES} | {"client_id": client.client_id}
    name = make_token(PREFIX)
    hashed = token_hash(name)
    values = {
        "request_hash": hashed,
        "client": client.id,
        "params": msgspec.json.encode(kept).decode(),
        "seconds": SECONDS,
        "seal": deployment.seal.over("oauth_push", hashed, client.id),
    }
    with deployment.work(by_public(None)) as session:
        try:
            read_ask(session, deployment.seal, kept, resource, pushed=True)
        except RefusedAskError as refused:
            raise refused.error from refused
        except Problem as problem:  # there is no page to show it on
            raise InvalidRequestError("redirect_uri is not registered.") from problem
        session.execute(PUSH, values)
    return {"request_uri": URN + name, "expires_in": SECONDS}


def take_pushed(deployment: Deployment, params: Mapping[str, str]) -> dict[str, str]:
    """What was pushed under that `request_uri`; all else that stands beside it counts nothing. Raises Problem: used, over, or
    another program's.
    """
    hashed = token_hash(params["request_uri"].removeprefix(URN))
    client = params.get("client_id", "")
    values = {
        "request_hash": hashed,
        "client": client,
        "seal": deployment.seal.over("oauth_pushed_take", hashed, client),
    }
    with deployment.work(by_public(None)) as session:
        found = session.execute(TAKE, values).scalar_one_or_none()
    if found is None:
        raise Problem("identity.oauth_request_over", 400)
    return dict(found)
