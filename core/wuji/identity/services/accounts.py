"""Accounts of others: bringing people in, helping those who lost their password, suspending."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, text

from wuji.identity.models import RoleGrant
from wuji.identity.services.grants import Gift, give_role
from wuji.identity.services.refusals import refusals
from wuji.kit.crypto import make_token, token_hash
from wuji.kit.db.doors import Seal
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Problem, not_found

LINK_LIVES = timedelta(hours=72)
ADD = text("select wuji.account_add(:login, :name, :name_key, :locale, :reason)")
FIND = text("select wuji.account_find(:login)")
MAKE = text("select wuji.link_make(:account_id, :token_hash, :expires_at, :reason, :seal)")
STATE = text("select * from wuji.account_state(:account_id)")
SET_STATE = text("select wuji.account_state_set(:account_id, :state, :version, :reason, :seal)")


@dataclass(frozen=True)
class Link:
    """A one-time link; it is shown once, the row keeps its hash."""

    url: str
    expires_at: datetime


@dataclass(frozen=True)
class Newcomer:
    """An account that was just made, with its first role and the link that sets its password."""

    account_id: UUID
    gift: Gift
    link: Link


@dataclass(frozen=True)
class State:
    """Whether somebody may log in, and the version to name in If-Match."""

    state: str
    version: int


def add_account(
    session: ScopedSession,
    deployment: Deployment,
    *,
    login: str,
    name: str,
    role: str,
    tenant_id: int | None,
    expires_at: datetime | None = None,
    reason: str = "",
) -> Newcomer:
    """A new person with one role at a tenant (None: the operator's). All or nothing."""
    values = {"login": login, "name": name, "name_key": name.casefold(), "locale": "zh-CN", "reason": reason}
    with refusals():
        account_id: UUID = session.execute(ADD, values).scalar_one()
    gift = give_role(session, login, role, tenant_id, expires_at=expires_at, reason=reason)
    return Newcomer(account_id, gift, make_link(session, deployment, account_id, reason=reason))


def make_link(session: ScopedSession, deployment: Deployment, account_id: UUID, *, reason: str = "") -> Link:
    """A link that sets the account's password once; older ones stop working.

    Raises 403 where the account holds roles that are not the actor's to manage.
    """
    token = make_token("link")
    hashed, expires_at = token_hash(token), deployment.clock() + LINK_LIVES
    seal = deployment.seal.over("link_make", account_id, hashed)
    values = {"account_id": account_id, "token_hash": hashed, "expires_at": expires_at, "reason": reason, "seal": seal}
    with refusals():
        session.execute(MAKE, values)
    return Link(f"{deployment.options.base_url}/link#{token}", expires_at)


def get_person(session: ScopedSession, account_id: UUID) -> UUID:
    """The account's id, where it holds a live grant in the acting tenant's subtree. Raises 404 for every other."""
    held = select(RoleGrant.id).where(
        RoleGrant.account_id == account_id,
        RoleGrant.revoked_at.is_(None),
        or_(RoleGrant.expires_at.is_(None), RoleGrant.expires_at > func.now()),
        RoleGrant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()),
    )
    if session.execute(held.limit(1)).first() is None:
        raise not_found()
    return account_id


def find_account_id(session: ScopedSession, login: str) -> UUID | None:
    """Whose login it is; for the operator."""
    found: UUID | None = session.execute(FIND, {"login": login}).scalar_one()
    return found


def get_state(session: ScopedSession, account_id: UUID) -> State:
    """Of somebody whom the actor may suspend."""
    with refusals():
        row = session.execute(STATE, {"account_id": account_id}).one()
    return State(row.state, row.version)


def set_state(
    session: ScopedSession, seal: Seal, account_id: UUID, state: str, *, version: int | None = None, reason: str = ""
) -> State:
    """`active` or `suspended`; suspending ends every session. Raises 412 where `version` is not the present one."""
    sealed = seal.over("account_state_set", account_id, state)
    values = {"account_id": account_id, "state": state, "version": version, "reason": reason, "seal": sealed}
    with refusals():
        found: int | None = session.execute(SET_STATE, values).scalar_one()
    if found is None:
        raise Problem("kit.changed_meanwhile", 412)
    return State(state, found)
