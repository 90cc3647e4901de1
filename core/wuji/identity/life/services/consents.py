"""What the acting account agreed to."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, text

from wuji.identity.life.models import Consent
from wuji.identity.life.purposes import PURPOSES, Purpose
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, invalid

GIVE = text("select wuji.consent_give(:purpose, :edition)")


def list_consents(session: ScopedSession) -> Sequence[Mapping[str, Any]]:
    """Of purposes that this release knows, the newest first. `due`: there is a newer edition to agree to."""
    found = select(Consent).where(Consent.account_id == session.actor.account_id, Consent.purpose.in_(PURPOSES))
    rows = session.execute(found.order_by(Consent.given_at.desc(), Consent.id.desc())).scalars()
    return [
        {
            "purpose": row.purpose,
            "edition": row.edition,
            "given_at": row.given_at,
            "withdrawn_at": row.withdrawn_at,
            "due": row.withdrawn_at is None and PURPOSES[row.purpose].edition > row.edition,
        }
        for row in rows
    ]


def check_edition(purpose: Purpose, edition: int | None, pointer: str) -> None:
    """Raises 422 for anything but the edition that is in force: nobody agrees to a text that they were not shown."""
    if edition != purpose.edition:
        raise invalid(Fault(pointer, "identity.invalid.edition"))


def give_consent(session: ScopedSession, name: str, edition: int) -> None:
    """Raises 422 for a purpose that there is not, and for an older edition."""
    if name not in PURPOSES:
        raise invalid(Fault("#/purpose", "identity.invalid.purpose"))
    check_edition(PURPOSES[name], edition, "#/edition")
    session.execute(GIVE, {"purpose": name, "edition": edition})
