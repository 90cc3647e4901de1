"""Writes documents in the transaction that changes their rows: once, when it is about to commit.

Whatever was recorded meanwhile is read as it stands then, so a thousand records of one transaction are one statement, and
documents are held for a moment only.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import event

from wuji.kit.db.session import Recorded, ScopedSession
from wuji.plugin.records import Projection, SearchKind
from wuji.search.registry import Search
from wuji.search.services.writing import chunks, write

PENDING = "wuji.search"
Pending = dict[str, tuple[Search, SearchKind, dict[str, None]]]


def projections(search: Search) -> Iterator[Projection]:
    """One for each kind."""
    for kind in search.kinds.values():
        yield Projection(f"search.{kind.name}", kind.name, _project(search, kind))


def _project(search: Search, kind: SearchKind) -> Any:
    def project(session: ScopedSession, recorded: Recorded) -> None:
        actor = session.actor
        if not (actor.ranged or actor.operator):  # nobody else may write documents: visitors mark and count
            return
        ids = kind.touched(session, recorded) if kind.touched else [recorded.subject_id]
        pending: Pending = session.info.setdefault(PENDING, {})
        pending.setdefault(kind.name, (search, kind, {}))[2].update(dict.fromkeys(ids))

    return project


@event.listens_for(ScopedSession, "before_commit")
def _write(session: ScopedSession) -> None:
    pending: Pending = session.info.pop(PENDING, {})
    for search, kind, ids in pending.values():
        for chunk in chunks(ids):
            write(session, search.backend, kind, chunk)


@event.listens_for(ScopedSession, "after_rollback")
def _forget(session: ScopedSession) -> None:
    session.info.pop(PENDING, None)
