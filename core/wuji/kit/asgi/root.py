"""The root of what web serves: sends each request to the part that answers it, and lets the parts come and go with the
process.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from typing import Protocol

from wuji.kit.asgi.kinds import App, Receive, Scope, Send

log = logging.getLogger(__name__)


class Native(Protocol):
    """A part that answers on the event loop itself, and keeps answers open."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    async def open(self) -> None:
        """Before the first request. Must not fail because a server is away."""

    def leave(self) -> None:
        """The process is asked to end: every open answer ends soon."""

    async def close(self) -> None:
        """After the last request."""


class Root:
    """An ASGI application made of others: `parts` by path, everything else `rest`. `last` is done when all have ended."""

    def __init__(self, rest: App, parts: dict[str, Native], last: Callable[[], object]) -> None:
        self.rest, self.parts, self.last = rest, parts, last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self.parts.get(scope["path"], self.rest)(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        for part in self.parts.values():
            await part.open()
        self._heed(asyncio.get_running_loop())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for part in self.parts.values():
            await part.close()
        await asyncio.to_thread(self.last)
        await send({"type": "lifespan.shutdown.complete"})

    def _heed(self, loop: asyncio.AbstractEventLoop) -> None:
        """The server waits for open answers before it tells of the end, so they must learn of it by themselves. Its own
        reaction stays: it hangs on the loop's wake-up descriptor, which this does not touch.
        """

        def leave(*_signal: object) -> None:
            for part in self.parts.values():
                loop.call_soon_threadsafe(part.leave)

        for asked in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked, leave)
