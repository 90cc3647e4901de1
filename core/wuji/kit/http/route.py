"""How a feature serves: one typed call per route. The wrapper checks the origin, opens the door, asks for the
permission, parses,
remembers repeated calls, and writes the answer; the function below it says only what the route is about.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal, TypedDict, Unpack

import msgspec
from flask import Response, request
from flask_smorest import Api, Blueprint
from marshmallow import RAISE, Schema

from wuji.kit.buckets import Rate
from wuji.kit.http import idempotency
from wuji.kit.http.body import BodyParser
from wuji.kit.http.columns import List
from wuji.kit.http.csrf import SAFE, check_origin
from wuji.kit.http.etag import etag, tag_of
from wuji.kit.http.limits import UNSAFE, UPLOADS, limit, limit_address
from wuji.kit.http.proving import OPEN, demand_proven
from wuji.kit.http.request import Call, deployment, open_call, program_token, session_token
from wuji.kit.http.upload import Judge, Upload, receive
from wuji.kit.problem import Problem, forbidden, not_found
from wuji.kit.sensitive import root_allows

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
PREFIX = "/api/v1"
FILE = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
APIDOC = "_apidoc"  # where flask-smorest keeps what its decorators say of a function
ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True)
class Answer:
    """A payload with what goes around it. A payload of None is an empty body (204).

    `tagged` is for what browsers ask again and again: whoever has this very answer already (If-None-Match) is told so (304).
    """

    payload: object
    version: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    tagged: bool = False
    status: int | None = None  # where it is another than the route's own, one that the route names


Handler = Callable[..., object]


@dataclass(frozen=True)
class Asked:
    """What a route asks of its caller, and of the place."""

    permission: str
    plugin: str | None
    rate: Rate | None = None  # how often one caller may
    sensitive: str | None = None  # what the root must allow
    device: bool = False  # a device may, with its token
    most: int | None = None  # bytes of a body
    step_up: bool = False  # a fresh proof of who asks


class Terms(TypedDict, total=False):  # what a route may ask beside a permission
    rate: Rate | None
    sensitive: str | None
    device: bool
    most: int | None
    step_up: bool


class Feature:
    """The routes of one feature, or of one plugin."""

    lists: list[List]  # filled by serve_list; assembly registers them
    paths: list[str]  # of its routes, below /api/v1
    sensitive: set[str]  # features of plugin.toml that its routes ask the root for

    def __init__(self, name: str, *, plugin: str | None = None) -> None:
        self.name = name
        self.plugin = plugin
        self.blueprint = Blueprint(name, name, url_prefix=PREFIX)
        self.blueprint.ARGUMENTS_PARSER = BodyParser()
        self.lists = []
        self.paths = []
        self.sensitive = set()

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
        also: int | None = None,
        secret: bool = False,
        protocol: bool = False,
        upload: Callable[[Call], Judge] | None = None,
        tenant_in_query: bool = False,
        **terms: Unpack[Terms],
    ) -> Callable[[Handler], Handler]:
        """Serves a function at a path below /api/v1. `permission` is a permission's name, `account` (anybody with a session) or
        `public`; the function gets call, query, body, path by name. `secret` answers are never kept for Idempotency-Key,
        `protocol` routes ask for no request header. With `upload` the body is a file of any size up to what its judge says: it
        lies on the disk before the function's transaction begins, and the function gets it as `upload`. `tenant_in_query`: the
        acting tenant's code is there. `also` is a second status, of the same form. `rate`: how often one caller may, where it is
        not what is usual. `sensitive`: what the root must allow. `device`: a device's token counts. `most`: bytes of a body.
        `step_up`: only of somebody who was proven a short while ago, by their second factor where they have one.
        """
        terms.setdefault("rate", _usual_rate(method, permission, upload))
        asked = Asked(permission, self.plugin, **terms)

        def wrap(handler: Handler) -> Handler:
            code = status or (HTTPStatus.OK if answer else HTTPStatus.NO_CONTENT)
            inner = _parsing(self.blueprint, handler, code, query=query, body=body, answer=answer)
            at = _in_query if tenant_in_query else _in_path
            view = _view(inner, method, asked, secret=secret, protocol=protocol, upload=upload, tenant=at)
            _name(view, handler, inner)
            view = self.blueprint.alt_response(also, schema=answer)(view) if also else view
            self._serve(method, path, self._documented(view, asked, FILE if upload else {}))
            return handler

        return wrap

    def _documented(self, view: Handler, asked: Asked, more: Mapping[str, Any]) -> Handler:
        doc = {"operationId": view.__name__, "x-permission": asked.permission, "tags": [self.name], **more}
        held = {"x-plugin": asked.plugin, "x-sensitive": asked.sensitive, "x-device": asked.device}
        held |= {"x-step-up": asked.step_up}
        doc |= {name: value for name, value in held.items() if value}
        documented: Handler = self.blueprint.doc(**doc)(view)
        self.sensitive |= {asked.sensitive} if asked.sensitive else set()
        return documented

    def _serve(self, method: Method, path: str, view: Handler) -> None:
        self.blueprint.route(path, methods=[method], endpoint=view.__name__)(view)
        self.paths.append(path)

    def register(self, api: Api) -> None:
        api.register_blueprint(self.blueprint)


def _name(view: Handler, handler: Handler, inner: Handler) -> None:
    """The document names and describes a route by its function, and knows what its decorators said."""
    view.__name__, view.__doc__ = handler.__name__, handler.__doc__
    setattr(view, APIDOC, getattr(inner, APIDOC, {}))


def _view(
    inner: Callable[..., Response],
    method: Method,
    asked: Asked,
    *,
    secret: bool,
    protocol: bool,
    upload: Callable[[Call], Judge] | None,
    tenant: Callable[[dict[str, Any]], str | None],
) -> Callable[..., Response]:
    def view(**path_values: Any) -> Response:
        tenant_code = tenant(path_values)
        rate = _count_early(asked.rate)
        unsafe = method not in SAFE
        if unsafe:
            _arrive(asked, whole=upload is None, protocol=protocol)
        with (
            _received(upload, asked, tenant_code, rate) as file,
            open_call(asked.permission, tenant_code, device=asked.device) as call,
        ):
            demand(call, asked)
            if secret and call.actor.scopes is not None:  # passwords and sessions are between a person and us
                raise Problem("kit.not_for_programs", 403)
            if rate and not upload:
                limit(call, rate)
            given = {**path_values, "upload": file} if file else path_values
            key = idempotency.read_key(request) if unsafe and not secret and call.actor.account_id else None
            sent = file.sha256 if file else b""
            kept = idempotency.replay(call.session, request, key, sent or request.get_data()) if key else None
            if kept:
                return kept
            response = inner(call=call, **given)
            if key:
                call.session.flush()
                idempotency.keep(call.session, key, response)
        return response

    return view


def _arrive(asked: Asked, *, whole: bool, protocol: bool) -> None:
    """Before a transaction begins: a slow sender must not hold one open. Raises 413, or 403 where another site's form asks."""
    if asked.most:
        request.max_content_length = asked.most
    if whole:
        request.get_data()
    cookie_counts = not program_token(request) and (not asked.device or session_token(deployment(), request))
    if not protocol and cookie_counts:
        check_origin(request)


