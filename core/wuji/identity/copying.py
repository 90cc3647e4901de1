"""A copy of what is kept of a person, for themselves (PIPL 45): every row that the wall says is theirs, as one document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import LargeBinary, Table, func, select

from wuji.identity.services.sessions import list_sessions
from wuji.journal.services import record
from wuji.kit.db.model import Model
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment

# What they did is a list of their own, with an export; answers of repeated calls are kept for a day and repeat the rest.
LEFT_OUT = frozenset({"wuji.journal_record", "wuji.idempotency"})
INNER = frozenset({"pos", "version"})  # of no meaning outside

Opener = Callable[[Deployment, Mapping[str, Any]], Mapping[str, str]]


@dataclass(frozen=True)
class Openers:
    """What the program alone can read: by table, how a row's sealed columns are told in clear."""

    by_table: Mapping[str, Opener]


def copy_own(session: ScopedSession, deployment: Deployment) -> Mapping[str, Any]:
    """Rows by table, as the tables name them; whatever a plugin keeps of somebody is there without its doing."""
    account_id, openers = session.actor.account_id, deployment.part(Openers).by_table
    tables: dict[str, list[dict[str, Any]]] = {"sessions": [dict(row) for row in list_sessions(session)]}
    for name, table in sorted(Model.metadata.tables.items()):
        own = table.info["wall"].own
        if not own or name in LEFT_OUT or session.execute(select(func.to_regclass(name))).scalar() is None:
            continue
        shown, opener = [c for c in table.columns if c.name not in INNER and not _is_sealed(c)], openers.get(name)
        rows = session.execute(select(table).where(table.c[own] == account_id)).mappings().all()
        tables[name] = [
            {column.name: row[column] for column in shown}
            | dict(opener(deployment, _named(table, row)) if opener else {})
            for row in rows
        ]
    record(session, "identity.account.copy", "account", account_id, tenant_id=None)
    return {"account_id": account_id, "made_at": deployment.clock(), "tables": tables}


def _is_sealed(column: Any) -> bool:
    """Bytes are hashes, or closed to all but the program."""
    return isinstance(column.type, LargeBinary)


def _named(table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {column.name: row[column] for column in table.columns}
