"""A program asks for a person (the authorization request): read and checked, before and after it is known where to answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import (
    InvalidRequestError,
    InvalidScopeError,
    UnauthorizedClientError,
)
from authlib.oidc.core.errors import (
    RegistrationNotSupportedError,
    RequestNotSupportedError,
    RequestURINotSupportedError,
)

from wuji.identity.oauth.metadata import CODE, is_registered
from wuji.identity.oauth.scopes import OPENID, in_order, scopes_of
from wuji.identity.oauth.services.clients import Client, find_client
from wuji.kit.db.doors import Seal
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Problem

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # a sha256: of S256, the only method (RFC 9700, 2.1.1), or of a key
PROMPTS = frozenset({"none", "login", "consent", "select_account"})
REFUSED = {
    "request": RequestNotSupportedError,
    "request_uri": RequestURINotSupportedError,
    "registration": RegistrationNotSupportedError,
}
TWO = "urn:wuji:acr:2"
LONG = 1000  # characters of state and nonce


class InvalidTargetError(OAuth2Error):
    """RFC 8707, 2."""

    error = "invalid_target"


@dataclass(frozen=True)
class Asked:
    """What a program asks for. `answer_to` and `state` are where and how it is answered."""

    client: Client
    answer_to: str
    state: str | None
    scopes: Sequence[str]
    challenge: str
    nonce: str | None
    prompts: frozenset[str]
    max_age: timedelta | None
    login_hint: str
    id_token_hint: str | None
    claims: Mapping[str, Any]
    two_factors: bool
    resource: bool
    dpop_jkt: str | None

    @property
    def told(self) -> dict[str, Any]:
        """What tokens must repeat, and how they are made."""
        more = {"resource": self.resource, "dpop_jkt": self.dpop_jkt}
        return {
            "nonce": self.nonce,
            "claims": dict(self.claims),
            **{name: value for name, value in more.items() if value},
        }

    def wants_login(self, auth_time: datetime, moment: datetime, *, since: datetime | None) -> bool:
        """Whether a person who was proven at `auth_time` must prove themselves again. `since`: when they were last asked to."""
        if since and auth_time >= since:
            return False
        if self.prompts & {"login", "select_account"}:
            return True
        return self.max_age is not None and moment - auth_time > self.max_age


class RefusedAskError(Exception):
    """The request is refused, and the program is told where it wants to be answered."""

    def __init__(self, answer_to: str, state: str | None, error: OAuth2Error) -> None:
        super().__init__(error.error)
        self.answer_to, self.state, self.error = answer_to, state, error


def read_ask(
    session: ScopedSession, seal: Seal, params: Mapping[str, str], resource: str, *, pushed: bool = False
) -> Asked:
    """`resource`: the address of our API, the only one that tokens are for. `pushed`: the program sent it beforehand itself.

    Raises Problem where nobody can be told but the person, RefusedAskError where the program can.
    """
    client = find_client(session, seal, params.get("client_id", ""))
    if client is None:
        raise Problem("identity.oauth_unknown_client", 400)
    answer_to = params.get("redirect_uri", "")
    if not is_registered(client.metadata, answer_to):
        raise Problem("identity.oauth_unknown_address", 400, client=client.name)
    state = params.get("state")
    try:
        if client.metadata.require_pushed_authorization_requests and not pushed:
            raise InvalidRequestError("This client is registered to push its requests (RFC 9126).")
        return _read(client, answer_to, state, params, resource)
    except OAuth2Error as error:
        raise RefusedAskError(answer_to, state, error) from error


def _read(client: Client, answer_to: str, state: str | None, params: Mapping[str, str], resource: str) -> Asked:
    _check_form(client, params, resource)
    claims = _read_claims(params.get("claims"))
    wanted = [*params.get("scope", "").split(), *scopes_of(name for names in claims.values() for name in names)]
    scopes = [scope for scope in in_order(wanted) if scope in client.metadata.scopes]
    if not scopes:
        raise InvalidScopeError("None of these scopes can be asked for by this client.")
    prompts = frozenset(params.get("prompt", "").split())
    if prompts - PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise InvalidRequestError("prompt is none, or of login, consent and select_account.")
    return Asked(
        client=client,
        answer_to=answer_to,
        state=state,
        scopes=scopes,
        challenge=params["code_challenge"],
        nonce=params.get("nonce"),
        prompts=prompts,
        max_age=_read_age(params.get("max_age"), client.metadata.default_max_age),
        login_hint=params.get("login_hint", "")[:64],
        id_token_hint=params.get("id_token_hint"),
        claims=claims,
        two_factors=_asks_two(params),
        resource="resource" in params,
        dpop_jkt=params.get("dpop_jkt"),
    )


def _check_form(client: Client, params: Mapping[str, str], resource: str) -> None:
    for name, error in REFUSED.items():
        if name in params:
            raise error(f"{name} is not supported.")
    _check_response(params)
    if CODE not in client.metadata.grant_types:
        raise UnauthorizedClientError("This client is not registered for authorization_code.")
    if params.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(params.get("code_challenge", "")):
        raise InvalidRequestError("PKCE is required: code_challenge with code_challenge_method S256.")
    if params.get("resource", resource) != resource:
        raise InvalidTargetError("There is no such resource.")
    if "dpop_jkt" in params and not CHALLENGE.fullmatch(params["dpop_jkt"]):
        raise InvalidRequestError("dpop_jkt is the base64url of a sha256.")
    if max(len(params.get(name, "")) for name in ("state", "nonce")) > LONG:
        raise InvalidRequestError("state and nonce have 1000 characters at most.")


def _check_response(params: Mapping[str, str]) -> None:
    if "response_type" not in params:
        raise InvalidRequestError("response_type is missing.")
    if params["response_type"] != "code":
        raise OAuth2Error("response_type is code.", error="unsupported_response_type")
    if params.get("response_mode", "query") != "query":
        raise InvalidRequestError("response_mode is query.")


def _read_age(sent: str | None, usual: int | None) -> timedelta | None:
    if sent is None:
        return timedelta(seconds=usual) if usual is not None else None
    if not sent.isascii() or not sent.isdecimal() or len(sent) > 9:  # noqa: PLR2004 - thirty years
        raise InvalidRequestError("max_age is a number of seconds.")
    return timedelta(seconds=int(sent))


def _asks_two(params: Mapping[str, str]) -> bool:
    """Whether the program wishes for two factors (Core, 3.1.2.1): whoever has a second one is asked for it, others go on."""
    return TWO in params.get("acr_values", "").split()


def _read_claims(sent: str | None) -> Mapping[str, Any]:
    """The members that we know (OpenID Connect Core, 5.5)."""
    if sent is None:
        return {}
    try:
        read = msgspec.json.decode(sent, type=dict[str, dict[str, dict[str, Any] | None] | None])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InvalidRequestError("claims is no JSON object as OpenID Connect Core, 5.5, has it.") from error
    return {part: sorted(read[part] or {}) for part in ("userinfo", "id_token") if read.get(part)}


def is_openid(scopes: Sequence[str]) -> bool:
    """Whether an ID token is wanted."""
    return OPENID in scopes
