"""Tokens of devices: opened, changed and taken away by whoever holds a permission at the device's tenant; shown once, kept
as sha256.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import text

from wuji.identity.settings import DEVICE_GRACE_MINUTES
from wuji.kit.crypto import DEVICE, make_token, token_hash
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.setting import read_setting

LIFE = timedelta(days=3650)  # a device hangs on a wall for years; it ends when somebody says so
OPEN = text("select wuji.device_open(:permission, :tenant_id, :name, :token_hash, :ends_at, :seal)")
ROTATE = text("select wuji.device_rotate(:permission, :account_id, :token_hash, :ends_at, :old_until, :seal)")
REVOKE = text("select wuji.device_revoke(:permission, :account_id, :seal)")
TOKENS = text("select * from wuji.device_tokens(:account_ids)")
refusals = partial(refusals_as, {}, {"device_revoked": ("identity.device_revoked", 409)})


@dataclass(frozen=True)
class DeviceToken:
    """A device's account, and its token: to be shown this once."""

    account_id: UUID
    token: str = field(repr=False)
    old_until: datetime | None = None  # when the token before this one ends


def open_device(
    session: ScopedSession, deployment: Deployment, permission: str, *, tenant_id: int, name: str
) -> DeviceToken:
    """A service account at a tenant of the range, where whoever acts must hold the permission. It may do what plugins
    give the role `device`, and nothing else.
    """
    token = make_token(DEVICE)
    hashed, ends_at = token_hash(token), deployment.clock() + LIFE
    seal = deployment.seal.over("device_open", permission, tenant_id, hashed, ends_at)
    values = {"permission": permission, "tenant_id": tenant_id, "name": name, "token_hash": hashed}
    made = session.execute(OPEN, {**values, "ends_at": ends_at, "seal": seal}).scalar_one()
    return DeviceToken(made, token)


def rotate_device(session: ScopedSession, deployment: Deployment, permission: str, account_id: UUID) -> DeviceToken:
    """Another token; the present one works some minutes longer. Raises 409 where the device was revoked."""
    token, moment = make_token(DEVICE), deployment.clock()
    hashed, ends_at = token_hash(token), moment + LIFE
    old_until = moment + timedelta(minutes=read_setting(session, DEVICE_GRACE_MINUTES))
    seal = deployment.seal.over("device_rotate", permission, account_id, hashed, ends_at, old_until)
    values = {"permission": permission, "account_id": account_id, "token_hash": hashed, "ends_at": ends_at}
    with refusals():
        session.execute(ROTATE, {**values, "old_until": old_until, "seal": seal})
    return DeviceToken(account_id, token, old_until)


def revoke_device(session: ScopedSession, deployment: Deployment, permission: str, account_id: UUID) -> None:
    """At once and for good. Raises 409 where it was revoked already."""
    seal = deployment.seal.over("device_revoke", permission, account_id)
    with refusals():
        session.execute(REVOKE, {"permission": permission, "account_id": account_id, "seal": seal})


def list_device_tokens(session: ScopedSession, account_ids: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """Since when and until when each device's live tokens work; of devices in the range."""
    return [dict(row) for row in session.execute(TOKENS, {"account_ids": list(account_ids)}).mappings()]
