"""Where somebody can be reached: named, proven with a code, taken away."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, text

from wuji.identity.services.attempts import Attempt, begin_attempt, pass_attempt
from wuji.inbox.channels import EMAIL, WEBHOOK, Channels
from wuji.inbox.models import Address
from wuji.inbox.sealing import LostKeyError, Vault, address_digest, make_secret, verification_code
from wuji.journal.services import record
from wuji.kit.db.doors import by_public
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Fault, Problem, invalid, not_found

ADD = text("select wuji.address_add(:channel, :address, :secret, :digest, :seal)")
CODE = text("select wuji.address_code(:address_id, :seal)")
PROVEN = text("select * from wuji.address_proven(:account_id, :channel, :seal)")
VERIFY = text("select wuji.address_verify(:address_id, :code_at, :seal)")
ENOUGH: Mapping[str, tuple[str, int]] = {"address_enough": ("inbox.enough", 409)}
TAKEN: Mapping[str, Fault] = {"uq_address_account_id_channel_digest": Fault("#/address", "inbox.invalid.taken")}
refusals = partial(refusals_as, TAKEN, ENOUGH)
Found = Row[*tuple[Any, ...]]


def list_addresses(deployment: Deployment, session: ScopedSession, locale: str) -> list[Mapping[str, Any]]:
    """Of the acting account, the oldest first."""
    rows = session.execute(_own(session).order_by(Address.created_at, Address.id)).all()
    return [_shown(deployment, row, locale) for row in rows]


def get_address(deployment: Deployment, session: ScopedSession, address_id: UUID, locale: str) -> Mapping[str, Any]:
    """One of them. Raises 404."""
    return _shown(deployment, _get(session, address_id), locale)


def add_address(deployment: Deployment, session: ScopedSession, channel: str, address: str) -> tuple[UUID, str]:
    """Names one more; a code is on its way there. Returns its id, and the secret that signs what a webhook gets.

    Raises 422 for what is no address of that channel, 429 where so many codes were asked for that strangers could be bothered.
    """
    named = deployment.part(Channels).by_name.get(channel)
    if named is None:
        raise invalid(Fault("#/channel", "inbox.invalid.channel"))
    named.check(address)
    seal, account_id = deployment.seal, session.actor.account_id
    if account_id is None:
        raise not_found()
    digest = address_digest(seal, channel, address.casefold() if channel != WEBHOOK else address)
    _count(session, deployment, digest)
    vault, secret = Vault(seal), make_secret() if channel == WEBHOOK else ""
    kept = {"address": vault.close(account_id, channel, address), "secret": vault.close(account_id, channel, secret)}
    sealed = seal.over("address_add", account_id, channel, digest)
    with refusals():
        made: UUID = session.execute(ADD, {"channel": channel, **kept, "digest": digest, "seal": sealed}).scalar_one()
    return made, secret


def find_email(deployment: Deployment, account_id: UUID) -> str | None:
    """One that somebody has proven to read, for programs that they let know it; None also where nobody can read it any more."""
    sealed = deployment.seal.over("address_proven", account_id, EMAIL)
    values = {"account_id": account_id, "channel": EMAIL, "seal": sealed}
    with deployment.work(by_public(None), read_only=True) as session:
        kept: bytes | None = session.execute(PROVEN, values).scalar_one_or_none()
    try:
        return Vault(deployment.seal).open(account_id, EMAIL, kept) if kept else None
    except LostKeyError:
        return None


def tell_address(deployment: Deployment, row: Mapping[str, Any]) -> Mapping[str, str]:
    """The address of a row, for the copy that its owner takes; empty where it was kept with another key of the deployment."""
    try:
        return {"address": Vault(deployment.seal).open(row["account_id"], row["channel"], row["address"])}
    except LostKeyError:
        return {"address": ""}


def send_code(deployment: Deployment, session: ScopedSession, address_id: UUID) -> None:
    """One more code. Raises 404, 429 less than a minute after the last one."""
    _count(session, deployment, _get(session, address_id).digest)
    sealed = deployment.seal.over("address_code", address_id)
    seconds = session.execute(CODE, {"address_id": address_id, "seal": sealed}).scalar_one()
    if seconds:
        raise Problem("inbox.code_soon", 429, headers={"Retry-After": str(seconds)}, seconds=seconds)


def verify_address(deployment: Deployment, session: ScopedSession, address_id: UUID, code: str) -> None:
    """The person has read the code there. Raises 404, 422 where it is not the one that was sent last, 429 after many tries."""
    row, seal = _get(session, address_id), deployment.seal
    attempt = Attempt(f"inbox address {address_id}", "")
    begin_attempt(session, seal, attempt)
    session.commit()  # a wrong try stays counted
    if row.code_at is None or code != verification_code(seal, address_id, row.code_at):
        raise invalid(Fault("#/code", "inbox.invalid.code"))
    sealed = seal.over("address_verify", address_id, row.code_at)
    values = {"address_id": address_id, "code_at": row.code_at, "seal": sealed}
    if not session.execute(VERIFY, values).scalar_one():
        raise invalid(Fault("#/code", "inbox.invalid.code"))
    pass_attempt(session, seal, attempt)


def remove_address(session: ScopedSession, address_id: UUID) -> None:
    """It is gone with all that was on its way there. Raises 404."""
    _get(session, address_id)
    session.execute(delete(Address).where(Address.id == address_id))
    record(session, "inbox.address.remove", "address", address_id, tenant_id=None)


def _count(session: ScopedSession, deployment: Deployment, digest: bytes) -> None:
    """A code that is sent counts for whoever asks for it and for the address alike: its owner may never have heard of us."""
    begin_attempt(session, deployment.seal, Attempt(f"inbox {digest.hex()}", f"inbox {session.actor.account_id}"))


def _own(session: ScopedSession) -> Any:
    return select(*Address.__table__.c).where(Address.account_id == session.actor.account_id)


def _get(session: ScopedSession, address_id: UUID) -> Found:
    row: Found | None = session.execute(_own(session).where(Address.id == address_id)).first()
    if row is None:
        raise not_found()
    return row


def _shown(deployment: Deployment, row: Found, locale: str) -> Mapping[str, Any]:
    state, fault = "refused" if row.refused_at else "verified" if row.verified_at else "unverified", row.fault
    try:
        address = Vault(deployment.seal).open(row.account_id, row.channel, row.address)
    except LostKeyError:
        address, state, fault = "•••", "refused", deployment.texts.say(locale, "inbox.lost")
    return {
        "id": row.id,
        "channel": row.channel,
        "address": address,
        "state": state,
        "fault": fault,
        "created_at": row.created_at,
        "verified_at": row.verified_at,
    }
