"""Logging in: the password first, then whatever else the account is proven with. One way for the API and for pages."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text

from wuji.identity.factors.services.factors import demand_code, demand_password, kinds_of, list_factors
from wuji.identity.factors.services.passkeys import begin_proof, prove_passkey
from wuji.identity.services.attempts import Attempt
from wuji.identity.services.sessions import begin_session, prove_password
from wuji.kit.db.doors import Seal
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Fault, Problem, invalid, not_found
from wuji.kit.sealing import LostKeyError, Vault

PURPOSE, ROW = "login step", "login"
GOOD = timedelta(minutes=5)  # for finding a phone
TWO = "urn:wuji:acr:2"
PASSWORD, CODE, BOTH = "pwd", "otp", "mfa"  # RFC 8176
FEDERATED = "fed"  # by a login provider; no word of the RFC's
STRENGTH = text("select wuji.session_strength(:session_id)")
RAISE = text("select wuji.session_raise(:session_id, :amr, :seal)")


class Halfway(msgspec.Struct, frozen=True):
    """Somebody who was proven once, `by` their password or a login provider. `at`: when, in seconds."""

    account_id: UUID
    at: int
    by: str = PASSWORD


@dataclass(frozen=True)
class Proof:
    """What somebody was just proven by. `at`: when, where that was before now; `is_strong`: by two factors already."""

    by: str
    at: datetime | None = None
    is_strong: bool = False


@dataclass(frozen=True)
class Shown:
    """What a browser shows of a passkey; `continuation` where it is the second step."""

    ceremony: str
    credential: Mapping[str, Any]
    continuation: str | None = None


def log_in(session: ScopedSession, deployment: Deployment, attempt: Attempt, password: str, device: str) -> str:
    """The token of a new session. Raises 401, the same for every reason, or 429; and 401 `identity.factor_needed` with what the
    second step is asked with.
    """
    return enter(session, deployment, prove_password(session, deployment, attempt, password), device, Proof(PASSWORD))


def enter(session: ScopedSession, deployment: Deployment, account_id: UUID, device: str, proof: Proof) -> str:
    """The token of a new session. Whoever has a second step of their own is asked for it, whatever a login provider says: raises
    401 `identity.factor_needed` with what it is asked with.
    """
    kinds = kinds_of(list_factors(session, deployment.seal, account_id))
    if not kinds:
        amr = [proof.by, BOTH] if proof.is_strong else [proof.by]
        return begin_session(session, deployment, account_id, device, amr, proven_at=proof.at)
    session.commit()  # the try is counted, and a hash may have been renewed
    moment = deployment.clock()
    members = {
        "continuation": close_step(deployment.seal, Halfway(account_id, int(moment.timestamp()), proof.by)),
        "kinds": kinds,
        "expires_at": (moment + GOOD).isoformat(),
    }
    raise Problem("identity.factor_needed", 401, members=members)


def go_on(
    session: ScopedSession,
    deployment: Deployment,
    continuation: str,
    address: str,
    *,
    kind: str,
    code: str,
    device: str,
) -> str:
    """The second step; the token of a new session. Raises 401 for a wrong code or when it took too long, 429."""
    halfway = _open(deployment, continuation)
    demand_code(session, deployment, halfway.account_id, address, kind=kind, code=code)
    return begin_session(session, deployment, halfway.account_id, device, [halfway.by, CODE, BOTH])


def offer_passkey(session: ScopedSession, deployment: Deployment, continuation: str | None) -> Mapping[str, Any]:
    """What a browser proves a passkey by: for the second step, or in place of the password. Raises 401, 409."""
    account_id = _open(deployment, continuation).account_id if continuation else None
    return begin_proof(session, deployment, account_id)


def enter_by_passkey(session: ScopedSession, deployment: Deployment, shown: Shown, device: str) -> str:
    """The token of a new session, by a passkey alone or as the second step. Raises 401, 409."""
    halfway = _open(deployment, shown.continuation) if shown.continuation else None
    proven = prove_passkey(session, deployment, shown.ceremony, shown.credential)
    if halfway and halfway.account_id != proven.account_id:
        raise Problem("identity.passkey_wrong", 401)
    before = [halfway.by] if halfway else []
    return begin_session(session, deployment, proven.account_id, device, [*before, *proven.amr])


def step_up_by_passkey(session: ScopedSession, deployment: Deployment, shown: Shown) -> None:
    """The present session is proven by more from now on. Raises 404 without a session, 409, 422 at `#/credential`."""
    account_id = _in_session(session)
    with _at_field("#/credential", "identity.invalid.passkey"):
        proven = prove_passkey(session, deployment, shown.ceremony, shown.credential)
    if account_id != proven.account_id:
        raise invalid(Fault("#/credential", "identity.invalid.passkey"))
    _raise(session, deployment, proven.amr)


def step_up_by_password(session: ScopedSession, deployment: Deployment, address: str, password: str) -> None:
    """The present session is proven anew, by somebody who has a password alone. Raises 404, 409 for others, 422, 429."""
    if list_factors(session, deployment.seal, _in_session(session)):
        raise Problem("identity.factor_had", 409)
    demand_password(session, deployment.seal, address, password)
    _raise(session, deployment, [PASSWORD])


def step_up(session: ScopedSession, deployment: Deployment, address: str, kind: str, code: str) -> None:
    """The present session is proven by more from now on. Raises 404 without a session, 422 at `#/code`, 429."""
    account_id = _in_session(session)
    with _at_field("#/code", "identity.invalid.step_code"):
        demand_code(session, deployment, account_id, address, kind=kind, code=code)
    _raise(session, deployment, [CODE, BOTH])


def _in_session(session: ScopedSession) -> UUID:
    if session.actor.account_id is None or session.actor.session_id is None:
        raise not_found()
    return session.actor.account_id


@contextmanager
def _at_field(pointer: str, key: str) -> Iterator[None]:
    """In a session that goes on a wrong proof is a wrong field, and no end of the session."""
    try:
        yield
    except Problem as problem:
        if problem.status != HTTPStatus.UNAUTHORIZED:
            raise
        raise invalid(Fault(pointer, key)) from problem


def _raise(session: ScopedSession, deployment: Deployment, amr: Sequence[str]) -> None:
    account_id, session_id = session.actor.account_id, session.actor.session_id
    sealed = deployment.seal.over("session_raise", account_id, session_id)
    session.execute(RAISE, {"session_id": session_id, "amr": list(amr), "seal": sealed})


def can_prove_more(session: ScopedSession, seal: Seal) -> bool:
    """Whether the acting account has a second factor that the present session was opened without."""
    account_id, session_id = session.actor.account_id, session.actor.session_id
    if account_id is None or not list_factors(session, seal, account_id):
        return False
    acr: str = session.execute(STRENGTH, {"session_id": session_id}).scalar_one()
    return acr != TWO


def close_step(seal: Seal, halfway: Halfway) -> str:
    """What the second step is asked with: nobody else can make it, and it says nothing to whoever holds it."""
    closed = Vault(seal, PURPOSE).close(ROW, msgspec.json.encode(halfway).decode())
    return base64.urlsafe_b64encode(closed).decode()


def _open(deployment: Deployment, text_: str) -> Halfway:
    try:
        opened = Vault(deployment.seal, PURPOSE).open(ROW, base64.urlsafe_b64decode(text_))
        halfway = msgspec.json.decode(opened, type=Halfway)
    except (LostKeyError, binascii.Error, ValueError) as error:
        raise Problem("identity.factor_over", 401) from error
    if deployment.clock() - datetime.fromtimestamp(halfway.at, UTC) > GOOD:
        raise Problem("identity.factor_over", 401)
    return halfway
