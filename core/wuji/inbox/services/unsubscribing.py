"""The link at the end of a letter: it ends such letters for whoever holds it, without a login (RFC 8058)."""

from uuid import UUID

from sqlalchemy import text

from wuji.inbox.sealing import is_ours
from wuji.kit.db.doors import Seal
from wuji.kit.db.session import ScopedSession

UNSUBSCRIBE = text("select wuji.unsubscribe(:address_id, :topic, :seal)")


def unsubscribe(session: ScopedSession, seal: Seal, address: str, topic: str, proof: str) -> bool:
    """False where the link is not one that we wrote. Where the address is gone nothing is sent there anyway."""
    try:
        address_id = UUID(address)
    except ValueError:
        return False
    if not is_ours(seal, address_id, topic, proof):
        return False
    values = {"address_id": address_id, "topic": topic or None, "seal": seal.over("unsubscribe", address_id, topic)}
    session.execute(UNSUBSCRIBE, values)
    return True
