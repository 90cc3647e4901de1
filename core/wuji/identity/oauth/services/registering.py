"""Programs register themselves, by a tenant's invitation, and look after their registration (RFC 7591, RFC 7592)."""

from collections.abc import Mapping
from datetime import timedelta
from secrets import token_hex
from typing import Any

import msgspec
from sqlalchemy import text

from wuji.identity.oauth.metadata import Metadata, MetadataError, as_registered
from wuji.identity.oauth.services.clients import make_secret
from wuji.kit.crypto import make_token, token_hash
from wuji.kit.db.doors import by_public
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment

INVITATION, REGISTRATION = "oit", "orat"
MOST = 500  # programs of one tenant
WITH_SECRET = frozenset({"client_secret_basic", "client_secret_post"})
INVITE = text("select wuji.oauth_invitation_add(:token_hash, :uses, :expires_at, :reason, :seal)")
REGISTER = text(
    "select wuji.oauth_client_register(:token_hash, :client_id, :name, cast(:metadata as jsonb), :secret_hash, "
    ":registration_hash, :most, :seal)"
)
SHOWN = text("select * from wuji.oauth_client_shown(:client, :hashed, :seal)")
AMEND = text(
    "select wuji.oauth_client_amend(:client, :hashed, :name, cast(:metadata as jsonb), :secret_hash, :keep, :seal)"
)
LEAVE = text("select wuji.oauth_client_leave(:client, :hashed, :seal)")


class UninvitedError(Exception):
    """The token is none, over, used up, or another program's."""


def invite(session: ScopedSession, deployment: Deployment, *, uses: int, valid: timedelta, reason: str = "") -> str:
    """An initial access token, shown this once: so many programs may register themselves with it at the acting tenant."""
    token = make_token(INVITATION)
    hashed = token_hash(token)
    values = {
        "token_hash": hashed,
        "uses": uses,
        "expires_at": deployment.clock() + valid,
        "reason": reason,
        "seal": deployment.seal.over("oauth_invitation_add", hashed),
    }
    session.execute(INVITE, values)
    return token


def register(deployment: Deployment, token: str, metadata: Metadata) -> dict[str, Any]:
    """The answer of a registration, with what the program may change it with. Raises UninvitedError, MetadataError."""
    client_id, secret, own = f"wuji_{token_hex(12)}", make_secret(metadata), make_token(REGISTRATION)
    hashes = token_hash(token), token_hash(secret) if secret else None, token_hash(own)
    values = {
        "token_hash": hashes[0],
        "client_id": client_id,
        "name": metadata.client_name,
        "metadata": msgspec.json.encode(metadata).decode(),
        "secret_hash": hashes[1],
        "registration_hash": hashes[2],
        "most": MOST,
        "seal": deployment.seal.over("oauth_client_register", hashes[0], client_id, hashes[1], hashes[2]),
    }
    with deployment.work(by_public(None)) as session:
        outcome = session.execute(REGISTER, values).scalar_one()
    if outcome == "many":
        raise MetadataError(f"the tenant has {MOST} programs, and may have no more")
    if outcome != "ok":
        raise UninvitedError
    answer = as_registered(client_id, metadata, deployment.clock(), secret)
    return {**answer, "registration_access_token": own, **_managed(deployment, client_id)}


def show(deployment: Deployment, client_id: str, token: str) -> dict[str, Any]:
    """What is registered, without its secret. Raises UninvitedError."""
    hashed = token_hash(token)
    seal = deployment.seal.over("oauth_client_shown", client_id, hashed)
    with deployment.work(by_public(None), read_only=True) as session:
        row = session.execute(SHOWN, {"client": client_id, "hashed": hashed, "seal": seal}).first()
    if row is None:
        raise UninvitedError
    metadata = msgspec.convert(row.metadata, Metadata)
    return {**as_registered(client_id, metadata, row.created_at, None), **_managed(deployment, client_id)}


def amend(deployment: Deployment, client_id: str, token: str, metadata: Metadata) -> dict[str, Any]:
    """What it says of itself now; with a secret where it needs one and had none. Raises UninvitedError."""
    before = show(deployment, client_id, token)
    keep = before["token_endpoint_auth_method"] in WITH_SECRET and metadata.has_secret
    secret = None if keep else make_secret(metadata)
    hashed, hidden = token_hash(token), token_hash(secret) if secret else None
    values = {
        "client": client_id,
        "hashed": hashed,
        "name": metadata.client_name,
        "metadata": msgspec.json.encode(metadata).decode(),
        "secret_hash": hidden,
        "keep": keep,
        "seal": deployment.seal.over("oauth_client_amend", client_id, hashed, hidden),
    }
    with deployment.work(by_public(None)) as session:
        if not session.execute(AMEND, values).scalar_one():
            raise UninvitedError
    answer = as_registered(client_id, metadata, deployment.clock(), secret)
    return {**answer, "client_id_issued_at": before["client_id_issued_at"], **_managed(deployment, client_id)}


def leave(deployment: Deployment, client_id: str, token: str) -> None:
    """Raises UninvitedError."""
    hashed = token_hash(token)
    seal = deployment.seal.over("oauth_client_leave", client_id, hashed)
    with deployment.work(by_public(None)) as session:
        if not session.execute(LEAVE, {"client": client_id, "hashed": hashed, "seal": seal}).scalar_one():
            raise UninvitedError


def _managed(deployment: Deployment, client_id: str) -> Mapping[str, str]:
    return {"registration_client_uri": f"{deployment.options.base_url}/oauth/register/{client_id}"}
