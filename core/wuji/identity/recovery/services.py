"""Recovering an account: asked for by one official, agreed to by another, stopped by either or by the person."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from wuji.identity.recovery.models import AccountRecovery
from wuji.identity.services.accounts import LINK_LIVES, Link
from wuji.identity.services.refusals import PROBLEMS
from wuji.kit.crypto import make_token, token_hash
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.tenancy.models import Tenant

ASK = text("select wuji.recovery_ask(:account_id, :reason)")
AGREE = text("select wuji.recovery_agree(:id, :token_hash, :expires_at, :seal)")
END = text("select wuji.recovery_end(:id, :reason)")
SLUGS = ("recovery_needless", "recovery_waits", "recovery_second", "recovery_asker")
refusals = partial(refusals_as, {}, {**PROBLEMS, **{name: (f"identity.{name}", 409) for name in SLUGS}})


def ask_recovery(session: ScopedSession, account_id: UUID, reason: str) -> Mapping[str, Any]:
    """Raises 403, 404 for whoever may not reset them, 409 where a link is enough or one waits already."""
    with refusals():
        made: UUID = session.execute(ASK, {"account_id": account_id, "reason": reason}).scalar_one()
    return next(one for one in _rows(session, AccountRecovery.id == made))


def agree_recovery(session: ScopedSession, deployment: Deployment, recovery_id: UUID) -> Link:
    """The link that sets a new password, shown this once. Raises 404, 409 for whoever asked themselves."""
    token = make_token("link")
    hashed, expires_at = token_hash(token), deployment.clock() + LINK_LIVES
    seal = deployment.seal.over("recovery_agree", recovery_id, hashed)
    with refusals():
        session.execute(AGREE, {"id": recovery_id, "token_hash": hashed, "expires_at": expires_at, "seal": seal})
    return Link(f"{deployment.options.base_url}/link#{token}", expires_at)


def end_recovery(session: ScopedSession, recovery_id: UUID, reason: str) -> None:
    """Raises 404."""
    with refusals():
        session.execute(END, {"id": recovery_id, "reason": reason})


def list_own_recoveries(session: ScopedSession) -> Sequence[Mapping[str, Any]]:
    """Those of the acting account that wait: whoever knows of none stops them."""
    return _rows(session, AccountRecovery.account_id == session.actor.account_id)


def _rows(session: ScopedSession, which: Any) -> list[Mapping[str, Any]]:
    waiting = (AccountRecovery.agreed_at.is_(None), AccountRecovery.ended_at.is_(None))
    asked = (
        select(AccountRecovery.id, AccountRecovery.reason, AccountRecovery.expires_at, Tenant.name.label("tenant_name"))
        .outerjoin(Tenant, Tenant.id == AccountRecovery.tenant_id)
        .where(which, *waiting, AccountRecovery.expires_at > func.now())
    )
    return [dict(row) for row in session.execute(asked).mappings()]
