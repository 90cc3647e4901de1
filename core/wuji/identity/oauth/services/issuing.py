"""New tokens: made for what was spent, bound to the key that was shown, kept as sha256, and told about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidGrantError
from sqlalchemy import TextClause, text

from wuji.identity.oauth.claims import ACCESS_SECONDS, access_claims, id_token, subject
from wuji.identity.oauth.scopes import in_order
from wuji.identity.oauth.services.asking import is_openid
from wuji.identity.oauth.services.clients import Client
from wuji.identity.oauth.services.keys import Key, get_keys, sign
from wuji.kit.crypto import PROGRAM, make_token, token_hash
from wuji.kit.db.doors import by_public
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment

REFRESHING = "ort"
IDLE_SECONDS = 30 * 86_400
BIND = text("select wuji.oauth_token_bind(:hashed, :jkt, :whole, :seal)")
BECOME = text("select wuji.oauth_token_become(:hashed, :becomes, :seal)")
FAMILY = text("select * from wuji.oauth_family_find(:family, :seal)")


class InvalidProofError(OAuth2Error):
    """RFC 9449, 5."""

    error = "invalid_dpop_proof"


@dataclass(frozen=True)
class TokenAsk:
    """What a program asks of the token endpoint. `jkt`: the thumbprint of the key that it showed."""

    client: Client
    params: Mapping[str, str]
    jkt: str | None


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


def make_pair(*, refresh: bool) -> Pair:
    return Pair(make_token(PROGRAM), make_token(REFRESHING) if refresh else None)


def issue(
    deployment: Deployment,
    ask: TokenAsk,
    spend: TextClause,
    values: Mapping[str, Any],
    pair: Pair,
    *,
    narrowed: Sequence[str] | None = None,
) -> tuple[str, dict[str, Any]]:
    """What the database says of what is spent, and for `ok` the answer (RFC 6749, 5.1). What it ended stays ended.

    Raises InvalidGrantError, and then nothing is spent, where another key is shown than the one that was bound.
    """
    keys = get_keys(deployment)  # before: a thread has one connection at a time
    with deployment.work(by_public(None)) as session:
        outcome: str = session.execute(spend, {**values, **pair.values}).scalar_one()
        if outcome != "ok":
            return outcome, {}
        told = _bound(session, deployment, ask, pair)
        scopes, access = in_order(narrowed or told["scopes"]), pair.access
        if "resource" in ask.params or told["asked"].get(
            "resource"
        ):  # whoever names who reads it gets what can be read
            access = sign(deployment, keys, _claims(deployment, ask, told, scopes), typ="at+jwt")
            _become(session, deployment, pair.access, access)
    answer = {
        "access_token": access,
        "token_type": "DPoP" if ask.jkt else "Bearer",
        "expires_in": ACCESS_SECONDS,
        "scope": " ".join(scopes),
        **({"refresh_token": pair.refresh} if pair.refresh else {}),
    }
    if is_openid(scopes):
        answer["id_token"] = _id_token(deployment, keys, ask.client, told, access)
    return outcome, answer


def _bound(session: ScopedSession, deployment: Deployment, ask: TokenAsk, pair: Pair) -> Mapping[str, Any]:
    """What the tokens are about. Refresh tokens of a program that cannot keep a secret are bound too (RFC 9449, 5)."""
    hashed, whole = token_hash(pair.access), not ask.client.metadata.is_confidential
    seal = deployment.seal.over("oauth_token_bind", hashed, ask.jkt)
    found = session.execute(BIND, {"hashed": hashed, "jkt": ask.jkt, "whole": whole, "seal": seal})
    family = found.scalar_one()
    if family is None:
        raise InvalidGrantError("It is bound to another key.")
    sealed = deployment.seal.over("oauth_family_find", family)
    told = session.execute(FAMILY, {"family": family, "seal": sealed}).mappings().one()
    if "code" in ask.params and told["asked"].get("dpop_jkt", ask.jkt) != ask.jkt:
        raise InvalidGrantError("The code was asked for with dpop_jkt, and this is another key.")
    return dict(told)


def _claims(deployment: Deployment, ask: TokenAsk, told: Mapping[str, Any], scopes: Sequence[str]) -> Mapping[str, Any]:
    return access_claims(
        deployment,
        told,
        sub=_subject(deployment, ask.client, told),
        client_id=ask.client.client_id,
        scopes=scopes,
        jkt=ask.jkt,
    )


def _become(session: ScopedSession, deployment: Deployment, made: str, given: str) -> None:
    """A JWT is kept as any token is: by its sha256."""
    hashes = token_hash(made), token_hash(given)
    seal = deployment.seal.over("oauth_token_become", *hashes)
    session.execute(BECOME, {"hashed": hashes[0], "becomes": hashes[1], "seal": seal})


def _id_token(deployment: Deployment, keys: Sequence[Key], client: Client, told: Mapping[str, Any], access: str) -> str:
    claims = id_token(
        deployment,
        told,
        sub=_subject(deployment, client, told),
        client_id=client.client_id,
        access_token=access,
    )
    return sign(deployment, keys, claims, client.metadata.id_token_signed_response_alg)


def _subject(deployment: Deployment, client: Client, told: Mapping[str, Any]) -> str:
    return subject(deployment.seal, client.metadata, client.tenant_id, told["account_id"])
