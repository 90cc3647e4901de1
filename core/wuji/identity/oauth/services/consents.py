"""What people allow programs: asked, given, taken back; and the code that a program gets for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select, text

from wuji.identity.oauth.models import OAuthConsent
from wuji.identity.oauth.scopes import OFFLINE
from wuji.identity.oauth.services.asking import Asked
from wuji.kit.crypto import make_token, token_hash
from wuji.kit.db.doors import Seal
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import not_found

CODE, SECONDS = "oac", 60
PLACES = text("select * from wuji.oauth_places(:client)")
GIVE = text("select wuji.oauth_consent_give(:client, :tenant, :scopes, :seal)")
WITHDRAW = text("select wuji.oauth_consent_withdraw(:client_id, :seal)")
ALL = text("select * from wuji.oauth_consents()")
ISSUE = text(
    "select wuji.oauth_code_issue(:client, :session_id, :code_hash, :seconds, :redirect_uri, :challenge, :scopes, "
    ":offline, cast(:asked as jsonb), :seal)"
)
SEEN = text("select wuji.session_proven_at(:session_id)")


@dataclass(frozen=True)
class Place:
    """A tenant at which a person can let a program act."""

    tenant_id: int
    code: str
    name: str


def list_places(session: ScopedSession, client: UUID) -> list[Place]:
    """Where the acting account holds something inside the program's subtree."""
    return [Place(**row) for row in session.execute(PLACES, {"client": client}).mappings()]


def is_allowed(session: ScopedSession, asked: Asked) -> bool:
    """Whether the acting account allowed the program all of that before, and did not take it back."""
    scopes = session.execute(
        select(OAuthConsent.scopes).where(
            OAuthConsent.client_id == asked.client.id, OAuthConsent.withdrawn_at.is_(None)
        )
    ).scalar_one_or_none()
    return scopes is not None and set(asked.scopes) <= set(scopes)


def give_consent(session: ScopedSession, seal: Seal, asked: Asked, place: Place | None) -> None:
    """The acting account allows the program what it asks for, at a place or without one."""
    tenant = place.tenant_id if place else None
    sealed = seal.over("oauth_consent_give", session.actor.account_id, asked.client.id, tenant)
    values = {"client": asked.client.id, "tenant": tenant, "scopes": list(asked.scopes), "seal": sealed}
    session.execute(GIVE, values)


def issue_code(session: ScopedSession, seal: Seal, asked: Asked) -> str:
    """A code for what the acting account allows the program; it works once, for a minute."""
    code = make_token(CODE)
    hashed, session_id = token_hash(code), session.actor.session_id
    values = {
        "client": asked.client.id,
        "session_id": session_id,
        "code_hash": hashed,
        "seconds": SECONDS,
        "redirect_uri": asked.answer_to,
        "challenge": asked.challenge,
        "scopes": list(asked.scopes),
        "offline": OFFLINE in asked.scopes,
        "asked": msgspec.json.encode(asked.told).decode(),
        "seal": seal.over("oauth_code_issue", session.actor.account_id, asked.client.id, session_id, hashed),
    }
    session.execute(ISSUE, values)
    return code


def find_proven(session: ScopedSession) -> datetime:
    """When whoever asks was last proven."""
    found: datetime = session.execute(SEEN, {"session_id": session.actor.session_id}).scalar_one()
    return found


def list_consents(session: ScopedSession) -> Sequence[Mapping[str, Any]]:
    """What the acting account allows programs now, the newest first."""
    return [dict(row) for row in session.execute(ALL).mappings()]


def withdraw_consent(session: ScopedSession, seal: Seal, client_id: str) -> None:
    """It may do nothing any more, at once. Raises 404 where the acting account allowed it nothing."""
    sealed = seal.over("oauth_consent_withdraw", session.actor.account_id, client_id)
    if not session.execute(WITHDRAW, {"client_id": client_id, "seal": sealed}).scalar_one():
        raise not_found()