def _usual_rate(method: Method, permission: str, upload: Callable[[Call], Judge] | None) -> Rate | None:
    if permission == "public":
        return None if method in SAFE else UNSAFE
    return UPLOADS if upload else None


def _count_early(rate: Rate | None) -> Rate | None:
    """Whoever brings no session is counted before anything is read or opened for them. Returns what is still to be counted."""
    if rate is None or rate.by != "address" or session_token(deployment(), request):
        return rate
    limit_address(deployment(), rate)
    return None


def _in_path(values: dict[str, Any]) -> str | None:
    code: str | None = values.pop("tenant_code", None)
    return code


def _in_query(_values: dict[str, Any]) -> str | None:
    return request.args.get("tenant")


@contextmanager
def _received(
    upload: Callable[[Call], Judge] | None, asked: Asked, tenant_code: str | None, rate: Rate | None
) -> Iterator[Upload | None]:
    """A file that is sent, on the disk; only of somebody who may send one. Between two transactions, not inside one."""
    if upload is None:
        yield None
        return
    with open_call(asked.permission, tenant_code) as call:
        demand(call, asked)
        if rate:
            limit(call, rate)
        judge = upload(call)
    with receive(request, call.deployment.options.files_dir, judge) as file:
        yield file


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


def demand(call: Call, asked: Asked) -> None:
    """403 names what is missing, but only to somebody who holds anything there; everybody else learns nothing (404).

    Where a plugin is not active its routes are not there, for nobody; nor are those that the root does not allow.
    """
    if asked.plugin and not call.deployment.active(call.session, asked.plugin):
        raise not_found()
    if asked.sensitive and not root_allows(call.session, asked.sensitive):
        raise not_found()
    if asked.permission not in OPEN and not call.actor.may(asked.permission):
        raise forbidden(asked.permission) if call.actor.held else not_found()
    demand_proven(call, asked.permission, step_up=asked.step_up)


def write(result: object, code: int) -> Response:
    """The answer as JSON bytes; rows, UUIDs and times are msgspec's business."""
    if isinstance(result, Response):
        return result
    made = result if isinstance(result, Answer) else Answer(result)
    headers, code = dict(made.headers), made.status or code
    if made.version is not None:
        headers["ETag"] = etag(made.version)
    if made.payload is None:
        return Response(status=HTTPStatus.NO_CONTENT if code == HTTPStatus.OK else code, headers=headers)
    body = ENCODER.encode(made.payload)
    if made.tagged:
        headers["ETag"] = tag_of(body)
        if request.if_none_match.contains_weak(headers["ETag"][3:-1]):
            return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, code, headers, mimetype="application/json")
