"""Thousands of open pages in a process of their own: bare sockets on a fast loop, so that what is measured is the server.

Reads one line of JSON {port, pages: [{path, cookie}], file}; says `open` and after a restart `back`, each with the seconds it
took; `stop` makes it write what was told to the file: rows of (moment, page, topic, position).
"""

import asyncio
import json
import random
import re
import resource
import sys
import time
from array import array
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import uvloop

DATA = re.compile(rb"id: (\d+)\ndata: (\{.*?\})\n\n")
AT_ONCE = 100  # connections that are being opened at the same time
RETRY = (1.0, 5.0)  # seconds, as the server tells browsers


@dataclass
class Pages:
    """All of them."""

    port: int
    asked: list[dict[str, str]]
    told: array = field(default_factory=lambda: array("d"))
    topics: dict[str, int] = field(default_factory=dict)
    opened: int = 0
    begun: float = field(default_factory=time.monotonic)
    again: bool = False
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def count(self, change: int) -> None:
        self.opened += change
        if change < 0 and not self.again:
            self.again, self.begun = True, time.monotonic()
        if self.opened == len(self.asked):
            word = "back" if self.again else "open"
            sys.stdout.write(f"{word} {time.monotonic() - self.begun}\n")
            sys.stdout.flush()
            self.again = False


class Page(asyncio.Protocol):
    """One that comes again when it is closed."""

    def __init__(self, pages: Pages, number: int, since: bytes = b"") -> None:
        self.pages, self.number, self.since = pages, number, since
        self.rest, self.is_open = b"", False

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        asked = self.pages.asked[self.number]
        last = b"Last-Event-ID: %s\r\n" % self.since if self.since else b""
        head = f"GET {asked['path']} HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\nCookie: {asked['cookie']}\r\n"
        self.transport.write(head.encode() + last + b"\r\n")

    def data_received(self, data: bytes) -> None:
        now, self.rest = time.monotonic(), self.rest + data
        if not self.is_open:
            if b"\r\n\r\n" not in self.rest:
                return
            if not self.rest.startswith(b"HTTP/1.1 200"):
                if not self.pages.again:
                    raise RuntimeError(self.rest.decode())
                self.transport.close()
                return
            self.is_open = True
            self.pages.count(1)
        end = 0
        for found in DATA.finditer(self.rest):
            self.since, end = found[1], found.end()
            for topic, position in json.loads(found[2]).items():
                at = self.pages.topics.setdefault(topic, len(self.pages.topics))
                self.pages.told.extend((now, self.number, at, position))
        self.rest = self.rest[end:][-2000:]

    def connection_lost(self, _error: Exception | None) -> None:
        if self.is_open:
            self.pages.count(-1)
        if self.pages.again:
            asyncio.get_running_loop().create_task(connect(self.pages, self.number, self.since, again=True))


async def connect(pages: Pages, number: int, since: bytes = b"", *, again: bool = False) -> None:
    while True:
        if again:
            await asyncio.sleep(random.uniform(*RETRY))  # noqa: S311 - spread, not secret
        async with pages.places:
            try:
                make = partial(Page, pages, number, since)
                await asyncio.get_running_loop().create_connection(make, "127.0.0.1", pages.port)
            except OSError:
                again = True
            else:
                return


def write(pages: Pages, file: str) -> None:
    topics = [name for name, _ in sorted(pages.topics.items(), key=lambda item: item[1])]
    Path(file).write_bytes(json.dumps(topics).encode() + b"\n" + pages.told.tobytes())


async def run() -> None:
    loop = asyncio.get_running_loop()
    given = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    pages = Pages(given["port"], given["pages"])
    await asyncio.gather(*(connect(pages, number) for number in range(len(pages.asked))))
    await loop.run_in_executor(None, sys.stdin.readline)
    write(pages, given["file"])


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    uvloop.run(run())
