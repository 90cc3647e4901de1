"""What programs are told about people: in ID tokens, at the userinfo endpoint, at introspection."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from wuji.identity.oauth.metadata import Metadata
from wuji.identity.oauth.scopes import BY_SCOPE
from wuji.kit.db.doors import Seal
from wuji.kit.deployment import Deployment


@dataclass(frozen=True)
class Mailboxes:
    """How the program finds an address that a person has proven to read; the layer above keeps them."""

    find: Callable[[Deployment, UUID], str | None]


ID_SECONDS = ACCESS_SECONDS = 600
CLAIMS = ("sub", "name", "locale", "email", "email_verified", "tenant", "acr", "amr", "auth_time", "sid")


def subject(seal: Seal, metadata: Metadata, tenant_id: int, account_id: object) -> str:
    """`sub`: the account's id, or for a program that asked for it another one at each tenant whose programs ask (Core, 8.1)."""
    if metadata.subject_type == "public":
        return str(account_id)
    return base64.urlsafe_b64encode(seal.over("oauth_sub", tenant_id, account_id)[:24]).decode()


def about(deployment: Deployment, told: Mapping[str, Any], part: str) -> dict[str, Any]:
    """What a person's scopes let a program know, and what it asked for by name in that part (`userinfo`, `id_token`)."""
    wanted = _wanted(told, part)
    email = deployment.part(Mailboxes).find(deployment, told["account_id"]) if "email" in wanted else None
    known = {
        "email": email,
        "email_verified": bool(email),
        "name": told["name"],
        "locale": told["locale"],
        "tenant": {"code": told["tenant_code"], "name": told["tenant_name"]} if told["tenant_code"] else None,
    }
    return {name: known[name] for name in sorted(wanted) if known[name]}


def _wanted(told: Mapping[str, Any], part: str) -> set[str]:
    scoped = {name for scope in told["scopes"] for name in BY_SCOPE.get(scope, ())}
    named = set(told["asked"].get("claims", {}).get(part, ())) & scoped
    return scoped if part == "userinfo" else named | ({"tenant"} & scoped)


def id_token(
    deployment: Deployment, told: Mapping[str, Any], *, sub: str, client_id: str, access_token: str
) -> dict[str, Any]:
    """The claims of an ID token (Core, 2). Claims of `profile` are for userinfo unless they were asked for by name."""
    at = int(deployment.clock().timestamp())
    claims = {
        "iss": deployment.options.base_url,
        "sub": sub,
        "aud": client_id,
        "iat": at,
        "exp": at + ID_SECONDS,
        "auth_time": int(told["auth_time"].timestamp()),
        "acr": told["acr"],
        "amr": list(told["amr"]),
        "at_hash": half_hash(access_token),
        **about(deployment, told, "id_token"),
    }
    more = {"nonce": told["asked"].get("nonce"), "sid": told["session_id"] and str(told["session_id"])}
    return claims | {name: value for name, value in more.items() if value}


def access_claims(
    deployment: Deployment,
    told: Mapping[str, Any],
    *,
    sub: str,
    client_id: str,
    scopes: Sequence[str],
    jkt: str | None,
) -> dict[str, Any]:
    """The claims of an access token that others may read (RFC 9068, 2.2); bound to a key it says to which (RFC 9449, 6.1)."""
    at, issuer = int(deployment.clock().timestamp()), deployment.options.base_url
    claims = {
        "iss": issuer,
        "sub": sub,
        "aud": f"{issuer}/api",
        "client_id": client_id,
        "iat": at,
        "exp": at + ACCESS_SECONDS,
        "jti": token_urlsafe(16),
        "scope": " ".join(scopes),
    }
    more = {
        "auth_time": told["auth_time"] and int(told["auth_time"].timestamp()),
        "acr": told["acr"],
        "amr": list(told["amr"]),
        "tenant": told["tenant_code"],
        "cnf": jkt and {"jkt": jkt},
    }
    return claims | {name: value for name, value in more.items() if value}


def half_hash(token: str) -> str:
    """`at_hash` for a token signed with a 256-bit algorithm (Core, 3.1.3.6)."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()[:16]).decode().rstrip("=")
