"""What an operator's monitoring sees of open pages: counters, a line in the log when an answer has ended, and spans of letting
pages in and of what they are told. What is looked for all day long, and not found, makes none.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from time import perf_counter

from werkzeug import Request

from wuji.kit.metrics import LIVE_CLOSED, LIVE_OPEN, LIVE_OPENED, REQUEST_SECONDS, REQUESTS
from wuji.kit.tracing import Said, Span, span, statement
from wuji.live.screen import Screen

log = logging.getLogger("wuji.request")
ROUTE = "/live"
CUT = "cut"  # the server broke it off


@contextmanager
def listening(request: Request, screen: Screen, about: Mapping[str, str]) -> Iterator[None]:
    """Counts a page while it listens. How long that was is no time that anybody waited."""
    began = perf_counter()
    LIVE_OPENED.inc()
    LIVE_OPEN.inc()
    try:
        yield
    finally:
        end = screen.end or CUT
        LIVE_OPEN.dec()
        LIVE_CLOSED.labels(end).inc()
        _say(request, 200, began, {**about, "end": end, "frames": screen.frames})


@contextmanager
def opening(request: Request, proxies: int) -> Iterator[Span]:
    """Until a page is let in or has its answer: what stays open has its line in the log when it ends."""
    after = request.headers.get("traceparent") if proxies else None  # as for any other request
    said = {"http.request.method": request.method, "http.route": ROUTE}
    with span(f"{request.method} {ROUTE}", "server", after=after, said=said) as made:
        yield made


def tell(made: Span, status: int, about: Mapping[str, str]) -> None:
    """What the log's line says of it."""
    said: Said = {f"wuji.{name}": value for name, value in about.items()}
    made.tell({**said, "http.response.status_code": status}, failed=status >= HTTPStatus.INTERNAL_SERVER_ERROR)


@contextmanager
def admitting(pages: Sequence[str]) -> Iterator[None]:
    """Asking for many pages at once is part of the first one's trace. Without any it is the sweep, which never ends."""
    if not pages:
        yield
        return
    with span("live.admit", after=pages[0], beside=pages[1:]):
        yield


@contextmanager
def told(asked: str, began: int, records: int) -> Iterator[None]:
    """Of a look into the journal that found something, and of noting whom to tell. `began`: nanoseconds since 1970."""
    if not records:
        yield
        return
    with span("live.tell", since=began, said={"wuji.records": records}):
        with statement(asked, since=began):
            pass  # it has just been answered
        yield


def answered(request: Request, status: int, began: float, about: Mapping[str, str]) -> None:
    """Counts an answer that ended at once."""
    REQUEST_SECONDS.labels(ROUTE).observe(perf_counter() - began)
    _say(request, status, began, about)


def _say(request: Request, status: int, began: float, about: Mapping[str, str | int]) -> None:
    """In the form of every other answer's line."""
    REQUESTS.labels(request.method, ROUTE, status).inc()
    ms = round((perf_counter() - began) * 1000, 1)
    told = {"method": request.method, "route": ROUTE, "status": status, "ms": ms, **about}
    log.info("%s %s %d", request.method, ROUTE, status, extra=told)
