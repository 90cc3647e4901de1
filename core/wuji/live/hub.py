"""The hub of one process: reads what happened four times a second, notes who has to be told, and asks again and again who
still may listen.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any

from psycopg import AsyncConnection, Error
from sqlalchemy.exc import SQLAlchemyError

from wuji.live.database import MOST, SINCE, AwayError, Rights, connect, read_bodies, read_floor, read_news
from wuji.live.screen import Screen, Screens
from wuji.live.topics import ACCESS, Held, Key, News, Topics, Wish
from wuji.live.watching import told

log = logging.getLogger(__name__)
TICK = 0.25  # seconds; the longest that something committed waits, and the shortest between two frames to one page
IDLE = 1.0  # the same while nobody listens
BEAT = 15.0  # a page that hears nothing so long is told that the stream lives
SWEEP = 4.0  # rights are asked for anew, beside at once where an account's change
STUCK = 20.0  # a page that takes nothing so long is let go
KEPT = 600.0  # how far back a page that comes again is told what it missed
BOLDEST = 200  # pages woken in one go: requests are answered in between
# Whether a plugin is active at the tenant of that code; may ask the database, so it runs in a thread.
ActiveAt = Callable[[str, str], bool]
SWITCHES = frozenset({"plugin_rule", "plugin"})


class Hub:
    """Who listens, what they are told, and since when it is known."""

    def __init__(self, url: str, topics: Topics, active_at: ActiveAt) -> None:
        self.url, self.topics, self.active_at = url, topics, active_at
        self.screens, self.rights = Screens(), Rights(url)
        self.seen = ""  # the snapshot of the last look
        self.last: dict[Key, int] = {}
        self.bodies: dict[Key, Any] = {}
        self.ready, self.closing = asyncio.Event(), False
        self._oldest: deque[tuple[float, int]] = deque()
        self._due: set[Screen] = set()
        self._unread: set[Key] = set()
        self._read_at = 0.0
        self._doubtful: set[Screen] = set()
        self._doubt = asyncio.Event()
        self._switched: dict[tuple[str, str], bool] = {}
        self._unsure_until = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Does not wait for the database: until it answers nobody is let in."""
        self._tasks = [asyncio.create_task(self._keep(one)) for one in (self._follow, self._sweep, self.rights.answer)]

    def leave(self) -> None:
        """Every page is told to come back, which another process or the next one will take."""
        self.closing = True
        for screen in self.screens.all:
            screen.finish("restart")

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def horizon(self) -> int:
        """Everything below this transaction has been told; what a page names when it comes again."""
        return int(self.seen.partition(":")[0] or 0)

    async def held(self, asked: Iterable[tuple[bytes | None, Wish]]) -> dict[tuple[bytes | None, Wish], Held]:
        """Who may listen to what, of these sessions and wishes. Raises AwayError."""
        pairs = list(asked)
        distinct = list({wish.asking(session): None for session, wish in pairs})
        held = dict(zip(distinct, await self.rights.ask(distinct), strict=True))
        found = {}
        for session, wish in pairs:
            how = held[wish.asking(session)]
            if how and await self._is_active(wish):
                found[session, wish] = how
        return found

    async def _is_active(self, wish: Wish) -> bool:
        if not wish.plugin or not wish.code:
            return True
        at = wish.plugin, wish.code
        if at not in self._switched or time.monotonic() < self._unsure_until:
            try:
                self._switched[at] = await asyncio.to_thread(self.active_at, *at)
            except SQLAlchemyError as error:
                raise AwayError(str(error)) from error
        return self._switched[at]

    def join(self, screen: Screen, held: Iterable[tuple[Wish, Held]], missed_since: int | None) -> None:
        """Takes a page in. One that comes again is told what it missed, or if that is not known, to look for itself."""
        self.screens.add(screen)
        for wish, how in held:
            self.screens.listen(screen, wish, how)
            for key in wish.keys(how):
                if wish.topic.body and key in self.bodies:
                    screen.dirty[wish.text] = self.bodies[key]
                elif wish.topic.body:
                    self._unread.add(key)
                elif missed_since is not None and self.last.get(key, 0) >= missed_since:
                    screen.dirty[wish.text] = self.last[key]
        screen.reset = missed_since is not None and not self._oldest[0][1] <= missed_since <= self.horizon
        if screen.dirty or screen.reset:
            screen.bell.set()

    def part(self, screen: Screen) -> None:
        self.screens.remove(screen)
        self._due.discard(screen)
        self._doubtful.discard(screen)

    async def _keep(self, work: Callable[[], Awaitable[None]]) -> None:
        """Each part begins anew when the database has left it; what else fails is logged, and stops nothing for good."""
        while True:
            try:
                await work()
            except (Error, AwayError) as error:
                log.warning("live updates wait for the database: %s", str(error).strip())
            except Exception:
                log.exception("live updates: %s failed", work.__name__)
            await asyncio.sleep(IDLE)

    # what happened

    async def _follow(self) -> None:
        """The snapshot outlives the connection, so what happens meanwhile is told afterwards."""
        async with await connect(self.url) as connection:
            while True:
                await self._look(connection)
                await self._flush()
                await asyncio.sleep(TICK if self.screens.all else IDLE)

    async def _look(self, connection: AsyncConnection[Any]) -> None:
        first, began = not self.seen, time.time_ns()
        seen, news = await read_news(connection, self.seen or await read_floor(connection))
        self.seen = seen
        if first:
            self._oldest.append((time.monotonic(), min((one.xid for one in news), default=self.horizon)))
        with told(SINCE, began, len(news)):
            if len(news) > MOST:
                self._forget()
            else:
                for one in news:
                    self._note(one)
            await self._read(connection)
        self.ready.set()

    def _note(self, one: News) -> None:
        for topic, key in self.topics.touched(one):
            if topic.body:
                self._unread.add(key)
            else:
                self.last[key] = max(one.xid, self.last.get(key, 0))
                self._due |= self.screens.tell(key, one.xid)
        if one.kind in ACCESS and one.about in self.screens.by_account:
            self._doubtful |= self.screens.by_account[one.about]
            self._doubt.set()
        if one.kind in SWITCHES:
            self._switched.clear()
            # plugins are switched once a second in each process, and swept here at the latest when that is over
            self._unsure_until = time.monotonic() + SWEEP + IDLE

    async def _read(self, connection: AsyncConnection[Any]) -> None:
        """Bodies that changed or may have; each once, however many pages it goes to."""
        now, again = time.monotonic(), False
        if now - self._read_at >= IDLE:
            self._read_at, again = now, True
        unread, self._unread = self._unread, set()
        for topic in self.topics.by_name.values():
            listening = self.screens.by_topic.get(topic.name) if topic.body else None
            if not listening:
                continue
            every = again and not topic.kinds
            keys = set(listening) if every else {key.of for key in unread if key.topic == topic.name} & listening
            for of, body in (await read_bodies(connection, topic.body, keys)).items():
                key = Key(topic.name, of)
                if self.bodies.get(key) != body:
                    self.bodies[key] = body
                    self._due |= self.screens.tell(key, body)
        self.bodies = {key: body for key, body in self.bodies.items() if key in self.screens.by_key}

    def _forget(self) -> None:
        """Too much happened to say what: everybody looks for themselves."""
        self.last.clear()
        self._oldest.clear()
        self._oldest.append((time.monotonic(), self.horizon))
        for screen in self.screens.all:
            screen.reset = True
        self._due |= self.screens.all

    # who is told

    async def _flush(self) -> None:
        """Wakes whoever has to be told something, or has heard nothing for long; lets go who takes nothing."""
        now = time.monotonic()
        self._age(now)
        due, self._due = self._due, set()
        for screen in self.screens.all:
            if screen.since and now - screen.since > STUCK and screen.task:
                screen.end = "stuck"
                screen.task.cancel()
            elif not screen.since and now - screen.told_at > BEAT:
                due.add(screen)
        waiting = list(due)
        for start in range(0, len(waiting), BOLDEST):
            for screen in waiting[start : start + BOLDEST]:
                screen.bell.set()
            await asyncio.sleep(0.001)

    def _age(self, now: float) -> None:
        """Once a minute: what is older than a page could still ask for is forgotten."""
        if now - self._oldest[-1][0] < KEPT / 10:
            return
        self._oldest.append((now, self.horizon))
        self._switched.clear()  # a rule may end by its date
        while now - self._oldest[0][0] > KEPT and len(self._oldest) > 1:
            self._oldest.popleft()
        self.last = {key: xid for key, xid in self.last.items() if xid >= self._oldest[0][1]}

    # who may listen

    async def _sweep(self) -> None:
        whole = time.monotonic() + SWEEP
        while True:
            try:
                async with asyncio.timeout_at(asyncio.get_running_loop().time() + max(0.0, whole - time.monotonic())):
                    await self._doubt.wait()
                screens, self._doubtful = self._doubtful, set()
                self._doubt.clear()
            except TimeoutError:
                screens, whole = set(self.screens.all), time.monotonic() + SWEEP
            waiting = list(screens)
            for start in range(0, len(waiting), BOLDEST):
                await self._recheck(waiting[start : start + BOLDEST])

    async def _recheck(self, screens: Collection[Screen]) -> None:
        held = await self.held((one.session, wish) for one in screens for wish, _how in one.wishes.values())
        for screen in screens:
            if screen in self.screens.all and not screen.end:
                self._apply(screen, held)

    def _apply(self, screen: Screen, held: Mapping[tuple[bytes | None, Wish], Held]) -> None:
        signed_out = False
        for wish, _how in list(screen.wishes.values()):
            now = held.get((screen.session, wish))
            if now:
                self.screens.listen(screen, wish, now)
                signed_out |= now.account_id != screen.account_id
            else:
                self.screens.stop(screen, wish.text)
                screen.dirty[wish.text] = None
                screen.bell.set()
        if signed_out or not screen.wishes:
            screen.finish("gone")
