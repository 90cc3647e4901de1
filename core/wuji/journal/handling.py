"""Telling handlers what happened: the worker's part of a consumer that runs as jobs. A job acts as account `system` at the root
of its records, or without a tenant, and reads them again in that scope.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select, text

from wuji.journal.following import ATTEMPTS, TASK, explain, happened
from wuji.journal.models import JournalRecord
from wuji.journal.passing import is_passing
from wuji.kit.db.among import among
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Run, Task
from wuji.kit.tracing import span
from wuji.plugin.running import Handler, Happened

log = logging.getLogger(__name__)
ASIDE = text("select wuji.poison_put(:name, :record, :reason)")
TOLD = text("select wuji.poison_drop(:name, :records)")
MOVED = text("select wuji.records_moved(:name, :records)")
ABSENT = "this program has no handler of that name"


class OutOfReachError(LookupError):
    """Records of a job lie neither where it acts nor in another tree; nothing of it was told."""


class HandleArgs(Struct):
    """Records of one root, in order, and who is told of them."""

    consumer: str
    records: list[UUID]


# (session, tenant): ids of the plugins that are active at a tenant in the session's range.
ActiveAt = Callable[[ScopedSession, int], frozenset[str]]


@dataclass(frozen=True)
class Handlers:
    """Of one program. `plugins`: whose handlers are told only where their plugin is active."""

    by_name: Mapping[str, Handler]
    plugins: frozenset[str]
    active_at: ActiveAt

    def concerns(self, session: ScopedSession, handler: Handler, record: Happened) -> bool:
        plugin = handler.name.partition(".")[0]
        if plugin not in self.plugins:
            return True
        return record.tenant_id is not None and plugin in self.active_at(session, record.tenant_id)


def register_handlers(handlers: Sequence[Handler], plugins: frozenset[str], active_at: ActiveAt) -> Handlers:
    """Raises ValueError for a name that two have."""
    registered: dict[str, Handler] = {}
    for handler in handlers:
        if handler.name in registered:
            raise ValueError(f"two handlers are called {handler.name}")
        registered[handler.name] = handler
    return Handlers(registered, plugins, active_at)


def handle(run: Run, args: HandleArgs) -> None:
    """Tells one consumer of records, one by one; those that it fails on are set aside, and the rest goes on."""
    session, handlers = run.session, run.deployment.part(Handlers)
    handler = handlers.by_name.get(args.consumer)
    told: list[UUID] = []
    records = _read(session, args)
    if handler and _tell_all(session, handlers, handler, records):
        session.execute(TOLD, {"name": args.consumer, "records": [record.id for record in records]})
        return
    for record, trace in records.items():
        reason = _tell(session, handlers, handler, record, trace) if handler else ABSENT
        if reason is None:
            told.append(record.id)
        else:
            log.error("consumer %s: record %s is set aside: %s", args.consumer, record.id, reason)
            session.execute(ASIDE, {"name": args.consumer, "record": record.id, "reason": reason})
    session.execute(TOLD, {"name": args.consumer, "records": told})


HANDLE = Task(TASK, HandleArgs, handle, attempts=ATTEMPTS)


def _tell(
    session: ScopedSession, handlers: Handlers, handler: Handler, record: Happened, trace: str | None
) -> str | None:
    """None, or why it failed. Errors of the database that pass are raised: the job is tried again. Goes on in the trace of
    whoever did what it tells of.
    """
    said = {"wuji.verb": record.verb}
    try:
        with (
            span(handler.name, "consumer", after=trace, through=session.connection(), said=said),
            session.begin_nested(),
        ):
            if handlers.concerns(session, handler, record):
                handler.handle(session, record)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("handler %s fails", handler.name)
        return explain(error)
    return None


def _tell_all(
    session: ScopedSession, handlers: Handlers, handler: Handler, records: Mapping[Happened, str | None]
) -> bool:
    """Whether all could be handled at once: in the trace of the first, linked to those of the others."""
    if handler.handle_all is None:
        return False
    traces: list[str | None] = [*dict.fromkeys(filter(None, records.values()))]
    first, others = (traces or [None])[0], traces[1:]
    said = {"wuji.records": len(records)}
    try:
        with (
            span(handler.name, "consumer", after=first, beside=others, through=session.connection(), said=said),
            session.begin_nested(),
        ):
            handler.handle_all(session, [record for record in records if handlers.concerns(session, handler, record)])
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("handler %s fails with %s records at once", handler.name, len(records))
        return False
    return True


def _read(session: ScopedSession, args: HandleArgs) -> dict[Happened, str | None]:
    """In the order of the job, each with its trace; those whose tree is another one since the job was made are handed back.
    Raises OutOfReachError.
    """
    asked = select(*JournalRecord.__table__.c).where(among(JournalRecord.id, args.records))
    found = {row.id: (happened(row), row.trace) for row in session.connection().execute(asked)}
    missing = [record for record in args.records if record not in found]
    if missing:
        moved = set(session.execute(MOVED, {"name": args.consumer, "records": missing}).scalars())
        if lost := [record for record in missing if record not in moved]:
            raise OutOfReachError(f"{len(lost)} records do not lie here, the first is {lost[0]}")
    return dict(found[record] for record in args.records if record in found)
