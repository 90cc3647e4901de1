"""`/login/with/<provider>` and the way back: logging in with an identity system that a place already has."""

import logging
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from flask import Blueprint, Response, request

from wuji.identity.devices import name_device
from wuji.identity.factors.services.entering import FEDERATED, Proof, enter
from wuji.identity.federation.routes.browser import find_browser, put_browser
from wuji.identity.federation.services.coming import Coming, is_vouched, known_as, link, party_of, send, take
from wuji.identity.federation.services.oidc import Who
from wuji.identity.federation.services.providers import Provider, find_provider
from wuji.identity.routes.session import LOGIN, put_cookie
from wuji.kit.deployment import Deployment
from wuji.kit.http.limits import limit_address
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import deployment, open_call
from wuji.kit.problem import Problem
from wuji.pages.oauth.forms import sent_on
from wuji.plugin.logins import LoginDeniedError, LoginFailedError

log = logging.getLogger(__name__)
federation_pages = Blueprint("federation_pages", __name__)
MOST = 9000  # characters of a target: a program's whole request may be on its way
MOST_GIVEN = 4000  # of a parameter that a provider sends back


def is_ours(target: str) -> bool:
    """A path of this deployment: nothing that a browser could take for another site's address."""
    parts = urlsplit(target)
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return plain and len(target) <= MOST and target.isascii() and target.isprintable() and "\\" not in target


@federation_pages.get("/login/with/<uuid:login_provider_id>")
def go(login_provider_id: UUID) -> Response:
    """To the provider. `target`: the path of ours where the person wants to be afterwards; `fresh`: they log in there anew."""
    made, target = deployment(), request.args.get("target", "")
    limit_address(made, LOGIN)
    target, browser = target if is_ours(target) else "", find_browser(made)
    with open_call("public", None, writes=True) as call:
        provider = find_provider(call.session, made.seal, login_provider_id)
        try:
            address = send(call.session, made, provider, browser, target, fresh="fresh" in request.args)
        except LoginFailedError as error:
            return failed(provider, target, error)
    return put_browser(made, sent_on(address), browser)


@federation_pages.get("/login/back/<uuid:login_provider_id>")
def come_back(login_provider_id: UUID) -> Response:
    """With what the provider says, once. Whoever took too long begins again, and still comes to where they wanted."""
    made = deployment()
    limit_address(made, LOGIN)
    given = {name: value[:MOST_GIVEN] for name, value in request.args.items()}
    if any(len(request.args.getlist(name)) > 1 for name in given):
        return said("external_failed", "")
    with open_call("public", None, writes=True) as call:
        provider = find_provider(call.session, made.seal, login_provider_id)
        coming = take(call.session, made, provider.id, given.get("state", ""), find_browser(made))
    if coming is None:
        return said("external_over", "")
    if not coming.fresh:
        again = urlencode({"target": coming.target})
        return sent_on("/me?said=external_over" if coming.account_id else f"/login/with/{provider.id}?{again}")
    if "error" in given:
        log.info("provider %s refuses: %s", provider.id, ascii(given["error"][:60]))
        word = "external_refused" if given["error"] == "access_denied" else "external_failed"
        return said(word, coming.target, linking=coming.account_id is not None)
    try:
        who = party_of(made, provider).finish(given, coming.kept)
    except LoginFailedError as error:
        return failed(provider, coming.target, error, linking=coming.account_id is not None)
    return linked(made, provider, coming, who) if coming.account_id else entered(made, provider, coming, who)


def linked(made: Deployment, provider: Provider, coming: Coming, who: Who) -> Response:
    """By whoever wanted it, while they are still logged in."""
    try:
        with open_call("public", None, writes=True) as call:
            if call.actor.account_id != coming.account_id or call.actor.session_id is None:
                return said("external_over", "", linking=True)
            link(call.session, made.seal, provider, who)
    except Problem as problem:
        return said(problem.slug.removeprefix("identity."), "", linking=True)
    return sent_on("/me?said=external_linked")


def entered(made: Deployment, provider: Provider, coming: Coming, who: Who) -> Response:
    """With a new session; with a second step before it where the person has set one up."""
    device = name_device(request.headers.get("User-Agent", ""))
    try:
        with open_call("public", None, writes=True) as call:
            account_id = known_as(call.session, made, provider, who, read_locale(request))
            is_strong = is_vouched(call.session, made.seal, provider, who, account_id)
            proof = Proof(FEDERATED, who.at, is_strong)
            token = enter(call.session, made, account_id, device, proof)
    except Problem as problem:
        if problem.slug == "identity.factor_needed":
            way = f"/login?{urlencode({'next': coming.target})}#{problem.members['continuation']}"
            return sent_on(way)
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        return said(problem.slug.removeprefix("identity."), coming.target)
    with open_call("public", None) as call:
        return put_cookie(call, sent_on(coming.target or "/login?said=external_in"), token)


def failed(provider: Provider, target: str, error: LoginFailedError, *, linking: bool = False) -> Response:
    """The log has what is wrong; the person is told that it is not their fault."""
    if isinstance(error, LoginDeniedError):
        return said("external_refused", target, linking=linking)
    log.warning("provider %s: %s", provider.id, error)
    return said("external_failed", target, linking=linking)


def said(word: str, target: str, *, linking: bool = False) -> Response:
    """Back to where somebody chose how to log in, which says in words what became of it."""
    if linking:
        return sent_on(f"/me?said={word}")
    params = {"said": word, **({"next": target} if target else {})}
    return sent_on(f"/login?{urlencode(params)}")
