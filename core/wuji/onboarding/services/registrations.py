"""Residents who bring themselves, where their place lets them."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, func, select, text

from wuji.identity.life.models import Consent
from wuji.identity.life.purposes import ACCOUNT
from wuji.identity.life.services.consents import check_edition
from wuji.identity.passwords import check_password, hash_password
from wuji.identity.services.attempts import Attempt, begin_attempt, pass_attempt
from wuji.kit.address import network
from wuji.kit.db.doors import Seal
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem, invalid, not_found
from wuji.onboarding.models import Registration
from wuji.onboarding.services.invitations import Newcomer
from wuji.onboarding.services.refusals import refusals

TERMS = text("select * from wuji.registration_terms()")
ASK = text("select * from wuji.registration_ask(:note, :edition, :seal)")
JOIN = text(
    "select * from wuji.registration_join(:login, :name, :name_key, :locale, :secret, :note, :edition, :address, :seal)"
)
MINE = text("select * from wuji.registrations_mine()")
WITHDRAW = text("select wuji.registration_withdraw(:id)")
REVIEW = text("select wuji.registration_review(:id, :accept, :reason)")


def read_terms(session: ScopedSession) -> Mapping[str, Any]:
    """How the acting place takes newcomers, and whether the acting account still has to agree to something."""
    terms = dict(session.execute(TERMS).mappings().one())
    return {**terms, "agreed": _agreed(session)}


def _agreed(session: ScopedSession) -> bool:
    live = (Consent.withdrawn_at.is_(None), Consent.purpose == ACCOUNT.name, Consent.edition == ACCOUNT.edition)
    mine = select(Consent.id).where(Consent.account_id == session.actor.account_id, *live)
    return session.actor.account_id is not None and session.execute(mine).first() is not None


def ask_registration(session: ScopedSession, seal: Seal, note: str, edition: int | None) -> str:
    """The acting account asks: `accepted` or `open`. Raises 409 where it is there or waits already, 422 without consent."""
    if not _agreed(session):
        check_edition(ACCOUNT, edition, "#/edition")
    sealed = seal.over("registration_ask", session.actor.account_id, session.actor.tenant_id, edition)
    return _asked(session, ASK, {"note": note, "edition": edition, "seal": sealed})


def join_by_registration(session: ScopedSession, seal: Seal, newcomer: Newcomer, note: str, edition: int | None) -> str:
    """Makes the account together with the question, or neither; tries are slowed down as logins are, and nothing is held while
    argon2 works.
    """
    check_edition(ACCOUNT, edition, "#/edition")
    terms = session.execute(TERMS).one()
    if terms.mode == "off":
        raise Problem("onboarding.registration_off", 409)
    check_password(newcomer.password, newcomer.login, "#/password", strict=terms.strict)
    attempt = Attempt(newcomer.login, newcomer.address)
    begin_attempt(session, seal, attempt)
    session.commit()
    secret = hash_password(newcomer.password)
    address = hashlib.sha256(f"registration\0{network(newcomer.address)}".encode()).digest()
    person = {"login": newcomer.login, "name": newcomer.name, "name_key": newcomer.name.casefold()}
    sealed = seal.over("registration_join", session.actor.tenant_id, newcomer.login, secret, edition, address)
    terms_ = {"note": note, "edition": edition, "address": address, "seal": sealed}
    state = _asked(session, JOIN, {**person, "locale": newcomer.locale, "secret": secret, **terms_})
    pass_attempt(session, seal, attempt)
    return state


def _asked(session: ScopedSession, statement: TextClause, values: Mapping[str, Any]) -> str:
    with refusals():
        answer = session.execute(statement, values).one()
    if answer.seconds:  # what was made for it, an account too, goes with the transaction
        minutes, headers = -(-answer.seconds // 60), {"Retry-After": str(answer.seconds)}
        raise Problem("onboarding.wait", 429, headers=headers, minutes=minutes)
    state: str = answer.state
    return state


def list_own_registrations(session: ScopedSession) -> Sequence[Mapping[str, Any]]:
    """Of the acting account, the newest first."""
    return [dict(row) for row in session.execute(MINE).mappings()]


def withdraw_registration(session: ScopedSession, registration_id: UUID) -> None:
    """Raises 404 for what is not one's own, or decided."""
    if not session.execute(WITHDRAW, {"id": registration_id}).scalar_one():
        raise not_found()


def review_registration(session: ScopedSession, registration_id: UUID, decision: str, reason: str) -> None:
    """Raises 404 outside the range, 409 where it was decided a moment ago, 422 for a rejection that does not say why."""
    in_range = Registration.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())
    if session.execute(select(Registration.id).where(Registration.id == registration_id, in_range)).first() is None:
        raise not_found()
    if decision == "reject" and not reason:
        raise invalid(Fault("#/reason", "onboarding.invalid.reason"))
    values = {"id": registration_id, "accept": decision == "accept", "reason": reason}
    with refusals():
        if not session.execute(REVIEW, values).scalar_one():
            raise Problem("onboarding.registration_decided", 409)
