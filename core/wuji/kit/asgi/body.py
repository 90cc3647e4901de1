"""A request's body as a file: a thread reads it while the event loop receives it."""

import asyncio
import io
from typing import Any

from werkzeug.exceptions import ClientDisconnected, RequestTimeout

from wuji.kit.asgi.kinds import Message, Receive


class Body(io.RawIOBase):
    """Takes the next piece only when the one before is read, so a large body never lies in memory.

    A sender who leaves before the end, or who sends nothing for `patience` seconds, is an error (400, 408): a body cut short
    must not pass for a whole one, nor hold a thread for ever.
    """

    def __init__(self, receive: Receive, loop: asyncio.AbstractEventLoop, patience: float) -> None:
        super().__init__()
        self._receive, self._loop, self._patience = receive, loop, patience
        self._rest = memoryview(b"")
        self.ended = False  # nothing is left to receive

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        """Called by io.BufferedReader, in a thread of the bridge."""
        while not self._rest and not self.ended:
            self._take(self._next())
        piece = self._rest[: len(into)]
        into[: len(piece)] = piece
        self._rest = self._rest[len(piece) :]
        return len(piece)

    def _next(self) -> Message:
        coming = asyncio.run_coroutine_threadsafe(self._awaited(), self._loop)
        try:
            return coming.result(self._patience)
        except TimeoutError:
            coming.cancel()
            raise RequestTimeout from None

    async def _awaited(self) -> Message:
        return await self._receive()  # what the server's receive() gives is awaitable, but no coroutine

    def _take(self, message: Message) -> None:
        if message["type"] != "http.request":
            raise ClientDisconnected
        self._rest = memoryview(message.get("body", b""))
        self.ended = not message.get("more_body", False)


async def read_whole(receive: Receive, patience: float) -> bytes | None:
    """A small body at once, without a thread waiting for it; None: the sender left or fell silent before the end."""
    pieces = []
    while True:
        try:
            async with asyncio.timeout(patience):
                message = await receive()
        except TimeoutError:
            return None
        if message["type"] != "http.request":
            return None
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)
