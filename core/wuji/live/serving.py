"""`GET /live?topic=…`: an answer that stays open (server-sent events), or where streams break, one that is asked for again and
again.
"""

import asyncio
import hashlib
import io
import time
from collections.abc import Mapping
from contextlib import suppress
from random import randint
from typing import Any
from uuid import UUID

import msgspec
from werkzeug import Request

from wuji.kit.address import network
from wuji.kit.asgi.environ import environ
from wuji.kit.asgi.kinds import Receive, Scope, Send
from wuji.kit.http.csrf import NEAR
from wuji.kit.http.errors import MEDIA, describe
from wuji.kit.http.locale import DEFAULT, preferred
from wuji.kit.http.request import request_id
from wuji.kit.metrics import LIVE_TOLD
from wuji.kit.problem import Problem, not_found
from wuji.kit.texts import Texts
from wuji.live.database import AwayError
from wuji.live.hub import Hub
from wuji.live.screen import Screen
from wuji.live.topics import Held, Wish
from wuji.live.watching import answered, listening, opening, tell

PATH = "/live"
MOST_TOPICS = 8  # of one page
STREAM = "text/event-stream"
SETTLED = 2.5  # seconds that are waited for the database
LONGEST = 20  # digits of a position; thousands of them are no number to Python
RETRY = (1_000, 5_000)  # ms after which a browser comes again, spread out
ENDS = {"gone": b"gone", "restart": b"restart"}
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "x-accel-buffering": "no"}
Admitted = Mapping[str, tuple[Wish, Held]]


