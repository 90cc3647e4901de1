"""The token endpoint's work: codes and refresh tokens become tokens, and tokens are told about and ended."""

import re
from collections.abc import Mapping
from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import (
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    UnauthorizedClientError,
)
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from sqlalchemy import text

from wuji.identity.oauth.metadata import CODE, DEVICE, OWN, REFRESH
from wuji.identity.oauth.scopes import in_order
from wuji.identity.oauth.services.asking import InvalidTargetError
from wuji.identity.oauth.services.clients import Client
from wuji.identity.oauth.services.devices import refuse_device
from wuji.identity.oauth.services.issuing import InvalidProofError, TokenAsk, issue, make_pair
from wuji.kit.crypto import token_hash
from wuji.kit.db.doors import Seal
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment

VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636, 4.1
REDEEM = text(
    "select outcome from wuji.oauth_code_redeem(:hashed, :client, :redirect_uri, :challenge, :access_hash, :access_seconds, "
    ":refresh_hash, :refresh_seconds, :seal)"
)
RENEW = text(
    "select outcome from wuji.oauth_refresh(:hashed, :client, :scopes, :access_hash, :access_seconds, :refresh_hash, "
    ":refresh_seconds, :seal)"
)
OF_DEVICE = text(
    "select outcome from wuji.oauth_device_redeem(:hashed, :client, :access_hash, :access_seconds, :refresh_hash, "
    ":refresh_seconds, :seal)"
)
OF_ITSELF = text(
    "select 'ok' from (select wuji.oauth_own_token(:client, :scopes, :access_hash, :access_seconds, :seal)) done"
)
FIND = text("select * from wuji.oauth_token_find(:hashed, :seal)")
END = text("select wuji.oauth_token_end(:hashed, :client, :seal)")
WRONG = {
    "redirect_uri": "redirect_uri is another one than the code was asked for with.",
    "verifier": "code_verifier does not fit the code.",
}


def give_tokens(deployment: Deployment, ask: TokenAsk) -> dict[str, Any]:
    """The answer of the token endpoint (RFC 6749, 5.1). Raises OAuth2Error; what it ended stays ended."""
    grant, metadata = ask.params.get("grant_type"), ask.client.metadata
    if grant is None:
        raise InvalidRequestError("grant_type is missing.")
    if grant not in GRANTS:
        raise OAuth2Error("There is no such grant_type here.", error="unsupported_grant_type")
    if grant not in metadata.grant_types:
        raise UnauthorizedClientError("This client is not registered for that grant_type.")
    if ask.params.get("resource", resource(deployment)) != resource(deployment):
        raise InvalidTargetError("There is no such resource.")
    if metadata.dpop_bound_access_tokens and ask.jkt is None:
        raise InvalidProofError("This client is registered to show a key in the DPoP header.")
    return GRANTS[grant](deployment, ask)


def resource(deployment: Deployment) -> str:
    """What our tokens are for (RFC 8707)."""
    return f"{deployment.options.base_url}/api"


def by_code(deployment: Deployment, ask: TokenAsk) -> dict[str, Any]:
    """RFC 6749, 4.1.3."""
    verifier = _asked(ask, "code_verifier")
    if not VERIFIER.fullmatch(verifier):
        raise InvalidRequestError("code_verifier has 43 to 128 letters, digits and -._~.")
    pair = make_pair(refresh=REFRESH in ask.client.metadata.grant_types)
    values = {
        **_spent(deployment, ask, "oauth_code_redeem", _asked(ask, "code"), pair.access),
        "redirect_uri": _asked(ask, "redirect_uri"),
        "challenge": create_s256_code_challenge(verifier),
    }
    return _passed(*issue(deployment, ask, REDEEM, values, pair))


def by_refresh(deployment: Deployment, ask: TokenAsk) -> dict[str, Any]:
    """RFC 6749, 6; the token before is spent."""
    scopes = in_order(ask.params["scope"].split()) if "scope" in ask.params else None
    if scopes == []:
        raise InvalidScopeError("There is no such scope.")
    pair = make_pair(refresh=True)
    values = _spent(deployment, ask, "oauth_refresh", _asked(ask, "refresh_token"), pair.access)
    return _passed(*issue(deployment, ask, RENEW, {**values, "scopes": scopes}, pair, narrowed=scopes))


def by_itself(deployment: Deployment, ask: TokenAsk) -> dict[str, Any]:
    """RFC 6749, 4.4: nobody is asked, so nothing about people can be had."""
    metadata, params = ask.client.metadata, ask.params
    wanted = in_order(params["scope"].split()) if "scope" in params else metadata.scopes
    scopes = [scope for scope in wanted if scope in metadata.scopes and scope.startswith("api:")]
    if not scopes:
        raise InvalidScopeError(
            "A client without a person asks for api:read or api:write, if it is registered for them."
        )
    pair = make_pair(refresh=False)
    seal = deployment.seal.over("oauth_own_token", ask.client.id, token_hash(pair.access))
    values = {"client": ask.client.id, "scopes": scopes, "seal": seal}
    return _passed(*issue(deployment, ask, OF_ITSELF, values, pair))


def by_device(deployment: Deployment, ask: TokenAsk) -> dict[str, Any]:
    """RFC 8628, 3.4."""
    pair = make_pair(refresh=REFRESH in ask.client.metadata.grant_types)
    values = _spent(deployment, ask, "oauth_device_redeem", _asked(ask, "device_code"), pair.access)
    outcome, answer = issue(deployment, ask, OF_DEVICE, values, pair)
    if outcome != "ok":
        raise refuse_device(outcome)
    return answer


GRANTS = {CODE: by_code, REFRESH: by_refresh, OWN: by_itself, DEVICE: by_device}


def _asked(ask: TokenAsk, name: str) -> str:
    if name not in ask.params:
        raise InvalidRequestError(f"{name} is missing.")
    return ask.params[name]


def _spent(deployment: Deployment, ask: TokenAsk, function: str, spent: str, access: str) -> dict[str, Any]:
    hashed = token_hash(spent)
    seal = deployment.seal.over(function, hashed, ask.client.id, token_hash(access))
    return {"hashed": hashed, "client": ask.client.id, "seal": seal}


def _passed(outcome: str, answer: dict[str, Any]) -> dict[str, Any]:
    if outcome == "scope":
        raise InvalidScopeError("More was asked for than was allowed.")
    if outcome != "ok":
        raise InvalidGrantError(WRONG.get(outcome, "It was used, is over, or is not this client's."))
    return answer


def find_token(session: ScopedSession, seal: Seal, token: str) -> Mapping[str, Any] | None:
    """What a live token says; None where it is not live."""
    hashed = token_hash(token)
    row = session.execute(FIND, {"hashed": hashed, "seal": seal.over("oauth_token_find", hashed)}).mappings().first()
    return dict(row) if row else None


def end_token(session: ScopedSession, seal: Seal, client: Client, token: str) -> None:
    """The program wants it no more; a refresh token ends with all that came of it (RFC 7009)."""
    hashed = token_hash(token)
    seal_over = seal.over("oauth_token_end", hashed, client.id)
    session.execute(END, {"hashed": hashed, "client": client.id, "seal": seal_over})
