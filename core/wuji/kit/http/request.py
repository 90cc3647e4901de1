"""The way of one request: who asks (cookie), where (tenant in the URL), in which transaction, and what is left behind
afterwards.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, Request, Response, current_app, g, request
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug import Request as BareRequest
from werkzeug.routing import RequestRedirect

from wuji.kit.crypto import is_of_device, is_of_program
from wuji.kit.db.doors import Actor, Door, by_bearer, by_bound, by_public, by_session
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.http.csrf import SAFE
from wuji.kit.http.fields import CODE
from wuji.kit.http.proof import ALGORITHMS, ProofError, demand_key
from wuji.kit.logs import begin, note
from wuji.kit.problem import Problem, not_found

NO_SESSION, NO_TENANT = "28000", "P0002"
BEARER, DPOP = "bearer", "dpop"
SCOPE_READ, SCOPE_WRITE = "api:read", "api:write"  # OAuth's
REQUEST_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


# Who had a code before and has another one now; not while it or anything above it is suspended.
SUCCESSOR = text("""
  select n.code from wuji.tenant_code o join wuji.tenant_code n on n.tenant_id = o.tenant_id and n.valid_to is null
    join wuji.tenant t on t.id = o.tenant_id
   where o.code = :code and o.valid_to is not null
     and (select count(*) from wuji.tenant a where a.id = any(t.ancestors) and a.state = 'active') = cardinality(t.ancestors)
   order by o.valid_to desc, o.id desc limit 1""")


@dataclass(frozen=True)
class Call:
    """What a route works with: who asks, and the one transaction of this request."""

    actor: Actor
    session: ScopedSession
    deployment: Deployment


def deployment() -> Deployment:
    """The deployment that serves this request."""
    found: Deployment = current_app.extensions["wuji"]
    return found


def cookie_name(options_base_url: str, port: int) -> str:
    """`__Host-` binds the cookie to this host over https; over plain http on loopback the port keeps two deployments
    apart.
    """
    return "__Host-wuji" if options_base_url.startswith("https:") else f"wuji-{port}"


def request_id(asked: BareRequest) -> str:
    """What it is called in the log: as a proxy before us calls it, or by a new name."""
    given = asked.headers.get("X-Request-Id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def session_token(made: Deployment, asked: Request) -> str | None:
    """The session cookie's value; a cookie never counts beside an Authorization header."""
    if "Authorization" in asked.headers:
        return None
    token = asked.cookies.get(cookie_name(made.options.base_url, made.options.port))
    return token if token and not is_of_device(token) and not is_of_program(token) else None  # an empty one is none


def given_token(asked: Request) -> tuple[str, str]:
    """The scheme in lower case, and what stands after it; both empty without an Authorization header."""
    scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
    return scheme.lower(), token.strip()


def bearer_token(asked: Request) -> str | None:
    """A device's token (RFC 6750); None where the header holds anything else."""
    scheme, token = given_token(asked)
    return token if scheme == BEARER and is_of_device(token) else None


def program_token(asked: Request) -> str | None:
    """The access token of a program that acts for somebody; None where the header holds anything else."""
    scheme, token = given_token(asked)
    return token if scheme in {BEARER, DPOP} and is_of_program(token) else None


def challenge(error: str = "", *, scope: str = "") -> str:
    """The value of WWW-Authenticate, by the scheme that was tried (RFC 6750, 3; RFC 9449, 7.1); without one by both."""
    said = (f', error="{error}"' if error else "") + (f', scope="{scope}"' if scope else "")
    scheme, _token = given_token(request)
    bound = f'DPoP realm="wuji"{said}, algs="{" ".join(ALGORITHMS)}"'
    if scheme == DPOP:
        return bound
    return f'Bearer realm="wuji"{said}' + ("" if scheme else f", {bound}")


def _nobody() -> Problem:
    """401, with what may be brought."""
    error = "invalid_token" if "Authorization" in request.headers else ""
    return Problem("kit.unauthenticated", 401, headers={"WWW-Authenticate": challenge(error)})


def _demand_scope(actor: Actor) -> None:
    """A program reads with `api:read`, and changes things with `api:write`. Raises 403 (RFC 6750, 3.1)."""
    if actor.scopes is None or SCOPE_WRITE in actor.scopes:
        return
    wanted = SCOPE_READ if request.method in SAFE else SCOPE_WRITE
    if wanted not in actor.scopes:
        said = challenge("insufficient_scope", scope=wanted)
        raise Problem("kit.insufficient_scope", 403, headers={"WWW-Authenticate": said}, scope=wanted)


