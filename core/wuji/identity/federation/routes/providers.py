"""Login providers of a tenant over HTTP: set, tried, switched off, removed; and what everybody is offered there."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.identity.federation.routes.feature import feature
from wuji.identity.federation.schemas import (
    LoginOptionsOut,
    LoginProvidersOut,
    ProviderChangeIn,
    ProviderCheckOut,
    ProviderIn,
    ProviderOut,
)
from wuji.identity.federation.services.coming import back_address
from wuji.identity.federation.services.kinds import LoginKinds
from wuji.identity.federation.services.metadata import Directory
from wuji.identity.federation.services.providers import (
    MANAGE,
    OIDC,
    add_provider,
    change_provider,
    get_provider,
    list_options,
    list_providers,
    remove_provider,
)
from wuji.identity.schemas import ReasonIn
from wuji.kit.buckets import Rate
from wuji.kit.http.etag import asked_version
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.kit.problem import Problem
from wuji.plugin.logins import LoginFailedError

ALL = "/tenants/<tenant_code>/login-providers"
ONE = f"{ALL}/<uuid:login_provider_id>"
CHECKS = Rate("login_provider_check", 30, 600, by="account")  # each is a call to somebody else


def shown(call: Call, provider_id: UUID) -> Answer:
    found = get_provider(call.session, provider_id)
    return Answer({**found, "back": back_address(call.deployment, provider_id)}, version=found["version"])


@feature.route("GET", "/tenants/<tenant_code>/login-options", permission="public", answer=LoginOptionsOut)
def list_login_options(call: Call) -> Mapping[str, Any]:
    """What people of a place may log in with beside their password: its own providers and those of the places above it."""
    return {"items": list_options(call.session)}


@feature.route("GET", ALL, permission=MANAGE, answer=LoginProvidersOut)
def list_login_providers(call: Call) -> Mapping[str, Any]:
    """The tenant's own."""
    items = list_providers(call.session)
    shown_ = [{**one, "back": back_address(call.deployment, one["id"])} for one in items]
    return {"items": shown_, "kinds": list(_kinds(call))}


def _kinds(call: Call) -> Iterator[Mapping[str, str]]:
    """Of a plugin the label stands in its own texts."""
    texts, locale = call.deployment.texts, read_locale(request)
    yield {"name": OIDC, "label": texts.say(locale, "identity.login_kind.oidc"), "base": ""}
    for kind in call.deployment.part(LoginKinds).by_name.values():
        feature, _, own = kind.name.rpartition(".")
        label = texts.say(locale, f"{feature or 'identity'}.login_kind.{own}")
        yield {"name": kind.name, "label": label, "base": kind.base}


@feature.route("POST", ALL, permission=MANAGE, body=ProviderIn, answer=ProviderOut, status=201, secret=True)
def add_login_provider(call: Call, asked: Mapping[str, Any]) -> Answer:
    """Let people log in with an identity system; its secret is never shown again."""
    base = call.deployment.part(LoginKinds).base_of(asked["kind"], asked["issuer"])
    return shown(call, add_provider(call.session, call.deployment, {**asked, "issuer": base}))


@feature.route("GET", ONE, permission=MANAGE, answer=ProviderOut)
def show_login_provider(call: Call, login_provider_id: UUID) -> Answer:
    """One of the tenant's own, without its secret."""
    return shown(call, login_provider_id)


@feature.route("PUT", ONE, permission=MANAGE, body=ProviderChangeIn, answer=ProviderOut, secret=True)
def change_login_provider(call: Call, asked: Mapping[str, Any], login_provider_id: UUID) -> Answer:
    """Change it, or switch it off. Its issuer stays: it is what linked accounts hang on."""
    get_provider(call.session, login_provider_id)
    change_provider(call.session, call.deployment, login_provider_id, asked, version=asked_version(request))
    return shown(call, login_provider_id)


@feature.route("DELETE", ONE, permission=MANAGE, body=ReasonIn)
def remove_login_provider(call: Call, asked: Mapping[str, Any], login_provider_id: UUID) -> None:
    """Nobody logs in with it any more."""
    get_provider(call.session, login_provider_id)
    remove_provider(call.session, call.deployment.seal, login_provider_id, reason=asked.get("reason", ""))


@feature.route("POST", f"{ONE}/check", permission=MANAGE, answer=ProviderCheckOut, rate=CHECKS)
def check_login_provider(call: Call, login_provider_id: UUID) -> Mapping[str, Any]:
    """Ask it for its metadata and keys, as the next login will; `fault` says what is wrong."""
    found = get_provider(call.session, login_provider_id)
    if found["kind"] != OIDC:
        raise Problem("identity.login_kind_untried", 409)
    call.session.commit()  # nothing is held while it answers
    directory = call.deployment.part(Directory)
    try:
        said = directory.find(found["issuer"])
        fault = "" if directory.keys(said, None) else "jwks: no key that we know"
    except LoginFailedError as error:
        return {"fault": str(error), "algorithms": [], "pushes": False}
    return {"fault": fault, "algorithms": said.algorithms, "pushes": said.require_pushed_authorization_requests}
