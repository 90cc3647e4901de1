"""Programs of others: registered, changed, given another secret, removed; and found by the protocol."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hmac import compare_digest
from secrets import token_hex
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import and_, func, select, text

from wuji.identity.oauth.metadata import Metadata, as_registered
from wuji.identity.oauth.models import OAuthClient
from wuji.kit.crypto import make_token, token_hash
from wuji.kit.db.doors import Seal
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import not_found
from wuji.tenancy.models import Tenant, TenantCode

SECRET = "ocs"  # noqa: S105 - the prefix of what is one
OVERLAP = timedelta(hours=24)  # for which the secret before works too
ADD = text("select wuji.oauth_client_add(:client_id, :name, cast(:metadata as jsonb), :secret_hash, :reason, :seal)")
ROTATE = text("select wuji.oauth_client_rotate(:client_id, :secret_hash, :old_until, :reason, :seal)")
CHANGE = text(
    "select wuji.oauth_client_change(:client_id, :name, cast(:metadata as jsonb), :secret_hash, :keep, :version, :reason, :seal)"
)
REMOVE = text("select wuji.oauth_client_remove(:client_id, :reason, :seal)")
FIND = text("select * from wuji.oauth_client_find(:client_id, :seal)")
refusals = partial(
    refusals_as,
    {},
    {
        "oauth_client_removed": ("identity.oauth_client_removed", 409),
        "oauth_client_public": ("identity.oauth_client_public", 409),
        "oauth_client_version": ("kit.changed_meanwhile", 412),
    },
)


@dataclass(frozen=True)
class Client:
    """A live program as the protocol knows it. `tenant_code`: whose it is."""

    id: UUID
    client_id: str
    name: str
    metadata: Metadata
    secret_hash: bytes | None = field(repr=False)
    old_hash: bytes | None = field(repr=False)
    account_id: UUID
    tenant_id: int
    tenant_code: str
    tenant_name: str

    def is_secret(self, secret: str) -> bool:
        """Whether it is its secret, or the one before it for as long as that works."""
        given = token_hash(secret)
        return any(compare_digest(given, kept) for kept in (self.secret_hash, self.old_hash) if kept)


@dataclass(frozen=True)
class Registered:
    """A live program of the acting tenant's subtree, for whoever manages it."""

    client_id: str
    name: str
    metadata: Metadata
    tenant: str
    tenant_name: str
    created_at: datetime
    used_at: datetime | None
    version: int


def find_client(session: ScopedSession, seal: Seal, client_id: str) -> Client | None:
    """A live one; None where there is none of that id."""
    sealed = seal.over("oauth_client_find", client_id)
    row = session.execute(FIND, {"client_id": client_id, "seal": sealed}).mappings().first()
    return Client(**{**row, "metadata": msgspec.convert(row["metadata"], Metadata)}) if row else None


def make_secret(metadata: Metadata) -> str | None:
    """For whoever keeps one; a program with a key of its own, or none, has no secret of ours."""
    return make_token(SECRET) if metadata.has_secret else None


def add_client(
    session: ScopedSession, deployment: Deployment, metadata: Metadata, *, reason: str = ""
) -> dict[str, Any]:
    """Registers a program at the acting tenant. Returns the answer (RFC 7591, 3.2.1) with the secret, this once."""
    client_id = f"wuji_{token_hex(12)}"
    secret = make_secret(metadata)
    hashed = token_hash(secret) if secret else None
    values = {
        "client_id": client_id,
        "name": metadata.client_name,
        "metadata": msgspec.json.encode(metadata).decode(),
        "secret_hash": hashed,
        "reason": reason,
        "seal": deployment.seal.over("oauth_client_add", client_id, hashed),
    }
    session.execute(ADD, values)
    return as_registered(client_id, metadata, deployment.clock(), secret)


def get_client(session: ScopedSession, client_id: str) -> Registered:
    """Raises 404."""
    used = func.wuji.oauth_client_used(OAuthClient.id)
    row = session.execute(
        select(OAuthClient, TenantCode.code, Tenant.name, used)
        .join(Tenant, Tenant.id == OAuthClient.tenant_id)
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .where(OAuthClient.client_id == client_id, OAuthClient.revoked_at.is_(None))
    ).one_or_none()
    if row is None:
        raise not_found()
    found, code, tenant_name, used_at = row
    metadata = msgspec.convert(found.metadata_, Metadata)
    return Registered(client_id, found.name, metadata, code, tenant_name, found.created_at, used_at, found.version)


def change_client(
    session: ScopedSession,
    deployment: Deployment,
    found: Registered,
    metadata: Metadata,
    *,
    version: int,
    reason: str = "",
) -> tuple[int, str | None]:
    """Its new version, and its secret where it needs one and had none. Raises 404, or 412 where somebody was faster."""
    keep = found.metadata.has_secret and metadata.has_secret
    secret = None if keep else make_secret(metadata)
    hashed = token_hash(secret) if secret else None
    values = {
        "client_id": found.client_id,
        "name": metadata.client_name,
        "metadata": msgspec.json.encode(metadata).decode(),
        "secret_hash": hashed,
        "keep": keep,
        "version": version,
        "reason": reason,
        "seal": deployment.seal.over("oauth_client_change", found.client_id, hashed),
    }
    with refusals():
        changed: int = session.execute(CHANGE, values).scalar_one()
    return changed, secret


def rotate_secret(session: ScopedSession, deployment: Deployment, client_id: str, *, reason: str = "") -> str:
    """Another secret, shown this once; the present one works a day longer. Raises 404, or 409 where it has none."""
    secret = make_token(SECRET)
    hashed = token_hash(secret)
    values = {
        "client_id": client_id,
        "secret_hash": hashed,
        "old_until": deployment.clock() + OVERLAP,
        "reason": reason,
        "seal": deployment.seal.over("oauth_client_rotate", client_id, hashed),
    }
    with refusals():
        session.execute(ROTATE, values)
    return secret


def remove_client(session: ScopedSession, seal: Seal, client_id: str, *, reason: str = "") -> None:
    """For good, with all tokens that came of it. Raises 404, or 409 where it was removed before."""
    values = {"client_id": client_id, "reason": reason, "seal": seal.over("oauth_client_remove", client_id)}
    with refusals():
        session.execute(REMOVE, values)


def list_clients(session: ScopedSession) -> Sequence[OAuthClient]:
    """The live ones of the acting tenant and below it, by name."""
    return session.scalars(
        select(OAuthClient).where(OAuthClient.revoked_at.is_(None)).order_by(OAuthClient.name, OAuthClient.id)
    ).all()
