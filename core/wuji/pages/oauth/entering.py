"""Logging in on the way: to a program that asks, or to a device that waits."""

import unicodedata
from http import HTTPStatus
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, request
from marshmallow import ValidationError

from wuji.identity.devices import name_device
from wuji.identity.factors.services.codes import is_of_app
from wuji.identity.factors.services.entering import go_on, log_in
from wuji.identity.factors.services.factors import RECOVERY, TOTP
from wuji.identity.factors.services.passkeys import host_of
from wuji.identity.federation.services.providers import list_options
from wuji.identity.oauth.services.clients import Client, find_client
from wuji.identity.routes.session import LOGIN, put_cookie
from wuji.identity.schemas import LoginIn
from wuji.identity.services.attempts import Attempt
from wuji.kit.deployment import Deployment
from wuji.kit.http.limits import limit_address
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import deployment, open_call
from wuji.kit.problem import Problem
from wuji.pages.oauth.forms import Carried, carry, demand_form, page, sent_on, uncarry

enter_pages = Blueprint("enter_pages", __name__, template_folder="../templates")
PATH = "/oauth/login"
CODE = "user_code"  # of a device; a program's request has none
MOST_CODE = 40  # characters of a code on paper, with what people type between


def ask_who(made: Deployment, carried: Carried) -> Response:
    """To the login page, which leads back to where this was asked."""
    again = msgspec.structs.replace(carried, again=int(made.clock().timestamp()))
    return sent_on(f"{PATH}?{urlencode({'request': carry(made, again)})}")


@enter_pages.get(PATH)
def login_form() -> Response:
    made = deployment()
    return login_page(made, uncarry(made, request.args.get("request", "")))


def login_page(made: Deployment, carried: Carried, *, said: str = "", status: int = 200, login: str = "") -> Response:
    params = carried.params
    with open_call("public", None) as call:
        client = find_client(call.session, made.seal, params.get("client_id", ""))
    if client is None and CODE not in params:
        raise Problem("identity.oauth_unknown_client", HTTPStatus.BAD_REQUEST)
    request_ = carry(made, carried)
    return page(
        made,
        "login",
        status=status,
        sends_to=params.get("redirect_uri", ""),
        request=request_,
        ways=ways_of(client, request_) if client else [],
        passkey=passkey_way(made, carried),
        client=client.metadata.called(read_locale(request)) if client else "",
        login=login or params.get("login_hint", "")[:64],
        said=said,
    )


def ways_of(client: Client, carried: str) -> list[dict[str, str]]:
    """What else people of the program's place may log in with; each leads back to what the program asks for."""
    target = urlencode({"target": f"/oauth/authorize?{urlencode({'continue': carried})}"})
    with open_call("public", client.tenant_code, anonymous=True) as call:
        options = list_options(call.session)
    return [{"name": one["name"], "address": f"/login/with/{one['id']}?{target}"} for one in options]


@enter_pages.post(PATH)
def log_in_by_form() -> Response:
    """Fields: login, password, request. A wrong one is said on the page, and what was typed as login stays."""
    made, carried = received("login")
    typed = {name: request.form.get(name, "") for name in ("login", "password")}
    try:
        token = proven(made, typed)
    except Problem as problem:
        if problem.slug == "identity.factor_needed":
            return factor_page(made, carried, str(problem.members["continuation"]))
        login = unicodedata.normalize("NFC", typed["login"])[:100]
        return login_page(made, carried, said=said_of(made, problem), status=problem.status, login=login)
    return back(made, carried, token)


@enter_pages.post(f"{PATH}/factor")
def go_on_by_form() -> Response:
    """Fields: code (of an app, or on paper), continuation, request. Whoever took too long begins with the password again."""
    made, carried = received("factor")
    code, continuation = request.form.get("code", "")[:MOST_CODE], request.form.get("continuation", "")
    device, address = name_device(request.headers.get("User-Agent", "")), request.remote_addr or ""
    kind = TOTP if is_of_app(code) else RECOVERY
    try:
        with open_call("public", None) as call:
            token = go_on(call.session, made, continuation, address, kind=kind, code=code, device=device)
    except Problem as problem:
        if problem.slug == "identity.factor_over":
            return login_page(made, carried, said=said_of(made, problem), status=problem.status)
        return factor_page(made, carried, continuation, said=said_of(made, problem), status=problem.status)
    return back(made, carried, token)


def received(form: str) -> tuple[Deployment, Carried]:
    """What such a form comes with. Raises Problem where it is none of ours."""
    made = deployment()
    limit_address(made, LOGIN)
    demand_form(made, form)
    return made, uncarry(made, request.form.get("request", ""))


def factor_page(
    made: Deployment, carried: Carried, continuation: str, *, said: str = "", status: int = 200
) -> Response:
    return page(
        made,
        "factor",
        status=status,
        sends_to=carried.params.get("redirect_uri", ""),
        request=carry(made, carried),
        continuation=continuation,
        passkey=passkey_way(made, carried),
        said=said,
    )


def said_of(made: Deployment, problem: Problem) -> str:
    feature, _, name = problem.slug.partition(".")
    return made.texts.say(read_locale(request), f"{feature}.problem.{name}.detail", problem.params)


def back(made: Deployment, carried: Carried, token: str) -> Response:
    """To where somebody was asked who they are, with their new session."""
    with open_call("public", None) as call:
        return put_cookie(call, sent_on(asked_at(made, carried)), token)


def asked_at(made: Deployment, carried: Carried) -> str:
    """Where somebody was asked who they are."""
    if CODE in carried.params:
        return f"/device?{urlencode({CODE: carried.params[CODE]})}"
    return f"/oauth/authorize?{urlencode({'continue': carry(made, carried)})}"


def passkey_way(made: Deployment, carried: Carried) -> str:
    """To the portal's login page, which has the scripts that passkeys need, and back; empty where there can be none."""
    return f"/login?{urlencode({'next': asked_at(made, carried)})}" if host_of(made) else ""


def proven(made: Deployment, typed: dict[str, str]) -> str:
    """The token of a new session. What could be nobody's login or password is wrong like any other. Raises Problem."""
    try:
        asked = LoginIn().load(typed)
    except ValidationError as error:
        raise Problem("identity.login_failed", HTTPStatus.UNAUTHORIZED) from error
    attempt = Attempt(asked["login"], request.remote_addr or "")
    device = name_device(request.headers.get("User-Agent", ""))
    with open_call("public", None) as call:
        return log_in(call.session, made, attempt, asked["password"], device)
