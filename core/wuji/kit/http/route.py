"""How a feature serves: one typed call per route. The wrapper checks the origin, opens the door, asks for the
permission, parses,
remembers repeated calls, and writes the answer; the function below it says only what the route is about.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

import msgspec
from flask import Response, request
from flask_smorest import Api, Blueprint
from marshmallow import RAISE, Schema

from wuji.kit.http import idempotency
from wuji.kit.http.body import BodyParser
from wuji.kit.http.columns import List
from wuji.kit.http.csrf import SAFE, check_origin
from wuji.kit.http.etag import etag
from wuji.kit.http.request import Call, open_call
from wuji.kit.problem import forbidden, not_found

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Body = dict[str, Any]
PREFIX = "/api/v1"
APIDOC = "_apidoc"  # where flask-smorest keeps what its decorators say of a function
ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True)
class Answer:
    """A payload with what goes around it. A payload of None is an empty body (204)."""

    payload: object
    version: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[..., object]


class Feature:
    """The routes of one feature, or of one plugin."""

    lists: list[List]  # filled by serve_list; assembly registers them

    def __init__(self, name: str, *, plugin: str | None = None) -> None:
        self.name = name
        self.plugin = plugin
        self.blueprint = Blueprint(name, name, url_prefix=PREFIX)
        self.blueprint.ARGUMENTS_PARSER = BodyParser()
        self.lists = []

    def route(
        self,
        method: Method,
        path: str,
        *,
        permission: str,
        answer: type[Schema] | Schema | None = None,
        body: type[Schema] | None = None,
        query: type[Schema] | None = None,
        status: int | None = None,
        secret: bool = False,
        protocol: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Serves a function at a path below /api/v1.

        `permission` is a permission's name, `account` (anybody with a session) or `public`. `secret` answers are never kept
        for Idempotency-Key. `protocol` routes do not ask for the request header. The function gets the call, then the
        parsed query, then the parsed body, then path parameters by name.
        """

        def wrap(handler: Handler) -> Handler:
            code = status or (HTTPStatus.OK if answer else HTTPStatus.NO_CONTENT)
            inner = _parsing(self.blueprint, handler, code, query=query, body=body, answer=answer)
            view = _view(inner, method, permission, secret=secret, protocol=protocol)
            view.__name__, view.__doc__ = handler.__name__, handler.__doc__
            setattr(view, APIDOC, getattr(inner, APIDOC, {}))
            doc = {"operationId": handler.__name__, "x-permission": permission, "tags": [self.name]}
            documented = self.blueprint.doc(**doc, **({"x-plugin": self.plugin} if self.plugin else {}))(view)
            self.blueprint.route(path, methods=[method], endpoint=handler.__name__)(documented)
            return handler

        return wrap

    def register(self, api: Api) -> None:
        api.register_blueprint(self.blueprint)


def _view(
    inner: Callable[..., Response], method: Method, permission: str, *, secret: bool, protocol: bool
) -> Callable[..., Response]:
    def view(**path_values: Any) -> Response:
        tenant_code = path_values.pop("tenant_code", None)
        unsafe = method not in SAFE
        if unsafe:
            request.get_data()  # read before a transaction begins: a slow sender must not hold one open
            if not protocol:
                check_origin(request)
        with open_call(permission, tenant_code) as call:
            demand(call, permission)
            key = idempotency.read_key(request) if unsafe and not secret and call.actor.account_id else None
            kept = idempotency.replay(call.session, request, key) if key else None
            if kept:
                return kept
            response = inner(call=call, **path_values)
            if key:
                call.session.flush()
                idempotency.keep(call.session, key, response)
        return response

    return view


def _parsing(
    blueprint: Blueprint,
    handler: Handler,
    code: int,
    *,
    query: type[Schema] | None,
    body: type[Schema] | None,
    answer: type[Schema] | Schema | None,
) -> Callable[..., Response]:
    def adapted(*parsed: Any, call: Call, **path_values: Any) -> Response:
        return write(handler(call, *parsed, **path_values), code)

    inner: Callable[..., Response] = adapted
    if body:
        inner = blueprint.arguments(body(), location="json")(inner)  # of a class, a new schema would be made each time
    if query:
        inner = blueprint.arguments(query(), location="query", unknown=RAISE)(inner)
    return blueprint.response(code, answer)(inner)


def demand(call: Call, permission: str) -> None:
    """403 names what is missing, but only to somebody who holds anything there; everybody else learns nothing (404)."""
    if permission in {"public", "account"} or call.actor.may(permission):
        return
    raise forbidden(permission) if call.actor.held else not_found()


def write(result: object, code: int) -> Response:
    """The answer as JSON bytes; rows, UUIDs and times are msgspec's business."""
    if isinstance(result, Response):
        return result
    made = result if isinstance(result, Answer) else Answer(result)
    headers = dict(made.headers)
    if made.version is not None:
        headers["ETag"] = etag(made.version)
    if made.payload is None:
        return Response(status=HTTPStatus.NO_CONTENT if code == HTTPStatus.OK else code, headers=headers)
    return Response(ENCODER.encode(made.payload), code, headers, mimetype="application/json")