class Live:
    """Answers on the event loop. What is absent and what is not for whoever asks are one answer."""

    def __init__(self, hub: Hub, texts: Texts, *, cookie: str, proxies: int) -> None:
        self.hub, self.texts = hub, texts
        self.cookie, self.proxies = cookie, proxies

    async def open(self) -> None:
        """Pages that come back after a restart are let in at once, unless the database is away: nothing else waits for it."""
        self.hub.open()
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLED):
                await self.hub.ready.wait()

    def leave(self) -> None:
        """Every page is told to come again."""
        self.hub.leave()

    async def close(self) -> None:
        """Ends the hub's connections."""
        await self.hub.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, began = Request(environ(scope, io.BytesIO())), time.perf_counter()
        request.environ["HTTP_X_REQUEST_ID"] = called = request_id(request)
        with opening(request, self.proxies) as span:
            try:
                session = self._session(request)
                admitted = await self._admit(request, session)
            except Problem as problem:
                await self._refuse(request, problem, send)
                answered(request, problem.status, began, {"request": called})
                tell(span, problem.status, {"request": called})
                return
            account_id = next(held.account_id for _wish, held in admitted.values())
            screen = Screen(session, self._who(request, session), account_id)
            about = _about(called, admitted, account_id)
            stays, status = STREAM in request.headers.get("Accept", ""), 200
            if not stays:
                status = await self._once(screen, admitted, request, send)
                answered(request, status, began, about)
            tell(span, status, about)
        if stays:
            with listening(request, screen, about):
                await self._stream(screen, admitted, request, receive, send)

    def _session(self, request: Request) -> bytes | None:
        """A cookie never counts beside an Authorization header, nor where another site asks."""
        token = request.cookies.get(self.cookie)
        near = request.headers.get("Sec-Fetch-Site", "none") in NEAR
        return (
            hashlib.sha256(token.encode()).digest()
            if token and near and "Authorization" not in request.headers
            else None
        )

    def _who(self, request: Request, session: bytes | None) -> str:
        """Against whom a page is counted."""
        route = request.headers.get("X-Forwarded-For", "").split(",")
        through = self.proxies and len(route) >= self.proxies
        address = route[-self.proxies].strip() if through else request.remote_addr
        return session.hex() if session else network(address or "")

    async def _admit(self, request: Request, session: bytes | None) -> Admitted:
        """What of it may be listened to, which is something. Raises Problem."""
        asked = list(dict.fromkeys(request.args.getlist("topic")))
        if request.method != "GET":
            raise not_found()
        if len(asked) > MOST_TOPICS:
            raise Problem("live.topics", 400, most=MOST_TOPICS)
        later = {"Retry-After": str(randint(2, 8))}  # noqa: S311 - spreads those who come again
        if self.hub.closing or not self.hub.ready.is_set():
            raise Problem("live.away", 503, headers=later)
        if why := self.hub.screens.room(self._who(request, session)):
            raise Problem(f"live.{why}", 503 if why == "full" else 429, headers=later)
        wishes = [wish for wish in map(self.hub.topics.find, asked) if wish]
        try:
            held = await self.hub.held((session, wish) for wish in wishes)
        except AwayError:
            raise Problem("live.away", 503, headers=later) from None
        if not held:
            raise not_found()
        return {wish.text: (wish, how) for (_session, wish), how in held.items()}

    async def _refuse(self, request: Request, problem: Problem, send: Send) -> None:
        locale = preferred(request.accept_languages) or DEFAULT
        body = msgspec.json.encode(describe(self.texts, locale, problem, request.path))
        headers = {**_headers(request), **problem.headers, "content-type": MEDIA, "content-language": locale}
        await _whole(send, problem.status, headers, body)

    async def _stream(self, screen: Screen, admitted: Admitted, request: Request, receive: Receive, send: Send) -> None:
        # a browser names it by itself only when it comes again by itself
        seen = request.headers.get("Last-Event-ID") or request.args.get("since", "")
        known = seen.isdecimal() and len(seen) <= LONGEST
        self.hub.join(screen, admitted.values(), int(seen) if known else None)
        screen.dirty |= dict.fromkeys(set(request.args.getlist("topic")) - admitted.keys())
        screen.task, watch = asyncio.current_task(), asyncio.create_task(_left(receive, screen))
        try:
            start = {**_headers(request), "content-type": STREAM}
            await send({"type": "http.response.start", "status": 200, "headers": _pairs(start)})
            await send(_piece(b"retry: %d\n\n" % randint(*RETRY)))  # noqa: S311 - spreads those who come again
            if screen.dirty:
                screen.bell.set()
            await self._tell(screen, send)
        except asyncio.CancelledError:
            if screen.end != "stuck":  # by whom it was not us
                raise
        finally:
            self.hub.part(screen)
            watch.cancel()

    async def _tell(self, screen: Screen, send: Send) -> None:
        """Until it ends, or the page has left."""
        while True:
            await screen.bell.wait()
            screen.bell.clear()
            if screen.end == "left":
                return
            end = ENDS.get(screen.end, b"")
            screen.since = time.monotonic()
            await send(_piece(self._frame(screen, end), more=not end))
            screen.told_at, screen.since = time.monotonic(), 0.0
            screen.frames += 1
            LIVE_TOLD.inc()
            if end:
                return

    def _frame(self, screen: Screen, end: bytes) -> bytes:
        """What there is to tell; a line that says nothing, where that is nothing."""
        dirty, screen.dirty = screen.dirty, {}
        parts = [b"id: %d\ndata: %s\n\n" % (self.hub.horizon, msgspec.json.encode(dirty))] if dirty else []
        if screen.reset:
            screen.reset = False
            parts.append(b"id: %d\nevent: reset\ndata: 1\n\n" % self.hub.horizon)
        if end:
            parts.append(b"event: bye\ndata: %s\n\n" % end)
        return b"".join(parts) or b":\n\n"

    async def _once(self, screen: Screen, admitted: Admitted, request: Request, send: Send) -> int:
        """How things stand; returns the answer's status. What is told as a body may have to be read first."""
        self.hub.join(screen, admitted.values(), None)
        try:
            with suppress(TimeoutError):  # the database is away: the positions that are known are told all the same
                async with asyncio.timeout(SETTLED):
                    while any(wish.topic.body and text not in screen.dirty for text, (wish, _held) in admitted.items()):
                        screen.bell.clear()
                        await screen.bell.wait()
        finally:
            self.hub.part(screen)
        last = self.hub.last
        stands: dict[str, Any] = dict.fromkeys(request.args.getlist("topic"))
        for text, (wish, held) in admitted.items():
            stands[text] = screen.dirty.get(text, max(last.get(key, 0) for key in wish.keys(held)))
        body = msgspec.json.encode(stands, order="sorted")
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"cache-control": "private, no-cache", "etag": tag, "content-type": "application/json"}
        same = request.headers.get("If-None-Match") == tag
        status = 304 if same else 200
        await _whole(send, status, {**_headers(request), **headers}, b"" if same else body)
        return status


def _about(called: str, admitted: Admitted, account_id: UUID | None) -> dict[str, str]:
    """What an answer's line in the log belongs to: a tenant, where it is of one alone."""
    codes = {wish.code for wish, _held in admitted.values()} - {None}
    tenant = codes.pop() if len(codes) == 1 else None
    known = {"request": called, "tenant": tenant, "actor": str(account_id) if account_id else None}
    return {name: value for name, value in known.items() if value}


def _headers(request: Request) -> dict[str, str]:
    return {**HEADERS, "x-request-id": request.headers["X-Request-Id"]}


async def _left(receive: Receive, screen: Screen) -> None:
    """Sending to somebody who has left raises nothing: only what is received tells."""
    while (await receive())["type"] != "http.disconnect":
        pass
    screen.finish("left")


async def _whole(send: Send, status: int, headers: Mapping[str, str], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _pairs(headers)})
    await send({"type": "http.response.body", "body": body})


def _piece(body: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


def _pairs(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
