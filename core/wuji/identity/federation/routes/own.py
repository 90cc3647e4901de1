"""By what else a person is known: linked by their own act, unlinked, listed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from wuji.identity.federation.routes.browser import find_browser, put_browser
from wuji.identity.federation.routes.feature import feature
from wuji.identity.federation.schemas import ExternalIdentitiesOut, LinkBeginIn, LinkBeginOut
from wuji.identity.federation.services.coming import list_own, send, unlink
from wuji.identity.federation.services.providers import find_provider
from wuji.kit.http.request import Call
from wuji.kit.http.route import write
from wuji.kit.problem import Problem
from wuji.plugin.logins import LoginFailedError

ALL = "/me/external-identities"
PAGE = "/me"


@feature.route("GET", ALL, permission="account", answer=ExternalIdentitiesOut)
def list_external_identities(call: Call) -> Mapping[str, Any]:
    """Identity systems that one's account is linked to."""
    return {"items": list_own(call.session)}


@feature.route("POST", ALL, permission="account", body=LinkBeginIn, answer=LinkBeginOut, secret=True)
def begin_linking(call: Call, asked: Mapping[str, Any]) -> Response:
    """Where the browser goes to prove who its person is there; on the way back it is linked."""
    made = call.deployment
    if call.actor.session_id is None:
        raise Problem("kit.not_found", 404)
    provider, browser = find_provider(call.session, made.seal, asked["provider_id"]), find_browser(made)
    try:
        address = send(call.session, made, provider, browser, PAGE, linking=True)
    except LoginFailedError as error:
        raise Problem("identity.provider_failed", 502, provider=provider.name, said=str(error)) from error
    return put_browser(made, write({"address": address}, 200), browser)


@feature.route("DELETE", f"{ALL}/<uuid:external_identity_id>", permission="account")
def unlink_external_identity(call: Call, external_identity_id: UUID) -> None:
    """Log in with it no more. The last way in stays."""
    unlink(call.session, call.deployment.seal, external_identity_id)
