"""The token endpoint's work: codes and refresh tokens become tokens, and tokens are told about and ended."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import (
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    UnauthorizedClientError,
)
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from sqlalchemy import text

from wuji.identity.oauth.claims import id_token, subject
from wuji.identity.oauth.metadata import CODE, DEVICE, OWN, REFRESH
from wuji.identity.oauth.scopes import in_order
from wuji.identity.oauth.services.asking import InvalidTargetError, is_openid
from wuji.identity.oauth.services.clients import Client
from wuji.identity.oauth.services.devices import refuse_device
from wuji.identity.oauth.services.keys import sign
from wuji.kit.crypto import PROGRAM, make_token, token_hash
from wuji.kit.db.doors import Seal, by_public
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment

REFRESHING = "ort"
ACCESS_SECONDS, IDLE_SECONDS = 600, 30 * 86_400
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636, 4.1
SPEND = {
    "oauth_code_redeem": text(
        "select outcome, family_id from wuji.oauth_code_redeem(:hashed, :client, :redirect_uri, :challenge, :access_hash, "
        ":access_seconds, :refresh_hash, :refresh_seconds, :seal)"
    ),
    "oauth_refresh": text(
        "select outcome, family_id from wuji.oauth_refresh(:hashed, :client, :scopes, :access_hash, :access_seconds, "
        ":refresh_hash, :refresh_seconds, :seal)"
    ),
    "oauth_device_redeem": text(
        "select outcome, family_id from wuji.oauth_device_redeem(:hashed, :client, :access_hash, :access_seconds, "
        ":refresh_hash, :refresh_seconds, :seal)"
    ),
}
OWN_TOKEN = text("select wuji.oauth_own_token(:client, :scopes, :access_hash, :access_seconds, :seal)")
FAMILY = text("select * from wuji.oauth_family_find(:family, :seal)")
FIND = text("select * from wuji.oauth_token_find(:hashed, :seal)")
END = text("select wuji.oauth_token_end(:hashed, :client, :seal)")
WRONG = {
    "redirect_uri": "redirect_uri is another one than the code was asked for with.",
    "verifier": "code_verifier does not fit the code.",
}


@dataclass(frozen=True)
class Pair:
    """New tokens, not yet anybody's."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)

    @property
    def values(self) -> dict[str, Any]:
        return {
            "access_hash": token_hash(self.access),
            "access_seconds": ACCESS_SECONDS,
            "refresh_hash": token_hash(self.refresh) if self.refresh else None,
            "refresh_seconds": IDLE_SECONDS if self.refresh else None,
        }


def give_tokens(deployment: Deployment, client: Client, params: Mapping[str, str]) -> dict[str, Any]:
    """The answer of the token endpoint (RFC 6749, 5.1). Raises OAuth2Error; what it ended stays ended."""
    grant = params.get("grant_type")
    if grant is None:
        raise InvalidRequestError("grant_type is missing.")
    if grant not in GRANTS:
        raise OAuth2Error("There is no such grant_type here.", error="unsupported_grant_type")
    if grant not in client.metadata.grant_types:
        raise UnauthorizedClientError("This client is not registered for that grant_type.")
    if params.get("resource", resource(deployment)) != resource(deployment):
        raise InvalidTargetError("There is no such resource.")
    return GRANTS[grant](deployment, client, params)


def resource(deployment: Deployment) -> str:
    """What our tokens are for (RFC 8707)."""
    return f"{deployment.options.base_url}/api"


def by_code(deployment: Deployment, client: Client, params: Mapping[str, str]) -> dict[str, Any]:
    """RFC 6749, 4.1.3."""
    verifier = _asked(params, "code_verifier")
    if not VERIFIER.fullmatch(verifier):
        raise InvalidRequestError("code_verifier has 43 to 128 letters, digits and -._~.")
    pair = Pair(make_token(PROGRAM), make_token(REFRESHING) if REFRESH in client.metadata.grant_types else None)
    values = {
        "spent": _asked(params, "code"),
        "redirect_uri": _asked(params, "redirect_uri"),
        "challenge": create_s256_code_challenge(verifier),
    }
    family = _spend(deployment, client, "oauth_code_redeem", pair, values)
    return _told(deployment, client, family, pair, None)


