"""What the hub asks the database, with a login that may call these functions and nothing else."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from psycopg import AsyncConnection

from wuji.kit import tracing
from wuji.kit.db.engine import PINNED, plain_url
from wuji.live.topics import Asking, Held, News
from wuji.live.watching import admitting

MOST = 20_000  # records that are told one by one; of more everybody is told to look for themselves
AT_ONCE = 500  # askings of one statement
SINCE = (
    "select pg_current_snapshot()::text, s.xid, s.verb, s.kind, s.tenant_id, s.ancestors, s.about, s.subject_id "
    "from (select 1) one left join wuji.live_since(%s::pg_snapshot, %s) s on true"
)
FLOOR = "select wuji.live_floor(%s)::text"
MAY = "select n, account_id, ancestors from wuji.live_may(%s, %s, %s)"
BODIES = "select key, body from wuji.live_bodies(%s, %s)"


async def connect(url: str) -> AsyncConnection[Any]:
    """A connection of the hub's own. Raises psycopg.Error."""
    return await AsyncConnection.connect(
        plain_url(url),
        autocommit=True,
        prepare_threshold=None,
        options=PINNED,
        application_name="wuji live",
        connect_timeout=5,
    )


async def read_floor(connection: AsyncConnection[Any]) -> str:
    """The snapshot to begin with: a little before now, so that pages of the process before this one miss nothing."""
    row = await (await connection.execute(FLOOR, [MOST])).fetchone()
    return str(row[0]) if row else ""


async def read_news(connection: AsyncConnection[Any], seen: str) -> tuple[str, list[News]]:
    """What was committed since a snapshot, and the snapshot of this very statement. Exact: late commits are in it once."""
    rows = await (await connection.execute(SINCE, [seen, MOST])).fetchall()
    return rows[0][0], [News(*row[1:]) for row in rows if row[1] is not None]


async def read_bodies(connection: AsyncConnection[Any], reader: str, keys: Iterable[str]) -> dict[str, Any]:
    """What is told to everybody alike, by key."""
    found: dict[str, Any] = {}
    rest = iter(keys)
    while part := list(islice(rest, AT_ONCE)):
        with tracing.statement(BODIES):
            found |= dict(await (await connection.execute(BODIES, [reader, part])).fetchall())
    return found


class AwayError(RuntimeError):
    """The database does not answer: nobody knows who may listen."""


class Rights:
    """Asks who may listen. What is asked while a statement runs goes into the next one together: after a restart thousands of
    pages come back within seconds.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._waiting: dict[Asking, asyncio.Future[Held | None]] = {}
        self._traces: dict[Asking, list[str]] = {}
        self._bell = asyncio.Event()

    async def ask(self, askings: Sequence[Asking]) -> list[Held | None]:
        """As whom and where each holds; None: it does not. Raises AwayError."""
        loop = asyncio.get_running_loop()
        coming = [self._waiting.setdefault(one, loop.create_future()) for one in askings]
        if carried := tracing.carried():
            for one in askings:
                self._traces.setdefault(one, []).append(carried)
        self._bell.set()
        if coming:
            await asyncio.wait(coming)
        return [one.result() for one in coming]

    async def answer(self) -> None:
        """Runs until the database leaves, or never answers: which is an answer to everybody who waits."""
        try:
            async with await connect(self.url) as connection:
                while True:
                    await self._bell.wait()
                    self._bell.clear()
                    while self._waiting:
                        await self._answer(connection)
        finally:
            _refuse(self._waiting)
            self._waiting, self._traces = {}, {}

    async def _answer(self, connection: AsyncConnection[Any]) -> None:
        part = {one: self._waiting.pop(one) for one in list(islice(self._waiting, AT_ONCE))}
        traces = chain.from_iterable(self._traces.pop(one, ()) for one in part)
        try:
            with admitting(list(dict.fromkeys(traces))):
                held = await _held(connection, list(part))
            for asking, future in part.items():
                future.set_result(held.get(asking))
        finally:
            _refuse(part)


async def _held(connection: AsyncConnection[Any], askings: Sequence[Asking]) -> Mapping[Asking, Held]:
    with tracing.statement(MAY):
        rows = await (await connection.execute(MAY, [list(column) for column in zip(*askings, strict=True)])).fetchall()
    return {askings[n - 1]: Held(account, ancestors) for n, account, ancestors in rows}


def _refuse(waiting: Mapping[Asking, asyncio.Future[Held | None]]) -> None:
    """Those that have no answer."""
    for future in waiting.values():
        if not future.done():
            future.set_exception(AwayError("the database does not answer"))
