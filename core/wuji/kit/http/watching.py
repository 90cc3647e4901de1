"""What an operator's monitoring sees of web: a line in the log for every answer, and /metrics."""

import hmac
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from http import HTTPStatus
from time import perf_counter

from flask import Flask, Response, abort, g, request
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from wuji.kit.deployment import Deployment
from wuji.kit.metrics import MEDIA, REQUEST_SECONDS, REQUESTS, exposed, watch
from wuji.kit.tracing import span

log = logging.getLogger("wuji.request")
QUIET = {"/healthz/live", "/healthz/ready", "/metrics"}  # asked every few seconds by programs
WATCHED = text("select name, label, value from wuji.watched(:seal)")
# Of the whole deployment, by the name that the database gives and the label it has there.
DEPLOYMENT = {
    "consumer_unread": ("Journal records that a consumer has not read, 1,001 at most.", "consumer"),
    "consumer_lag_seconds": ("Age of the oldest record that a consumer has not read.", "consumer"),
    "consumer_set_aside": ("Records that a consumer could not handle.", "consumer"),
    "consumer_paused": ("1 where somebody paused it.", "consumer"),
    "jobs": ("Jobs by state; those that failed wait for somebody to look.", "state"),
    "sessions": ("Logins that hold.", ""),
    "seal_age_seconds": ("Since a record of the journal was last sealed.", ""),
    "last_backup_timestamp_seconds": ("When the last backup was taken, since 1970; 0: never.", ""),
}
NOWHERE = "(none)"  # an address that no route has: whatever somebody typed, it is one label


class _Asked(Collector):
    """Numbers of this moment. The library's own gauges would keep them in the folder that web's processes count into, and tell
    them once more for each process that was ever asked.
    """

    def __init__(self, families: Sequence[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> Sequence[GaugeMetricFamily]:
        return self._families


def register_watching(app: Flask, deployment: Deployment) -> None:
    """Counts, logs and traces every answer by its route. Neither the address nor the query is written: both may hold what a
    person looked for.
    """
    watch(deployment.engine)

    @app.before_request
    def _begin() -> None:
        g.began = perf_counter()
        if _route() not in QUIET:
            _trace(deployment)

    @app.after_request
    def _end(response: Response) -> Response:
        took = perf_counter() - g.get("began", perf_counter())
        route = _route()
        REQUESTS.labels(request.method, route, response.status_code).inc()
        REQUEST_SECONDS.labels(route).observe(took)
        if route not in QUIET:
            _say(route, response.status_code, took)
        if traced := g.get("span"):
            failed = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
            traced.tell({"http.response.status_code": response.status_code}, failed=failed)
        return response

    @app.teardown_request
    def _end_span(_error: BaseException | None) -> None:
        if held := g.pop("tracing", None):
            held.close()

    @app.get("/metrics")
    def metrics() -> Response:
        wanted = deployment.options.metrics_token
        given = request.headers.get("Authorization", "")
        if not wanted or not hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
            abort(404)  # whoever does not watch this deployment learns nothing, not even that it is watched
        return Response(exposed(_deployment(deployment)), content_type=MEDIA)


def _say(route: str, status: int, seconds: float) -> None:
    told = {"method": request.method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    log.info("%s %s %d", request.method, route, status, extra=told)


def _route() -> str:
    return request.url_rule.rule if request.url_rule else NOWHERE


def _trace(deployment: Deployment) -> None:
    """Goes on in the trace of whoever asks only where a proxy of the operator's says so: visitors must not name traces."""
    route = _route()
    after = request.headers.get("traceparent") if deployment.options.trusted_proxies else None
    said = {"http.request.method": request.method, "http.route": route}
    g.tracing = ExitStack()
    g.span = g.tracing.enter_context(span(f"{request.method} {route}", "server", after=after, said=said))


def _deployment(deployment: Deployment) -> Collector:
    """Asked of the database now. While it does not answer, what web counted is shown all the same."""
    try:
        with deployment.engine.connect() as connection:
            rows = connection.execute(WATCHED, {"seal": deployment.seal.over("watched")}).all()
    except SQLAlchemyError:
        log.exception("the database cannot be watched")
        return _Asked([_up(0)])  # what cannot be known must not read 0
    families = {
        name: GaugeMetricFamily(f"wuji_{name}", said, labels=[label] if label else [])
        for name, (said, label) in DEPLOYMENT.items()
    }
    for name, label, value in rows:
        if value is not None:  # nothing was ever sealed
            families[name].add_metric([label] if label else [], value)
    return _Asked([_up(1), *families.values()])


def _up(value: int) -> GaugeMetricFamily:
    return GaugeMetricFamily("wuji_database_up", "Whether PostgreSQL answers.", value=value)
