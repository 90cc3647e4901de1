"""Invitations: made by officials for people, redeemed by whoever has the token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, text

from wuji.identity.models import Role
from wuji.identity.passwords import check_password, hash_password
from wuji.identity.services.attempts import Attempt, begin_attempt, pass_attempt
from wuji.kit.crypto import make_token, token_hash
from wuji.kit.db.doors import Seal
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem, invalid, not_found
from wuji.onboarding.models import Invitation
from wuji.onboarding.services.refusals import refusals

MAKE = text("select wuji.invitation_make(:role_id, :uses, :expires_at, :token_hash, :seal)")
REVOKE = text("select wuji.invitation_revoke(:invitation_id)")
FIND = text("select * from wuji.invitation_find(:token_hash)")
REDEEM = text("select wuji.invitation_redeem(:token_hash, :seal)")
JOIN = text("select wuji.invitation_join(:token_hash, :login, :name, :name_key, :locale, :secret, :seal)")


@dataclass(frozen=True)
class Newcomer:
    """Somebody without an account, and from where they ask."""

    login: str
    name: str
    password: str
    locale: str
    address: str


def make_invitation(
    session: ScopedSession, seal: Seal, *, role: str, uses: int, expires_at: datetime
) -> tuple[UUID, str]:
    """Its id, and its token, which is shown once. Raises 422 naming what does not fit, 403 for a role that is not the actor's
    to give.
    """
    root = session.actor.root_id
    role_id = session.execute(
        select(Role.id)
        .where(Role.name == role, or_(Role.tenant_id.is_(None), Role.tenant_id == root))
        .order_by(Role.tenant_id.nulls_first())
        .limit(1)
    ).scalar_one_or_none()
    if role_id is None:
        raise invalid(Fault("#/role", "identity.invalid.no_role"))
    token = make_token("invitation")
    hashed = token_hash(token)
    values = {"role_id": role_id, "uses": uses, "expires_at": expires_at, "token_hash": hashed}
    with refusals():
        sealed = seal.over("invitation_make", role_id, hashed)
        made: UUID = session.execute(MAKE, {**values, "seal": sealed}).scalar_one()
    return made, token


def revoke_invitation(session: ScopedSession, invitation_id: UUID) -> None:
    """What was taken with it stays. Raises 404 outside the range, and for one that is revoked already."""
    in_range = Invitation.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())
    found = session.execute(select(Invitation.id).where(Invitation.id == invitation_id, in_range)).first()
    if found is None or not session.execute(REVOKE, {"invitation_id": invitation_id}).scalar_one():
        raise not_found()


def get_invitation(session: ScopedSession, token: str) -> Mapping[str, Any]:
    """What it is for. Raises 404, the same for absent, used up, over, revoked, and void."""
    found = session.execute(FIND, {"token_hash": token_hash(token)}).mappings().first()
    if found is None:
        raise Problem("onboarding.invitation_over", 404)
    return dict(found)


def redeem_invitation(session: ScopedSession, seal: Seal, token: str) -> UUID:
    """The acting account takes the role; returns the grant's id."""
    hashed = token_hash(token)
    sealed = seal.over("invitation_redeem", hashed, session.actor.account_id)
    with refusals():
        made: UUID = session.execute(REDEEM, {"token_hash": hashed, "seal": sealed}).scalar_one()
    return made


def join_by_invitation(session: ScopedSession, seal: Seal, token: str, newcomer: Newcomer) -> UUID:
    """Makes the account together with its role, or neither. Tries are slowed down as logins are.

    Two transactions: the try is counted and committed, then nothing is held while argon2 works, then the account is made.
    """
    check_password(newcomer.password, newcomer.login, "#/password")
    attempt = Attempt(newcomer.login, newcomer.address)
    begin_attempt(session, seal, attempt)
    session.commit()
    strict = get_invitation(session, token)["strict"]
    check_password(newcomer.password, newcomer.login, "#/password", strict=strict)
    session.commit()
    hashed, secret = token_hash(token), hash_password(newcomer.password)
    person = {"login": newcomer.login, "name": newcomer.name, "name_key": newcomer.name.casefold()}
    sealed = seal.over("invitation_join", hashed, newcomer.login, secret)
    values = {**person, "token_hash": hashed, "locale": newcomer.locale, "secret": secret, "seal": sealed}
    with refusals():
        made: UUID = session.execute(JOIN, values).scalar_one()
    pass_attempt(session, seal, attempt)
    return made
