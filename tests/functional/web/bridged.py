"""What test_bridge.py serves: a Flask application whose routes do one thing each, behind the product's bridge and root."""

import asyncio
import hashlib
import threading
import time
from collections.abc import Iterator

from flask import Flask, Response, request

from wuji.kit import tracing
from wuji.kit.asgi.bridge import Bridge
from wuji.kit.asgi.kinds import Receive, Scope, Send
from wuji.kit.asgi.root import Root

LIMIT = 1_000_000
PIECE = bytes(65536)
app = Flask("bridged")
app.config["MAX_CONTENT_LENGTH"] = LIMIT
closed = threading.Event()


@app.route("/seen/<path:path>", methods=["GET", "POST", "DELETE"])
def seen(path: str) -> dict[str, object]:
    return {
        "path": path,
        "query": request.args.to_dict(),
        "method": request.method,
        "cookies": request.cookies,
        "twice": request.headers.get("X-Twice"),
        "forwarded": request.headers.get("X-Forwarded-For"),
        "address": request.remote_addr,
        "url": request.url,
        "thread": threading.current_thread().name,
    }


@app.post("/body")
def body() -> str:
    sent = request.get_data()
    return f"{len(sent)} {hashlib.sha256(sent).hexdigest()}"


@app.post("/upload")
def upload() -> str:
    request.max_content_length = 1 << 40
    size, digest = 0, hashlib.sha256()
    while piece := request.stream.read(1 << 18):
        size += len(piece)
        digest.update(piece)
    return f"{size} {digest.hexdigest()}"


@app.get("/pieces/<int:count>")
def pieces(count: int) -> Response:
    def made() -> Iterator[bytes]:
        closed.clear()
        try:
            for _ in range(count):
                yield PIECE
        finally:
            closed.set()

    return Response(made(), mimetype="application/octet-stream")


@app.get("/closed")
def was_closed() -> str:
    return "yes" if closed.wait(5) else "no"


@app.get("/slow")
def slow() -> str:
    time.sleep(0.2)
    return "ok"


class Open:
    """An answer that stays open until the process is asked to end, or the client leaves."""

    def __init__(self) -> None:
        self.ends: set[asyncio.Event] = set()

    async def open(self) -> None:
        pass

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        end = asyncio.Event()
        self.ends.add(end)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"open\n", "more_body": True})
        await end.wait()
        await send({"type": "http.response.body", "body": b"bye"})

    def leave(self) -> None:
        for end in self.ends:
            end.set()

    async def close(self) -> None:
        pass


def serve() -> Root:
    return Root(Bridge(app, threads=2, patience=2), {"/open": Open()}, tracing.end)
