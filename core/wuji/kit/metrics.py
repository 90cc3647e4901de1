"""What is counted while serving, in the words of Prometheus. Several processes of one machine count into one folder
(PROMETHEUS_MULTIPROC_DIR, which the supervisor sets), so that whichever is asked answers for all.
"""

import os
from collections.abc import Callable, Mapping
from time import perf_counter

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine, event

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name
MEDIA = CONTENT_TYPE_LATEST
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# Routes and plugins are few; tenants, accounts and addresses are never labels.
REQUESTS = Counter("wuji_requests", "Requests answered.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram("wuji_request_seconds", "Seconds until a request was answered.", ["route"], buckets=SECONDS)
QUERIES = Counter("wuji_queries", "Statements sent to PostgreSQL.")
QUERY_SECONDS = Counter("wuji_query_seconds", "Seconds spent waiting for PostgreSQL.")
CONNECTIONS = Gauge("wuji_connections_used", "Connections in use.", multiprocess_mode="livesum")
PLUGIN_CALLS = Counter("wuji_plugin_calls", "Calls of plugins that use the database.", ["plugin", "hook"])
PLUGIN_FAULTS = Counter("wuji_plugin_faults", "Calls that failed or took too long.", ["plugin", "hook"])
PLUGIN_SECONDS = Counter("wuji_plugin_seconds", "Seconds spent in plugins.", ["plugin", "hook"])
# Of open pages (/live). Why one listens no more: left, gone (its rights), restart, stuck, or cut off by the server.
LIVE_OPEN = Gauge("wuji_live_open", "Pages that listen.", multiprocess_mode="livesum")
LIVE_OPENED = Counter("wuji_live_opened", "Pages that began to listen.")
LIVE_CLOSED = Counter("wuji_live_closed", "Pages that listen no more.", ["reason"])
LIVE_TOLD = Counter("wuji_live_told", "Frames sent to pages that listen.")


def exposed(more: Collector | None = None) -> bytes:
    """Everything that was counted, in Prometheus' text format; `more` is asked now."""
    registry = REGISTRY
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return generate_latest(registry) + (generate_latest(more) if more else b"")


def watch(engine: Engine) -> None:
    """Counts statements and connections of an engine, once however often it is asked for."""
    for name, listener in LISTENERS.items():
        if not event.contains(engine, name, listener):
            event.listen(engine, name, listener)


def _before(connection: Connection, *_rest: object) -> None:
    connection.info["wuji_began"] = perf_counter()


def _after(connection: Connection, *_rest: object) -> None:
    QUERIES.inc()
    QUERY_SECONDS.inc(perf_counter() - connection.info["wuji_began"])


def _out(*_all: object) -> None:
    CONNECTIONS.inc()


def _in(*_all: object) -> None:
    CONNECTIONS.dec()


LISTENERS: Mapping[str, Callable[..., None]] = {
    "before_cursor_execute": _before,
    "after_cursor_execute": _after,
    "checkout": _out,
    "checkin": _in,
}
