"""Looking after consumers: the operator's part, over HTTP or at the command line. The functions ask for the permission."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from wuji.journal.services import record
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import not_found

COUNTED = 1000
LIST = text("select * from wuji.consumer_list()")
PAUSE = text("select wuji.consumer_pause(:name, :paused)")
REPLAY = text("select wuji.consumer_replay(:name, :since, :record_id)")
ASK = text("select wuji.poison_ask(:poison_id, :consumer)")
KIND = "consumer"


def list_consumers(session: ScopedSession) -> Sequence[Mapping[str, Any]]:
    """By name, each with what it has not read yet."""
    return [
        {
            **row,
            "owner": row["name"].partition(".")[0],
            "unread": {"value": min(row["unread"], COUNTED), "capped": row["unread"] > COUNTED},
        }
        for row in session.execute(LIST).mappings()
    ]


def get_consumer(session: ScopedSession, name: str) -> Mapping[str, Any]:
    """One of them. Raises 404."""
    for one in list_consumers(session):
        if one["name"] == name:
            return one
    raise not_found()


def pause_consumer(session: ScopedSession, name: str, *, paused: bool, reason: str = "") -> None:
    """It stands still, and later reads on from there. Raises 404 for one that there is not, or that cannot stand still."""
    if not session.execute(PAUSE, {"name": name, "paused": paused}).scalar():
        raise not_found()
    record(session, f"journal.consumer.{'pause' if paused else 'resume'}", KIND, name, tenant_id=None, reason=reason)


def replay_consumer(
    session: ScopedSession,
    name: str,
    *,
    since: datetime | None = None,
    record_id: UUID | None = None,
    reason: str = "",
) -> None:
    """It is told everything again from a record on, or from a time on; from the very first without either. Raises 404."""
    if not session.execute(REPLAY, {"name": name, "since": since, "record_id": record_id}).scalar():
        raise not_found()
    record(session, "journal.consumer.replay", KIND, name, tenant_id=None, reason=reason)


def retry_poison(session: ScopedSession, poison_id: UUID) -> int:
    """One record that was set aside is told again. Raises 404."""
    asked: int = session.execute(ASK, {"poison_id": poison_id, "consumer": None}).scalar_one()
    if not asked:
        raise not_found()
    record(session, "journal.poison.retry", "poison", poison_id, tenant_id=None)
    return asked


def retry_all_poison(session: ScopedSession, name: str, *, reason: str = "") -> int:
    """All that one consumer has set aside. Raises 404 for one that there is not."""
    get_consumer(session, name)
    asked: int = session.execute(ASK, {"poison_id": None, "consumer": name}).scalar_one()
    if asked:
        record(session, "journal.consumer.retry", KIND, name, tenant_id=None, reason=reason)
    return asked
