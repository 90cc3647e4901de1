"""The way to a provider and back: kept on the server, bound to one browser, good once, in as many tabs as somebody has open."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select, text

from wuji.identity.federation.models import ExternalIdentity
from wuji.identity.federation.services.kinds import LoginKinds, Visitor
from wuji.identity.federation.services.metadata import Directory
from wuji.identity.federation.services.oidc import Kept, RelyingParty, Who
from wuji.identity.federation.services.providers import OIDC, Provider
from wuji.kit.calling import Caller
from wuji.kit.crypto import token_hash
from wuji.kit.db.doors import Seal
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Problem, not_found
from wuji.kit.sealing import Vault
from wuji.plugin.logins import LoginFailedError

PURPOSE, SECONDS = "login state", 600
PUT = text(
    "select wuji.login_state_put(:state_hash, :browser_hash, :provider, :linking, :kept, :target, :seconds, :seal)"
)
TAKE = text("select * from wuji.login_state_take(:state_hash, :browser_hash, :provider, :seal)")
USE = text("select wuji.external_use(:iss, :sub, :seal)")
KNOWN = text("select wuji.external_known(:iss, :sub, :seal)")
LINK = text("select wuji.external_link(:acc, :provider, :iss, :sub, :seal)")
UNLINK = text("select wuji.external_unlink(:id, :seal)")
VOUCHED = text("select wuji.external_vouched(:acc, :provider, :seal)")
ADMIT = text("select wuji.external_admit(:provider, :iss, :sub, :login, :name, :name_key, :locale, :seal)")
MOST_NAME = 100
refusals = partial(
    refusals_as,
    {},
    {
        "external_taken": ("identity.external_taken", 409),
        "external_one": ("identity.external_one", 409),
        "external_last": ("identity.external_last", 409),
    },
)


@dataclass(frozen=True)
class Coming:
    """Somebody who came back. `fresh` is false where they took too long. `account_id`: who wanted to link it."""

    account_id: UUID | None
    kept: Kept
    target: str
    fresh: bool


def back_address(deployment: Deployment, provider_id: UUID) -> str:
    """Where a provider sends people back to: one address for each, so that one cannot answer for another (RFC 9700, 4.4.2)."""
    return f"{deployment.options.base_url}/login/back/{provider_id}"


def party_of(deployment: Deployment, provider: Provider) -> RelyingParty | Visitor:
    """We, towards it, now. Raises LoginFailedError where nobody knows its kind any more."""
    back = back_address(deployment, provider.id)
    if provider.kind != OIDC:
        kind = deployment.part(LoginKinds).by_name.get(provider.kind)
        if kind is None:
            raise LoginFailedError(f"{provider.kind}: the plugin that knows it is gone")
        return Visitor(kind, provider, deployment.part(Caller), back, int(deployment.clock().timestamp()))
    return RelyingParty(deployment.part(Directory), provider, back, deployment.clock())


def send(
    session: ScopedSession,
    deployment: Deployment,
    provider: Provider,
    browser: str,
    target: str,
    *,
    linking: bool = False,
    fresh: bool = False,
) -> str:
    """The address that the browser goes to. Commits first: nothing is held while a provider answers. `fresh`: the person is to
    log in there once more. Raises LoginFailedError.
    """
    session.commit()
    state = secrets.token_urlsafe(32)
    address, kept = party_of(deployment, provider).begin(state, fresh=fresh)
    hashed, tied = token_hash(state), token_hash(browser)
    closed = Vault(deployment.seal, PURPOSE).close(hashed.hex(), msgspec.json.encode(kept).decode())
    values = {"state_hash": hashed, "browser_hash": tied, "provider": provider.id, "linking": linking, "kept": closed}
    sealed = deployment.seal.over("login_state_put", hashed, tied, provider.id, int(linking))
    session.execute(PUT, {**values, "target": target, "seconds": SECONDS, "seal": sealed})
    return address


def take(session: ScopedSession, deployment: Deployment, provider_id: UUID, state: str, browser: str) -> Coming | None:
    """None where nobody of this browser is on the way with that state."""
    hashed, tied = token_hash(state), token_hash(browser)
    sealed = deployment.seal.over("login_state_take", hashed, tied, provider_id)
    values = {"state_hash": hashed, "browser_hash": tied, "provider": provider_id, "seal": sealed}
    row = session.execute(TAKE, values).first()
    if row is None:
        return None
    opened = Vault(deployment.seal, PURPOSE).open(hashed.hex(), row.kept)
    return Coming(row.account_id, msgspec.json.decode(opened, type=Kept), row.target, row.fresh)


def known_as(session: ScopedSession, deployment: Deployment, provider: Provider, who: Who, locale: str) -> UUID:
    """Whose account it is; where the provider lets residents in, a new one for whoever comes first. Raises 403 where nobody is
    known by it, or where whoever is may not come in.
    """
    seal = deployment.seal
    values = {"iss": who.iss, "sub": who.sub}
    found: UUID | None = session.execute(
        USE, {**values, "seal": seal.over("external_use", who.iss, who.sub)}
    ).scalar_one()
    if found:
        return found
    known = session.execute(KNOWN, {**values, "seal": seal.over("external_known", who.iss, who.sub)}).scalar_one()
    if known or provider.admits != "residents":
        raise Problem("identity.external_unknown", 403, provider=provider.name)
    login, name = f"u{secrets.token_hex(6)}", clean(who.name) or provider.name
    sealed = seal.over("external_admit", provider.id, who.iss, who.sub, login)
    person = {"login": login, "name": name, "name_key": name.casefold(), "locale": locale}
    with refusals():
        made: UUID = session.execute(ADMIT, {**values, **person, "provider": provider.id, "seal": sealed}).scalar_one()
    return made


def is_vouched(session: ScopedSession, seal: Seal, provider: Provider, who: Who, account_id: UUID) -> bool:
    """Whether whoever came by it showed two factors there, and its place may say that of them."""
    if not who.is_strong:
        return False
    sealed = seal.over("external_vouched", account_id, provider.id)
    return bool(session.execute(VOUCHED, {"acc": account_id, "provider": provider.id, "seal": sealed}).scalar_one())


def clean(name: str) -> str:
    """As a person is called here: one line, without what cannot be printed."""
    return "".join(letter for letter in " ".join(name.split()) if letter.isprintable())[:MOST_NAME].strip()


def link(session: ScopedSession, seal: Seal, provider: Provider, who: Who) -> None:
    """To the acting account. Raises 409 where somebody else is known by it, or the account has another one there."""
    acc = session.actor.account_id
    sealed = seal.over("external_link", acc, acc, provider.id, who.iss, who.sub)
    with refusals():
        session.execute(LINK, {"acc": acc, "provider": provider.id, "iss": who.iss, "sub": who.sub, "seal": sealed})


def unlink(session: ScopedSession, seal: Seal, identity_id: UUID) -> None:
    """Raises 404, or 409 where there would be no way in any more."""
    sealed = seal.over("external_unlink", session.actor.account_id, identity_id)
    with refusals():
        if not session.execute(UNLINK, {"id": identity_id, "seal": sealed}).scalar_one():
            raise not_found()


def list_own(session: ScopedSession) -> Sequence[Mapping[str, Any]]:
    """By what else the acting account is known."""
    own = ExternalIdentity
    wanted = select(own.id, own.name, own.iss, own.linked_at, own.used_at)
    rows = session.execute(wanted.order_by(own.linked_at, own.id))
    return [dict(row) for row in rows.mappings()]
