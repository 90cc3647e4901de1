"""A person's own second factors: begun, confirmed by a code, used, given up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import text

from wuji.identity.factors.services.codes import (
    address_of,
    find_step,
    make_recovery_codes,
    make_secret,
    recovery_hash,
)
from wuji.identity.services.attempts import Attempt, begin_attempt, pass_attempt
from wuji.identity.services.own import get_account
from wuji.identity.services.sessions import prove
from wuji.kit.db.doors import Seal
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Fault, Problem, invalid, not_found
from wuji.kit.sealing import LostKeyError, Vault

TOTP, PASSKEY, RECOVERY = "totp", "passkey", "recovery"
PURPOSE = "second factor"
NEW_ID = text("select wuji.new_id()")
BEGIN = text("select wuji.factor_begin(:id, :kind, :name, :secret, :seal)")
CONFIRM = text("select wuji.factor_confirm(:id, :step, :session_id, :seal)")
OF = text("select * from wuji.factors_of(:account_id, :begun, :seal)")
USE = text("select wuji.factor_use(:id, :step, :count, :seal)")
REMOVE = text("select wuji.factor_remove(:id, :seal)")
FORGET = text("select wuji.factors_forget(:account_id, :reason, :seal)")
PUT_CODES = text("select wuji.recovery_put(:hashes, :seal)")
LEFT = text("select wuji.recovery_left()")
HAD = text("select wuji.password_had()")
USE_CODE = text("select wuji.recovery_use(:account_id, :code_hash, :seal)")
refusals = partial(
    refusals_as,
    {},
    {
        "factor_enough": ("identity.factor_enough", 409),
        "recovery_none": ("identity.factor_none", 409),
        "uq_factor_credential_id": ("identity.passkey_known", 409),
    },
)


@dataclass(frozen=True)
class Factor:
    """`secret`: sealed."""

    id: UUID
    kind: str
    name: str
    secret: bytes = field(repr=False)
    last_step: int
    confirmed_at: datetime | None
    used_at: datetime | None
    credential_id: bytes | None
    host: str | None
    transports: Sequence[str]


def list_factors(session: ScopedSession, seal: Seal, account_id: UUID, *, begun: bool = False) -> list[Factor]:
    """What somebody proves themselves with; with `begun` also what was never confirmed."""
    values = {"account_id": account_id, "begun": begun, "seal": seal.over("factors_of", account_id, int(begun))}
    return [Factor(**row) for row in session.execute(OF, values).mappings()]


def show_factors(session: ScopedSession, seal: Seal) -> Mapping[str, Any]:
    """Of the acting account, and how many codes on paper it has left."""
    found = list_factors(session, seal, acting_account(session))
    left: int = session.execute(LEFT).scalar_one()
    shown = [{name: getattr(one, name) for name in ("id", "kind", "name", "confirmed_at", "used_at")} for one in found]
    return {"items": shown, "recovery_left": left}


def begin_totp(session: ScopedSession, deployment: Deployment, name: str) -> Mapping[str, Any]:
    """The secret of a new app, shown this once; it counts once a code of it was seen. Raises 409 for the eleventh."""
    factor_id, secret, account = session.execute(NEW_ID).scalar_one(), make_secret(), get_account(session)
    values = {
        "id": factor_id,
        "kind": TOTP,
        "name": name,
        "secret": Vault(deployment.seal, PURPOSE).close(str(factor_id), secret),
        "seal": deployment.seal.over("factor_begin", account.id, factor_id, TOTP),
    }
    with refusals():
        session.execute(BEGIN, values)
    return {"id": factor_id, "secret": secret, "address": address_of(secret, account.login)}


def confirm_totp(session: ScopedSession, deployment: Deployment, factor_id: UUID, code: str) -> list[str]:
    """The app counts from now on. With the first one come codes on paper, shown this once. Raises 404, 422 for a wrong code."""
    account_id, seal = acting_account(session), deployment.seal
    known = list_factors(session, seal, account_id, begun=True)
    found = next((one for one in known if one.id == factor_id and one.confirmed_at is None), None)
    if found is None:
        raise not_found()
    step = _step(deployment, found, code)
    if step is None:
        raise invalid(Fault("#/code", "identity.invalid.factor_code"))
    values = {"id": factor_id, "step": step, "session_id": session.actor.session_id}
    sealed = seal.over("factor_confirm", account_id, factor_id, step)
    if not session.execute(CONFIRM, {**values, "seal": sealed}).scalar_one():
        raise not_found()
    return [] if any(one.confirmed_at for one in known) else put_recovery_codes(session, seal)


def put_recovery_codes(session: ScopedSession, seal: Seal) -> list[str]:
    """New codes on paper, shown this once. Raises 409 where there is nothing that they would be for."""
    codes = make_recovery_codes()
    hashes = [recovery_hash(code) for code in codes]
    with refusals():
        session.execute(
            PUT_CODES, {"hashes": hashes, "seal": seal.over("recovery_put", acting_account(session), hashes)}
        )
    return codes


def demand_factor(session: ScopedSession, seal: Seal, factor_id: UUID) -> None:
    """Raises 404 where the acting account has no such one, before anybody is asked for a password."""
    if not any(one.id == factor_id for one in list_factors(session, seal, acting_account(session), begun=True)):
        raise not_found()


def remove_factor(session: ScopedSession, seal: Seal, factor_id: UUID) -> None:
    """Raises 404."""
    sealed = seal.over("factor_remove", acting_account(session), factor_id)
    if not session.execute(REMOVE, {"id": factor_id, "seal": sealed}).scalar_one():
        raise not_found()


def forget_factors(session: ScopedSession, seal: Seal, account_id: UUID, *, reason: str) -> int:
    """All of somebody who lost them; their sessions end. By the program alone, for an operator who made sure who it is."""
    values = {"account_id": account_id, "reason": reason, "seal": seal.over("factors_forget", account_id)}
    forgotten: int = session.execute(FORGET, values).scalar_one()
    return forgotten


def has_password(session: ScopedSession) -> bool:
    """The acting account: whoever comes by a login provider alone has none."""
    return bool(session.execute(HAD).scalar_one())


def demand_password(session: ScopedSession, seal: Seal, address: str, password: str) -> None:
    """Whoever changes how an account is proven shows that it is theirs. Raises 422 at `#/password`, 429."""
    attempt = Attempt(get_account(session).login, address)
    try:
        prove(session, seal, attempt, password)
    except Problem as problem:
        if problem.slug != "identity.login_failed":
            raise
        raise invalid(Fault("#/password", "identity.invalid.present_password")) from problem
    pass_attempt(session, seal, attempt)


def demand_code(
    session: ScopedSession, deployment: Deployment, account_id: UUID, address: str, *, kind: str, code: str
) -> None:
    """Raises 401 for a wrong one, the same for every reason; 429 for whoever guesses. Commits."""
    attempt = Attempt(f"factor {account_id}", address)
    begin_attempt(session, deployment.seal, attempt)
    session.commit()
    if not _fits(session, deployment, account_id, kind, code):
        raise Problem("identity.factor_wrong", 401)
    pass_attempt(session, deployment.seal, attempt)


def _fits(session: ScopedSession, deployment: Deployment, account_id: UUID, kind: str, code: str) -> bool:
    if kind == RECOVERY:
        hashed = recovery_hash(code)
        sealed = deployment.seal.over("recovery_use", account_id, hashed)
        values = {"account_id": account_id, "code_hash": hashed, "seal": sealed}
        return bool(session.execute(USE_CODE, values).scalar_one())
    return any(_use(session, deployment, one, code) for one in list_factors(session, deployment.seal, account_id))


def _use(session: ScopedSession, deployment: Deployment, factor: Factor, code: str) -> bool:
    step = _step(deployment, factor, code)
    if step is None:
        return False
    return use_factor(session, deployment.seal, factor.id, step)


def use_factor(session: ScopedSession, seal: Seal, factor_id: UUID, step: int, count: int = 0) -> bool:
    """False where it, or a later one, was taken before."""
    values = {"id": factor_id, "step": step, "count": count, "seal": seal.over("factor_use", factor_id, step, count)}
    return bool(session.execute(USE, values).scalar_one())


def _step(deployment: Deployment, factor: Factor, code: str) -> int | None:
    if factor.kind != TOTP:
        return None
    try:
        secret = Vault(deployment.seal, PURPOSE).open(str(factor.id), factor.secret)
    except LostKeyError:  # kept with another key of the deployment: it fits nothing any more
        return None
    return find_step(secret, code, deployment.clock(), factor.last_step)


def kinds_of(factors: Sequence[Factor]) -> list[str]:
    """What may be asked for of somebody who has these, the easiest first. A code on paper also lets in whoever has passkeys of
    another host alone.
    """
    had = {factor.kind for factor in factors}
    return [kind for kind in (PASSKEY, TOTP) if kind in had] + ([RECOVERY] if had else [])


def acting_account(session: ScopedSession) -> UUID:
    if session.actor.account_id is None:
        raise not_found()
    return session.actor.account_id