def _by_program(made: Deployment, token: str, code: str | None) -> Door:
    """Raises 401 where a key is shown that does not fit, or none where the scheme asks for one."""
    if given_token(request)[0] == BEARER:
        return by_bearer(token, code)
    try:
        key = demand_key(made, token)
    except ProofError as error:
        headers = {"WWW-Authenticate": challenge("invalid_dpop_proof")}
        raise Problem("kit.invalid_proof", 401, headers=headers, said=str(error)) from error
    return by_bound(token, code, key)


@contextmanager
def open_call(
    permission: str,
    tenant_code: str | None,
    *,
    anonymous: bool = False,
    device: bool = False,
    writes: bool = False,
) -> Iterator[Call]:
    """Opens the door that fits what the caller brings; raises 401 where the route needs an account and there is none.
    With `anonymous` nobody's session counts: what comes out is the same for everybody. With `device` a device's token
    counts too. `writes`: the protocol asks for it although the method reads.
    """
    made, bearer = deployment(), bearer_token(request) if device else None
    program = None if anonymous else program_token(request)
    token = bearer or program or (None if anonymous else session_token(made, request))
    if tenant_code is not None and not CODE.fullmatch(tenant_code):
        raise not_found()
    if permission != "public" and token is None:
        raise _nobody()
    if program:
        door = _by_program(made, program, tenant_code)
    else:
        door = by_session(token, tenant_code) if token else by_public(tenant_code)
    read_only = request.method in SAFE and not writes
    way = Way(made, tenant_code, optional=permission == "public" and not program, read_only=read_only)
    with _opened(way, door) as session:
        actor = session.actor
        _demand_scope(actor)
        g.held, g.account_locale = actor.held, actor.locale
        note(tenant=actor.tenant_code, actor=str(actor.account_id) if actor.account_id else None)
        yield Call(actor, session, made)
    if token and actor.session_id and not bearer:  # a device's token does not end for want of use
        made.used(made, token, actor)


@dataclass(frozen=True)
class Way:
    """How a call comes in. `optional`: it may come without an account too."""

    made: Deployment
    code: str | None
    optional: bool
    read_only: bool


@contextmanager
def _opened(way: Way, door: Door) -> Iterator[ScopedSession]:
    """A public route serves the holder of an ended session as anybody else, and sends on whoever asks at an old code."""
    try:
        work, session = _enter(way, door)
    except Problem as problem:
        if not way.optional or problem.status != HTTPStatus.UNAUTHORIZED:
            raise
        work, session = _enter(way, by_public(way.code))
    try:
        yield session
    except BaseException as error:
        work.__exit__(type(error), error, error.__traceback__)
        raise
    work.__exit__(None, None, None)


def _enter(way: Way, door: Door) -> tuple[AbstractContextManager[ScopedSession], ScopedSession]:
    """What a door refuses is an answer, not a fault: 401 without a live session, 404 without an open tenant."""
    work = way.made.work(door, read_only=way.read_only)
    try:
        return work, work.__enter__()
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", "")
        if state == NO_SESSION:
            raise _nobody() from error
        if state != NO_TENANT:
            raise
        if way.optional and way.read_only and way.code:
            send_on(way.made, way.code)
        raise not_found() from error


def send_on(made: Deployment, code: str) -> None:
    """308 to the same address under the code that the tenant has now; returns where no tenant ever had this one."""
    with made.work(by_public(None), read_only=True) as session:
        now: str | None = session.execute(SUCCESSOR, {"code": code}).scalar()
    if now:
        parts = request.path.split("/")
        if code in parts:
            query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
        else:  # it is the query that names the acting tenant
            asked = [(name, now if name == "tenant" else value) for name, value in request.args.items(multi=True)]
            query = f"?{urlencode(asked)}"
        raise RequestRedirect("/".join(now if part == code else part for part in parts) + query)


def register_request(app: Flask) -> None:
    """A number for every request, and headers that every answer has."""

    @app.before_request
    def _number() -> None:
        g.request_id = request_id(request)
        begin(request=g.request_id)

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        response.headers.setdefault("Cache-Control", "no-store")
        return response
