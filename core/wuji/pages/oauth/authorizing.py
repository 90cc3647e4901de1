"""The authorization endpoint: a program asks, a person logs in and decides, the program gets a code or is told no."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AccessDeniedError, InvalidRequestError
from authlib.oidc.core.errors import ConsentRequiredError, LoginRequiredError
from flask import Blueprint, Response, request

from wuji.identity.factors.services.entering import can_prove_more
from wuji.identity.oauth.claims import subject
from wuji.identity.oauth.params import read_params
from wuji.identity.oauth.scopes import text_keys
from wuji.identity.oauth.services.asking import Asked, RefusedAskError, read_ask
from wuji.identity.oauth.services.consents import (
    find_proven,
    give_consent,
    is_allowed,
    issue_code,
    list_places,
)
from wuji.identity.oauth.services.keys import read_own
from wuji.identity.oauth.services.pushing import URN, take_pushed
from wuji.identity.oauth.services.tokens import resource
from wuji.kit.deployment import Deployment
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call, deployment, open_call
from wuji.kit.problem import Problem
from wuji.pages.oauth.entering import ask_who
from wuji.pages.oauth.forms import Carried, carry, demand_form, page, sent_on, uncarry

oauth_pages = Blueprint("oauth_pages", __name__, template_folder="../templates")
AUTHORIZE = "/oauth/authorize"
DESCRIBED = "identity."


@oauth_pages.route(AUTHORIZE, methods=["GET", "POST"])
def authorize() -> Response:
    """A program's request comes by address or by form (OpenID Connect Core, 3.1.2.1), or comes back from the login page."""
    made = deployment()
    try:
        given = read_params(request.form if request.method == "POST" else request.args)
    except OAuth2Error as error:
        raise Problem("identity.oauth_bad_request", 400, said=error.description) from error
    # A cookie is not sent with another site's form, but with the address that follows; and what was pushed works once, but the
    # address that follows as often as somebody reloads the page.
    if request.method == "POST" or is_pushed(given):
        return sent_on(f"{AUTHORIZE}?{urlencode({'continue': carry(made, begun(made, given))})}")
    carried = uncarry(made, given["continue"]) if "continue" in given else begun(made, given)
    return decided(made, carried)


def begun(made: Deployment, params: Mapping[str, str]) -> Carried:
    at = int(made.clock().timestamp())
    return Carried(take_pushed(made, params), at, pushed=True) if is_pushed(params) else Carried(dict(params), at)


def is_pushed(params: Mapping[str, str]) -> bool:
    return params.get("request_uri", "").startswith(URN)


def decided(made: Deployment, carried: Carried) -> Response:
    """The next step: logging in, deciding, or going back with an answer."""
    with open_call("public", None) as call:
        try:
            asked = read_ask(call.session, made.seal, carried.params, resource(made), pushed=carried.pushed)
            if not call.actor.account_id or wants_login(call, asked, carried):
                return to_login(made, carried, asked)
            if not is_allowed(call.session, asked) or "consent" in asked.prompts:
                return consent_page(call, carried, asked)
        except RefusedAskError as refused:
            return answer(made, refused.answer_to, refused.state, error=refused.error)
    return code_for(made, asked)


def wants_login(call: Call, asked: Asked, carried: Carried) -> bool:
    """Whether whoever is logged in must prove themselves again, or be another one than the program expects."""
    moment = call.deployment.clock()
    if asked.wants_login(find_proven(call.session), moment, since=carried.asked_again):
        return True
    if asked.two_factors and not carried.again and can_prove_more(call.session, call.deployment.seal):
        return True
    if asked.id_token_hint is None:
        return False
    hint, client = read_own(call.deployment, asked.id_token_hint), asked.client
    if hint is None or hint.get("aud") != client.client_id:
        raise RefusedAskError(asked.answer_to, asked.state, InvalidRequestError("id_token_hint is none of ours."))
    other = hint.get("sub") != subject(call.deployment.seal, client.metadata, client.tenant_id, call.actor.account_id)
    if other and carried.again:  # they were asked, and are somebody else
        raise RefusedAskError(asked.answer_to, asked.state, LoginRequiredError())
    return other


def to_login(made: Deployment, carried: Carried, asked: Asked) -> Response:
    if "none" in asked.prompts:
        raise RefusedAskError(asked.answer_to, asked.state, LoginRequiredError())
    return ask_who(made, carried)


def consent_page(call: Call, carried: Carried, asked: Asked) -> Response:
    """Who asks, for what, for how long, and where it may act."""
    if "none" in asked.prompts:
        raise RefusedAskError(asked.answer_to, asked.state, ConsentRequiredError())
    made = call.deployment
    say = made.texts.say
    locale = read_locale(request)
    return page(
        made,
        "consent",
        sends_to=asked.answer_to,
        request=carry(made, carried),
        client=asked.client.metadata.called(locale),
        owner=asked.client.tenant_name,
        host=urlsplit(asked.answer_to).netloc or urlsplit(asked.answer_to).scheme,
        links={name: getattr(asked.client.metadata, f"{name}_uri") for name in ("policy", "tos")},
        wants=[say(locale, DESCRIBED + key) for key in text_keys(asked.scopes)],
        offline="offline_access" in asked.scopes,
        places=list_places(call.session, asked.client.id),
        person=call.actor.account_name,
    )


@oauth_pages.post("/oauth/consent")
def decide() -> Response:
    """Fields: request, decision (allow or deny), tenant (a code, or empty)."""
    made = deployment()
    demand_form(made, "consent")
    carried = uncarry(made, request.form.get("request", ""))
    with open_call("public", None) as call:
        try:
            asked = read_ask(call.session, made.seal, carried.params, resource(made), pushed=carried.pushed)
            if not call.actor.account_id or wants_login(call, asked, carried):
                return to_login(made, carried, asked)
        except RefusedAskError as refused:
            return answer(made, refused.answer_to, refused.state, error=refused.error)
        if request.form.get("decision") != "allow":
            return answer(made, asked.answer_to, asked.state, error=AccessDeniedError())
        code = request.form.get("tenant", "")
        place = next((one for one in list_places(call.session, asked.client.id) if one.code == code), None)
        if code and place is None:
            raise Problem("kit.not_found", 404)
        give_consent(call.session, made.seal, asked, place)
        return answer(made, asked.answer_to, asked.state, code=issue_code(call.session, made.seal, asked))


def code_for(made: Deployment, asked: Asked) -> Response:
    """Allowed before: a code at once. A read is never a write, so this has a transaction of its own."""
    with open_call("public", None, writes=True) as call:
        return answer(made, asked.answer_to, asked.state, code=issue_code(call.session, made.seal, asked))


def answer(
    made: Deployment, answer_to: str, state: str | None, *, code: str = "", error: OAuth2Error | None = None
) -> Response:
    """Back to the program, which is told whose answer it is (RFC 9207)."""
    said = {"code": code} if error is None else {"error": error.error, "error_description": error.description}
    params = {**said, "state": state, "iss": made.options.base_url}
    parts = urlsplit(answer_to)
    query = "&".join(filter(None, [parts.query, urlencode({name: value for name, value in params.items() if value})]))
    return sent_on(urlunsplit(parts._replace(query=query)))
