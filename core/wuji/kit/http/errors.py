"""Turns whatever was raised into problem+json (RFC 9457) in the reader's language; nothing leaves as a bare 5xx page."""

import logging
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from wuji.kit.deployment import Deployment
from wuji.kit.http.fields import Said
from wuji.kit.http.locale import read_locale
from wuji.kit.problem import Fault, Problem, forbidden, not_found, unauthenticated
from wuji.kit.texts import Texts

log = logging.getLogger(__name__)
MEDIA = "application/problem+json"
MISSING = re.compile(r"permission ([a-z_.]+) is missing")

# SQLSTATE to problem, where services did not say it better themselves: the database's last word is never a 5xx for
# bad input.
STATES: Mapping[str, tuple[str, int]] = {
    "P0002": ("kit.not_found", 404),
    "28000": ("kit.unauthenticated", 401),
    "23505": ("kit.taken", 409),
    "23503": ("kit.try_again", 409),
    "40001": ("kit.try_again", 409),
    "40P01": ("kit.try_again", 409),
    "23514": ("kit.against_rules", 422),
    "23502": ("kit.against_rules", 422),
    "22003": ("kit.invalid", 422),
    "22007": ("kit.invalid", 422),
    "22008": ("kit.invalid", 422),
    "22009": ("kit.invalid", 422),
    "22P02": ("kit.invalid", 422),
    "22021": ("kit.invalid", 422),
    "57014": ("kit.busy", 503),
    "55P03": ("kit.busy", 503),
    "53300": ("kit.busy", 503),
}
BY_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "method",
    406: "not_acceptable",
    413: "too_large",
    415: "media_type",
    416: "range",
}


def register_errors(app: Flask, deployment: Deployment) -> None:
    """Every error of the app is answered here."""

    def answer(problem: Problem) -> Response:
        return render(deployment, problem)

    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, lambda error: answer(from_http(error)))
    app.register_error_handler(DBAPIError, lambda error: answer(from_database(error)))
    app.register_error_handler(
        PoolTimeoutError, lambda _error: answer(Problem("kit.busy", 503, headers={"Retry-After": "2"}))
    )
    app.register_error_handler(StaleDataError, lambda _error: answer(Problem("kit.changed_meanwhile", 412)))
    app.register_error_handler(Exception, lambda error: answer(unexpected(error)))


def render(deployment: Deployment, problem: Problem) -> Response:
    """Foreign and absent are told apart by nothing here: instance is the request's own path, and the language is not the
    account's, which only a door that opened knows.
    """
    if problem.status == HTTPStatus.NOT_FOUND:
        g.account_locale = None
    locale = read_locale(request)
    body = describe(deployment.texts, locale, problem, request.path)
    headers = {"Content-Language": locale, "Cache-Control": "no-store", **problem.headers}
    return Response(msgspec.json.encode(body), problem.status, headers, mimetype=MEDIA)


def describe(texts: Texts, locale: str, problem: Problem, path: str) -> dict[str, object]:
    """The members of problem+json."""
    feature, _, name = problem.slug.partition(".")
    body: dict[str, object] = {
        "type": f"urn:wuji:problem:{problem.slug}",
        "title": texts.say(locale, f"{feature}.problem.{name}.title", problem.params),
        "status": problem.status,
        "detail": texts.say(locale, f"{feature}.problem.{name}.detail", problem.params),
        "instance": path,
    }
    body |= problem.members
    if problem.faults:
        body["errors"] = [{"pointer": f.pointer, "message": texts.say(locale, f.key, f.params)} for f in problem.faults]
    return body


def from_http(error: HTTPException) -> Problem:
    """What Flask, Werkzeug or webargs refused."""
    status = error.code or 500
    data = getattr(error, "data", None)
    if status == HTTPStatus.UNPROCESSABLE_ENTITY and isinstance(data, dict):  # webargs: it does not validate
        return Problem("kit.invalid", 422, faults=list(faults(data.get("messages", {}))))
    name = BY_STATUS.get(status, "bad_request" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "unexpected")
    headers = {k: v for k, v in error.get_headers() if k in {"Allow", "Content-Range", "Retry-After"}}
    return Problem(f"kit.{name}", status, headers=headers)


def faults(messages: Mapping[str, Any]) -> Iterator[Fault]:
    """webargs' messages by location: of a body as JSON pointers, of a query as `?name`."""
    for location, tree in messages.items():
        for path, message in _leaves(tree):
            where = "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path if part != "_schema")
            pointer = f"?{where}" if location == "query" else f"#/{where}" if where else "#"
            key, params = (str(message), message.params) if isinstance(message, Said) else ("kit.invalid.value", {})
            yield Fault(pointer, key, params)


def _leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(tree, dict):
        for name, below in tree.items():
            yield from _leaves(below, (*path, name))
    else:
        yield from ((path, message) for message in tree)


def from_database(error: DBAPIError) -> Problem:
    """What PostgreSQL refused."""
    state = getattr(error.orig, "sqlstate", None) or ""
    if state == "42501":
        missing = MISSING.search(str(error.orig))
        return forbidden(missing[1]) if missing and getattr(g, "held", False) else not_found()
    if state == "28000":
        return unauthenticated()
    if state in STATES:
        slug, status = STATES[state]
        return Problem(
            slug, status, headers={"Retry-After": "1"} if status in {409, 503} and slug != "kit.taken" else None
        )
    if isinstance(error, OperationalError):
        log.error("database: %s", error.orig)
        return Problem("kit.busy", 503, headers={"Retry-After": "5"})
    return unexpected(error)


def unexpected(error: Exception) -> Problem:
    """A fault of ours: the reader gets a number to name, the log gets the rest."""
    log.error("unexpected error in request %s", g.get("request_id"), exc_info=error)
    return Problem("kit.unexpected", 500, request_id=g.get("request_id", ""))