def by_refresh(deployment: Deployment, client: Client, params: Mapping[str, str]) -> dict[str, Any]:
    """RFC 6749, 6; the token before is spent."""
    scopes = in_order(params["scope"].split()) if "scope" in params else None
    if scopes == []:
        raise InvalidScopeError("There is no such scope.")
    pair = Pair(make_token(PROGRAM), make_token(REFRESHING))
    values = {"spent": _asked(params, "refresh_token"), "scopes": scopes}
    family = _spend(deployment, client, "oauth_refresh", pair, values)
    return _told(deployment, client, family, pair, scopes)


def by_itself(deployment: Deployment, client: Client, params: Mapping[str, str]) -> dict[str, Any]:
    """RFC 6749, 4.4: nobody is asked, so nothing about people can be had."""
    wanted = in_order(params["scope"].split()) if "scope" in params else client.metadata.scopes
    scopes = [scope for scope in wanted if scope in client.metadata.scopes and scope.startswith("api:")]
    if not scopes:
        raise InvalidScopeError(
            "A client without a person asks for api:read or api:write, if it is registered for them."
        )
    pair = Pair(make_token(PROGRAM), None)
    seal = deployment.seal.over("oauth_own_token", client.id, token_hash(pair.access))
    values = {"client": client.id, "scopes": scopes, "seal": seal, **pair.values}
    with deployment.work(by_public(None)) as session:
        session.execute(
            OWN_TOKEN, {name: values[name] for name in ("client", "scopes", "access_hash", "access_seconds", "seal")}
        )
    return _answer(pair, scopes)


def by_device(deployment: Deployment, client: Client, params: Mapping[str, str]) -> dict[str, Any]:
    """RFC 8628, 3.4."""
    pair = Pair(make_token(PROGRAM), make_token(REFRESHING) if REFRESH in client.metadata.grant_types else None)
    family = _spend(deployment, client, "oauth_device_redeem", pair, {"spent": _asked(params, "device_code")})
    return _told(deployment, client, family, pair, None)


GRANTS = {CODE: by_code, REFRESH: by_refresh, OWN: by_itself, DEVICE: by_device}


def _asked(params: Mapping[str, str], name: str) -> str:
    if name not in params:
        raise InvalidRequestError(f"{name} is missing.")
    return params[name]


def _spend(deployment: Deployment, client: Client, function: str, pair: Pair, values: Mapping[str, Any]) -> UUID:
    """The family of what was spent. Raises InvalidGrantError, after what is known to be stolen was ended for good."""
    hashed, new = token_hash(values["spent"]), pair.values
    seal = deployment.seal.over(function, hashed, client.id, new["access_hash"])
    given = {"hashed": hashed, "client": client.id, "seal": seal, **new, **values}
    with deployment.work(by_public(None)) as session:
        outcome, family = session.execute(SPEND[function], given).one()
    if outcome == "scope":
        raise InvalidScopeError("More was asked for than was allowed.")
    if outcome != "ok" and function == "oauth_device_redeem":
        raise refuse_device(outcome)
    if outcome != "ok":
        raise InvalidGrantError(WRONG.get(outcome, "It was used, is over, or is not this client's."))
    found: UUID = family
    return found


def _told(
    deployment: Deployment, client: Client, family: UUID, pair: Pair, narrowed: Sequence[str] | None
) -> dict[str, Any]:
    seal = deployment.seal.over("oauth_family_find", family)
    with deployment.work(by_public(None), read_only=True) as session:
        row = session.execute(FAMILY, {"family": family, "seal": seal}).mappings().one()
    told = dict(row)
    scopes = narrowed or told["scopes"]
    answer = _answer(pair, scopes)
    if is_openid(scopes):
        claims = id_token(
            told,
            issuer=deployment.options.base_url,
            sub=subject(deployment.seal, client.metadata, client.tenant_id, told["account_id"]),
            client_id=client.client_id,
            moment=deployment.clock(),
            access_token=pair.access,
        )
        answer["id_token"] = sign(deployment, claims, client.metadata.id_token_signed_response_alg)
    return answer


def _answer(pair: Pair, scopes: Sequence[str]) -> dict[str, Any]:
    answer = {
        "access_token": pair.access,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "scope": " ".join(in_order(scopes)),
    }
    return answer | ({"refresh_token": pair.refresh} if pair.refresh else {})


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
