"""What an operator's monitoring sees of open pages: counters, and a line in the log when an answer has ended."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter

from werkzeug import Request

from wuji.kit.metrics import LIVE_CLOSED, LIVE_OPEN, LIVE_OPENED, REQUEST_SECONDS, REQUESTS
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
