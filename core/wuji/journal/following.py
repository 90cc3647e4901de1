"""Following the journal, as the relay does it: every consumer from its own place on, up to the oldest transaction that has not
ended. Its place moves in the transaction in which its records were taken, so none is missed, and none told twice by one that
was killed.

Transaction ids say what may be read, not what came first: of two that change one row, the one that had to wait for the other
may have got its id earlier. So a consumer reads window by window, from one such oldest transaction to the next, and within a
window by the ids of records, which are made in the order of time, after the wait. No two that waited for each other lie in two
windows the wrong way round: while the later one has not ended, no window ends above it.

A consumer that runs as jobs gets one job for each root of a batch; its lane keeps their order. Whoever locks the row of a
consumer is the one that reads, so any number of relays may follow.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.exc import DBAPIError

from wuji.journal.passing import is_passing
from wuji.kit.tracing import span
from wuji.plugin.running import Happened

log = logging.getLogger(__name__)
READ = 4000  # records that are looked at in one transaction, whether or not the consumer wants them
# The same where jobs are made of them, and how many it takes: no job has more.
AHEAD, TOLD = 1000, 200
TASK = "journal.handle"
ATTEMPTS = 10
LONGEST = 500  # characters of a reason
LONGEST_WAIT = 60.0  # seconds until a consumer that fails is tried again
NONE = UUID(int=0)
PENDING = text(
    "select c.name from wuji.consumer c where (c.runs = 'job' or c.name = any(:known)) and not c.paused and ("
    "c.until_xid > c.xid or exists(select from wuji.journal_record r where r.xid >= c.xid "
    "and r.xid < pg_snapshot_xmin(pg_current_snapshot())) "
    "or exists(select from wuji.poison p where p.consumer = c.name and p.state = 'asked')) order by c.name"
)
LOCK = text(
    "select name, runs, kinds, xid::text as since, record_id as last, "
    "coalesce(until_xid, (xid::text::bigint + 1)::text::xid8)::text as until, "
    "coalesce(until_xid > xid, record_id <> :none) as open "
    "from wuji.consumer where name = :name and not paused for update skip locked"
)
OLDEST = text("select pg_snapshot_xmin(pg_current_snapshot())::text")
WITHIN = "r.xid >= cast(:since as xid8) and r.xid < cast(:until as xid8)"
FIRST = text(
    f"with w as materialized (select r.id from wuji.journal_record r where {WITHIN}) "  # noqa: S608 - text of ours
    "select id from w order by id limit 1"
)
# By the primary key alone, even where the planner has never seen a window of this size: hence `case`.
PAGE = text(
    "select r.id, r.kind from wuji.journal_record r where r.id > :last "  # noqa: S608 - text of ours
    f"and case when {WITHIN} then true end order by r.id limit :most"
)
# A tree may have left the root under which something was recorded: whoever is told of it must be able to see it.
COLUMNS = (
    "coalesce((select t.root_id from wuji.tenant t where t.id = r.tenant_id), r.root_id) as root_id, "
    "r.id, r.event_id, r.verb, r.kind, r.subject_id, r.tenant_id, r.account_id, "
    "r.fields, r.at"
)
RECORDS = text(
    f"select {COLUMNS} from wuji.journal_record r "  # noqa: S608 - text of ours
    "where r.id between :first and :last and r.id = any(:ids) order by r.id"  # the range is what the planner can count
)
MOVE = text(
    "update wuji.consumer set xid = cast(:since as xid8), until_xid = cast(:until as xid8), record_id = :last, "
    "moved_at = now(), fault = null, fault_at = null where name = :name"
)
ASKED = text(
    f"select {COLUMNS} from wuji.journal_record r join wuji.poison p on p.record_id = r.id "  # noqa: S608 - text of ours
    "where p.consumer = :name and p.state = 'asked' order by r.id limit :most"
)
TELLING = text("update wuji.poison set state = 'telling' where consumer = :name and record_id = any(:records)")
ASIDE = text("select wuji.poison_put(:name, :record, :reason)")
TOLD_AFTER_ALL = text("select wuji.poison_drop(:name, :records)")
FAULT = text("update wuji.consumer set fault = :fault, fault_at = now() where name = :name")
EXTEND = text("select wuji.job_extend(:lane, 'records', cast(:more as jsonb), :most)")
JOB = text(
    "select wuji.job_make(kind => :kind, args => cast(:args as jsonb), tenant_id => :root, lane => :lane, "
    "keep => false, most_attempts => :attempts)"
)

# What a consumer of the relay does with records, within the transaction in which its place moves.
Follower = Callable[[Connection, Sequence[Happened]], None]


@dataclass(frozen=True)
class Batch:
    """Records of one consumer, in order, each with the root it was written at."""

    name: str
    rows: Sequence[Row[Any]]
    again: bool = False  # they were set aside before

    @property
    def records(self) -> list[Happened]:
        return [happened(row) for row in self.rows]


def happened(row: Row[Any]) -> Happened:
    """A record as those are told of it who follow."""
    return Happened(
        id=row.id,
        event_id=row.event_id,
        verb=row.verb,
        kind=row.kind,
        subject_id=row.subject_id,
        tenant_id=row.tenant_id,
        account_id=row.account_id,
        fields=tuple(row.fields),
        at=row.at,
    )


class Following:
    """What one relay does of it, again and again. `followers` are the consumers that it runs itself."""

    def __init__(self, system: Engine, followers: Mapping[str, Follower]) -> None:
        self._system, self._followers = system, followers
        self._failed: dict[str, tuple[int, float]] = {}  # consumer to how often in a row, and when it is tried again

    def go_on(self) -> int:
        """One batch of every consumer for which there is one; returns how many records were looked at or told again.

        A consumer that fails is noted and waits a while, and stops none of the others. Raises where the database is away.
        """
        with self._system.connect() as connection:
            names = connection.execute(PENDING, {"known": list(self._followers)}).scalars().all()
        now = monotonic()
        return sum(self._attempt(name) for name in names if self._failed.get(name, (0, now))[1] <= now)

    def _attempt(self, name: str) -> int:
        try:
            with span(f"follow {name}"), self._system.begin() as connection:
                read = follow(connection, name, self._followers)
        except Exception as error:
            if is_passing(error):
                raise
            tries = self._failed.get(name, (0, 0.0))[0] + 1
            self._failed[name] = tries, monotonic() + min(LONGEST_WAIT, 2.0**tries)
            log.exception("consumer %s cannot go on", name)
            with self._system.begin() as connection:
                connection.execute(FAULT, {"name": name, "fault": explain(error)})
            return 0
        self._failed.pop(name, None)
        return read


def follow(connection: Connection, name: str, followers: Mapping[str, Follower]) -> int:
    """One batch of one consumer, and what of it somebody wants told again; 0 where somebody else is at it."""
    consumer = connection.execute(LOCK, {"name": name, "none": NONE}).one_or_none()
    if consumer is None:
        return 0
    tell = _jobs if consumer.runs == "job" else _teller(followers[name])
    again = connection.execute(ASKED, {"name": name, "most": TOLD}).all()
    if again:
        connection.execute(TELLING, {"name": name, "records": [row.id for row in again]})
        tell(connection, Batch(name, again, again=True))
    window = _window(connection, consumer)
    if window is None:
        return len(again)
    looked, most = (AHEAD, TOLD) if consumer.runs == "job" else (READ, READ)
    page = connection.execute(PAGE, {**window, "most": looked}).all()
    wanted = [row.id for row in page if not consumer.kinds or row.kind in consumer.kinds][:most]
    if wanted:
        ids = {"ids": wanted, "first": wanted[0], "last": wanted[-1]}
        tell(connection, Batch(name, connection.execute(RECORDS, ids).all()))
    if len(wanted) == most:
        window["last"] = wanted[-1]
    elif len(page) == looked:
        window["last"] = page[-1].id
    else:
        window |= {"since": window["until"], "last": NONE}
    connection.execute(MOVE, {"name": name, **window})
    return max(len(wanted), 1) + len(again)


def _window(connection: Connection, consumer: Row[Any]) -> dict[str, Any] | None:
    """Transactions from `since` to before `until`, told up to record `last`; None where there is nothing to read."""
    window = {"since": consumer.since, "until": consumer.until, "last": consumer.last}
    if not consumer.open:
        window["until"] = connection.execute(OLDEST).scalar_one()
        first: UUID | None = connection.execute(FIRST, window).scalar_one_or_none()
        if first is None:
            return None
        window["last"] = UUID(int=first.int - 1)  # the primary key is read from there on, and not from the beginning
    return window


def _jobs(connection: Connection, batch: Batch) -> None:
    """For each root one more job, or more for the one that waits. The next ones of a lane are made after the consumer has been
    locked again: so later, in order.
    """
    roots: dict[int | None, list[str]] = {}
    for row in batch.rows:
        roots.setdefault(row.root_id, []).append(str(row.id))
    for root, records in roots.items():
        lane = f"{batch.name}:{root or 0}"
        if connection.execute(EXTEND, {"lane": lane, "more": json.dumps(records), "most": TOLD}).scalar_one():
            continue
        args = json.dumps({"consumer": batch.name, "records": records})
        connection.execute(JOB, {"kind": TASK, "args": args, "root": root, "lane": lane, "attempts": ATTEMPTS})


def _teller(follower: Follower) -> Callable[[Connection, Batch], None]:
    """All at once; where that fails, one by one, and those that fail are set aside."""

    def tell(connection: Connection, batch: Batch) -> None:
        try:
            with connection.begin_nested():
                follower(connection, batch.records)
        except Exception as error:
            if is_passing(error):
                raise
            told = [record.id for record in batch.records if _tell_one(connection, batch.name, follower, record)]
        else:
            told = [record.id for record in batch.records]
        if batch.again:
            connection.execute(TOLD_AFTER_ALL, {"name": batch.name, "records": told})

    return tell


def _tell_one(connection: Connection, name: str, follower: Follower, record: Happened) -> bool:
    try:
        with connection.begin_nested():
            follower(connection, [record])
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("consumer %s: record %s is set aside", name, record.id)
        connection.execute(ASIDE, {"name": name, "record": record.id, "reason": explain(error)})
        return False
    return True


def explain(error: Exception) -> str:
    """What went wrong, in one line for whoever runs the deployment; without a statement's parameters, which may be personal."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {said}"[:LONGEST].replace("\x00", "")
