"""Flask behind the event loop: each request is one hop to a thread. Small answers come back in one go, large ones piece by
piece and no faster than the client reads.
"""

import asyncio
import io
import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from wuji.kit.asgi.body import Body, read_whole
from wuji.kit.asgi.environ import environ
from wuji.kit.asgi.kinds import Message, Receive, Scope, Send

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)
SMALL = 256 * 1024  # bytes that are received before, or kept until after, a thread works
PATIENCE = 30.0  # seconds without a byte of progress after which a thread waits for a client no more


class LostError(RuntimeError):
    """Nobody reads the answer any more; the text says why."""


class Bridge:
    """An ASGI application that answers with a WSGI one, `threads` requests at once."""

    def __init__(self, app: "WSGIApplication", threads: int, patience: float = PATIENCE) -> None:
        self.app, self.patience = app, patience
        self.pool = ThreadPoolExecutor(threads, "web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        headers = dict(scope["headers"])
        length = int(headers.get(b"content-length", 0))
        source: Body | None = None
        if b"transfer-encoding" in headers or length > SMALL:
            source = Body(receive, loop, self.patience)
        whole = b"" if source or not length else await read_whole(receive, self.patience)
        if whole is None:
            return
        body = io.BufferedReader(source, 1 << 16) if source else io.BytesIO(whole)
        answer = Answer(loop, receive if source is None else None, send, self.patience)
        try:
            rest = await loop.run_in_executor(self.pool, answer.make, self.app, environ(scope, body))
        except LostError as lost:
            log.info("%s %s: %s", scope["method"], scope["path"], lost)
            return
        finally:
            answer.end()
        for message in rest:
            await send(message)


class Answer:
    """One answer on its way: made in a thread, sent by the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive | None, send: Send, patience: float) -> None:
        self._loop, self._receive, self._send, self._patience = loop, receive, send, patience
        self._start: Message = {}
        self._early: list[bytes] = []
        self._watch: asyncio.Task[None] | None = None
        self._gone = False

    def make(self, app: "WSGIApplication", asked: dict[str, Any]) -> list[Message]:
        """Runs the application; returns what the loop has yet to send. Raises LostError."""
        chunks = app(asked, self._begin)
        try:
            return list(self._messages(chunks))
        finally:
            if close := getattr(chunks, "close", None):
                close()

    def end(self) -> None:
        """On the loop, when the thread is done."""
        if self._watch:
            self._watch.cancel()

    def _begin(self, status: str, headers: list[tuple[str, str]], *_error: object) -> Any:
        pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._start = {"type": "http.response.start", "status": int(status[:3]), "headers": pairs}
        return self._early.append

    def _messages(self, chunks: Iterable[bytes]) -> Iterator[Message]:
        """The last messages; those before it sends itself."""
        parts, size, streams = self._early, 0, False
        for chunk in chunks:
            parts.append(chunk)
            size += len(chunk)
            if size > SMALL:
                if not streams:
                    self._say(self._start)
                    streams = True
                self._say({"type": "http.response.body", "body": b"".join(parts), "more_body": True})
                parts.clear()
                size = 0
        if not streams:
            yield self._start
        yield {"type": "http.response.body", "body": b"".join(parts)}

    def _say(self, message: Message) -> None:
        """Waits until the server has taken it, which it does only while the client reads."""
        said = asyncio.run_coroutine_threadsafe(self._sent(message), self._loop)
        try:
            said.result(self._patience)
        except TimeoutError:
            said.cancel()
            raise LostError(f"the client has read nothing for {self._patience:g} s") from None
        if self._gone:
            raise LostError("the client has left")

    async def _sent(self, message: Message) -> None:
        if self._receive and not self._watch:
            self._watch = self._loop.create_task(self._left(self._receive))
        await self._send(message)

    async def _left(self, receive: Receive) -> None:
        """Sending to somebody who has left raises nothing: only what is received tells."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self._gone = True
