"""Logging in on the way: to a program that asks, or to a device that waits."""

import unicodedata
from http import HTTPStatus
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, request
from marshmallow import ValidationError

from wuji.identity.devices import name_device
from wuji.identity.oauth.services.clients import find_client
from wuji.identity.routes.session import LOGIN, put_cookie
from wuji.identity.schemas import LoginIn
from wuji.identity.services.attempts import Attempt
from wuji.identity.services.sessions import log_in
from wuji.kit.deployment import Deployment
from wuji.kit.http.limits import limit_address
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import deployment, open_call
from wuji.kit.problem import Problem
from wuji.pages.oauth.forms import Carried, carry, demand_form, page, sent_on, uncarry

enter_pages = Blueprint("enter_pages", __name__, template_folder="../templates")
PATH = "/oauth/login"
CODE = "user_code"  # of a device; a program's request has none


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
    return page(
        made,
        "login",
        status=status,
        sends_to=params.get("redirect_uri", ""),
        request=carry(made, carried),
        client=client.metadata.called(read_locale(request)) if client else "",
        login=login or params.get("login_hint", "")[:64],
        said=said,
    )


@enter_pages.post(PATH)
def log_in_by_form() -> Response:
    """Fields: login, password, request. A wrong one is said on the page, and what was typed as login stays."""
    made = deployment()
    limit_address(made, LOGIN)
    demand_form(made, "login")
    carried = uncarry(made, request.form.get("request", ""))
    typed = {name: request.form.get(name, "") for name in ("login", "password")}
    try:
        token = proven(made, typed)
    except Problem as problem:
        feature, _, name = problem.slug.partition(".")
        said = made.texts.say(read_locale(request), f"{feature}.problem.{name}.detail", problem.params)
        login = unicodedata.normalize("NFC", typed["login"])[:100]
        return login_page(made, carried, said=said, status=problem.status, login=login)
    back = {CODE: carried.params[CODE]} if CODE in carried.params else {"continue": carry(made, carried)}
    way = "/device" if CODE in back else "/oauth/authorize"
    with open_call("public", None) as call:
        return put_cookie(call, sent_on(f"{way}?{urlencode(back)}"), token)


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
