"""Logging in and out, and what a session leaves behind."""

import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from wuji.identity.models import Account
from wuji.identity.passwords import hash_password, is_outdated, verify_password
from wuji.identity.services.attempts import Attempt, begin_attempt, pass_attempt
from wuji.kit.crypto import make_token, token_hash
from wuji.kit.db.doors import Actor, Seal, by_public, by_session
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Problem, not_found

log = logging.getLogger(__name__)
ABSOLUTE = timedelta(hours=12)  # GB/T 22239 asks for an end beside the idle one, which is a setting
TOUCHED = timedelta(seconds=60)
REMEMBERED = 10_000  # sessions of one process
STRICT = text("select wuji.login_strict(:login, :seal)")
FIND = text("select * from wuji.password_find(:login, :seal)")
OPEN = text("select wuji.session_open(:account_id, :token_hash, :at, :ends_at, :device, :amr, :proven_at, :seal)")
TOUCH = text("select wuji.session_touch(:token_hash, :at, :seal)")
END = text("select wuji.session_end(:session_id, :present, :seal)")
LIST = text("select * from wuji.session_list()")
SET = text("select wuji.password_set(:account_id, :proven, :secret, :present, :same, :seal)")
NOTICES = text("select * from wuji.link_notices(:present)")


def prove_password(session: ScopedSession, deployment: Deployment, attempt: Attempt, password: str) -> UUID:
    """Whose login and password this is. Raises 401, the same for every reason, or 429.

    Two transactions: the try is counted and committed, then nothing is held while argon2 works.
    """
    account_id, secret = prove(session, deployment.seal, attempt, password)
    if is_outdated(secret):
        set_password(session, deployment.seal, account_id, secret, password, same=True)
    pass_attempt(session, deployment.seal, attempt)
    return account_id


def begin_session(
    session: ScopedSession,
    deployment: Deployment,
    account_id: UUID,
    device: str,
    amr: Sequence[str],
    *,
    proven_at: datetime | None = None,
) -> str:
    """The token of a new session of somebody who was just proven; the one that the caller presented ends. Commits.

    `amr`: how they were proven (RFC 8176); `proven_at`: when, where that was before now.
    """
    if session.actor.session_id:
        end_sessions(session, deployment.seal, session.actor.session_id)
    token = make_token("session")
    at, hashed = deployment.clock(), token_hash(token)
    ends_at = at + ABSOLUTE
    values = {"account_id": account_id, "token_hash": hashed, "at": at, "ends_at": ends_at, "device": device}
    seal = deployment.seal.over("session_open", account_id, hashed, ends_at)
    session.execute(OPEN, {**values, "amr": list(amr), "proven_at": proven_at, "seal": seal})
    session.commit()
    return token


def prove(session: ScopedSession, seal: Seal, attempt: Attempt, password: str) -> tuple[UUID, str]:
    """Account and stored hash of a login whose password this is; commits the count of the try. Raises 401 or 429."""
    strict = session.execute(STRICT, {"login": attempt.login, "seal": seal.over("login_strict", attempt.login)})
    begin_attempt(session, seal, replace(attempt, strict=strict.scalar_one()))
    found = session.execute(FIND, {"login": attempt.login, "seal": seal.over("password_find", attempt.login)}).first()
    session.commit()
    right = verify_password(found.secret if found else None, password)
    if found is None or not right or found.state != "active":
        raise Problem("identity.login_failed", 401)
    return found.account_id, found.secret


def set_password(
    session: ScopedSession, seal: Seal, account_id: UUID, proven: str, password: str, *, same: bool = False
) -> None:
    """Replaces a password that was just proven; a new one (not `same`) ends every other session.

    Raises 409 where it was changed meanwhile.
    """
    secret, present = hash_password(password), session.actor.session_id
    values = {"account_id": account_id, "proven": proven, "secret": secret, "present": present, "same": same}
    sealed = seal.over("password_set", account_id, proven, secret, present, int(same))
    if not session.execute(SET, {**values, "seal": sealed}).scalar_one():
        raise Problem("kit.try_again", 409, headers={"Retry-After": "1"})


def greet(deployment: Deployment, token: str) -> Mapping[str, Any]:
    """Who just logged in, and what they must be told: a password that somebody else had reset."""
    with deployment.work(by_session(token, None), read_only=True) as session:
        account = session.execute(
            select(Account.id, Account.login, Account.name, Account.locale).where(
                Account.id == session.actor.account_id
            )
        ).one()
        told = session.execute(NOTICES, {"present": session.actor.session_id}).all()
    notices = [{"kind": "password_reset", "at": row.at, "by": row.made_by_name} for row in told]
    return {"account": dict(account._mapping), "notices": notices}  # noqa: SLF001 - SQLAlchemy's public name


def list_sessions(session: ScopedSession) -> list[Mapping[str, Any]]:
    """The account's live sessions, the last used first."""
    present = session.actor.session_id
    return [{**row, "present": row["id"] == present} for row in session.execute(LIST).mappings()]


def end_session(session: ScopedSession, seal: Seal, session_id: UUID) -> None:
    """Ends one session of the account. Raises 404 where it has no such live one."""
    if not end_sessions(session, seal, session_id):
        raise not_found()


def end_sessions(session: ScopedSession, seal: Seal, session_id: UUID | None = None) -> int:
    """Ends one session of the account, or all but the present one; returns how many."""
    present = None if session_id else session.actor.session_id
    sealed = seal.over("session_end", session.actor.account_id, session_id, present)
    values = {"session_id": session_id, "present": present, "seal": sealed}
    ended: int = session.execute(END, values).scalar_one()
    return ended


class SessionUse:
    """Prolongs a session after it was used, once a minute at most, in a transaction of its own.

    What it remembers is only this process's, and bounded: a forgotten session is prolonged once more than needed.
    """

    def __init__(self) -> None:
        self.touched: OrderedDict[UUID, datetime] = OrderedDict()
        self._lock = Lock()

    def __call__(self, deployment: Deployment, token: str, actor: Actor) -> None:
        """Never raises for the database: the answer is made already, and stands."""
        moment = deployment.clock()
        if actor.session_id is None or not self.is_due(actor.session_id, moment):
            return
        hashed = token_hash(token)
        seal = deployment.seal.over("session_touch", hashed, moment)
        try:
            with deployment.work(by_public(None)) as session:
                session.execute(TOUCH, {"token_hash": hashed, "at": moment, "seal": seal})
        except SQLAlchemyError:
            log.exception("session %s was used but could not be prolonged", actor.session_id)

    def is_due(self, session_id: UUID, moment: datetime) -> bool:
        with self._lock:
            before = self.touched.get(session_id)
            if before and moment - before < TOUCHED:
                return False
            self.touched[session_id] = moment
            self.touched.move_to_end(session_id)
            if len(self.touched) > REMEMBERED:
                self.touched.popitem(last=False)
            return True
