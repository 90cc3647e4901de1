"""A program proves itself by a key of its own: a JWT that it signed, for us, for once (RFC 7523; `private_key_jwt`)."""

from collections.abc import Mapping
from typing import Any, get_args

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError

from wuji.identity.oauth.metadata import Algorithm
from wuji.identity.oauth.services.client_keys import ClientKeys
from wuji.identity.oauth.services.clients import Client
from wuji.kit.deployment import Deployment
from wuji.kit.http.proof import use_once

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST, AHEAD = 3600, 60  # seconds until an assertion may end; by which its clock may be ahead of ours


class Claimed(msgspec.Struct):
    """What says whose an assertion is."""

    sub: str


def claimed_by(assertion: str) -> str:
    """Whose it says it is, proven by nothing yet; empty where it says nothing."""
    try:
        claims = msgspec.json.decode(jws.extract_compact(assertion.encode()).payload, type=Claimed)
    except (JoseError, ValueError):
        return ""
    return claims.sub


def proves(deployment: Deployment, client: Client, assertion: str, audiences: set[str]) -> bool:
    """Whether the program made it, for one of these addresses, now, and it is new."""
    claims = _signed(deployment, client, assertion)
    if claims is None or claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
        return False
    meant = claims.get("aud")
    if not audiences & set(meant if isinstance(meant, list) else [meant] if isinstance(meant, str) else []):
        return False
    at, ends, jti = deployment.clock().timestamp(), claims.get("exp"), claims.get("jti")
    if not _within(ends, at, at + LONGEST):
        return False
    if any(name in claims and not _within(claims[name], 0, at + AHEAD) for name in ("iat", "nbf")):
        return False
    if not isinstance(jti, str) or not jti:
        return False
    return use_once(deployment, f"assertion {client.client_id} {jti}", LONGEST + AHEAD)


def _signed(deployment: Deployment, client: Client, assertion: str) -> Mapping[str, Any] | None:
    """What it says, where one of the program's keys signed it with what the program is registered for."""
    usual = client.metadata.token_endpoint_auth_signing_alg
    allowed = [usual] if usual else list(get_args(Algorithm))
    try:
        header = jws.extract_compact(assertion.encode()).headers()
    except (JoseError, ValueError):
        return None
    alg, kid = header.get("alg"), header.get("kid")
    if alg not in allowed or not isinstance(kid, str | None):
        return None
    for key in deployment.part(ClientKeys).find(client.metadata, kid):
        try:
            return dict(jwt.decode(assertion, key, algorithms=[alg]).claims)
        except (JoseError, ValueError):
            continue
    return None


def _within(value: object, above: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and above < value <= most
