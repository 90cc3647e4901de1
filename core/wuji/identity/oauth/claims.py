"""What programs are told about people: in ID tokens, at the userinfo endpoint, at introspection."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wuji.identity.oauth.metadata import Metadata
from wuji.kit.db.doors import Seal

ID_SECONDS = 600
# OpenID Connect Core, 5.4. Nothing else leaves: no login, no roles.
BY_SCOPE: Mapping[str, tuple[str, ...]] = {"profile": ("name", "locale", "updated_at"), "tenant": ("tenant",)}
CLAIMS = ("sub", "name", "locale", "tenant", "acr", "amr", "auth_time", "sid")


def subject(seal: Seal, metadata: Metadata, tenant_id: int, account_id: object) -> str:
    """`sub`: the account's id, or for a program that asked for it another one at each tenant whose programs ask (Core, 8.1)."""
    if metadata.subject_type == "public":
        return str(account_id)
    return base64.urlsafe_b64encode(seal.over("oauth_sub", tenant_id, account_id)[:24]).decode()


def about(told: Mapping[str, Any], part: str) -> dict[str, Any]:
    """What a person's scopes let a program know, and what it asked for by name in that part (`userinfo`, `id_token`)."""
    known = {
        "name": told["name"],
        "locale": told["locale"],
        "tenant": {"code": told["tenant_code"], "name": told["tenant_name"]} if told["tenant_code"] else None,
    }
    scoped = {name for scope in told["scopes"] for name in BY_SCOPE.get(scope, ())}
    named = set(told["asked"].get("claims", {}).get(part, ())) & scoped
    wanted = scoped if part == "userinfo" else named | ({"tenant"} & scoped)
    return {name: known[name] for name in sorted(wanted) if known.get(name)}


def id_token(
    told: Mapping[str, Any], *, issuer: str, sub: str, client_id: str, moment: datetime, access_token: str
) -> dict[str, Any]:
    """The claims of an ID token (Core, 2). Claims of `profile` are for userinfo unless they were asked for by name."""
    at = int(moment.timestamp())
    claims = {
        "iss": issuer,
        "sub": sub,
        "aud": client_id,
        "iat": at,
        "exp": at + ID_SECONDS,
        "auth_time": int(told["auth_time"].timestamp()),
        "acr": told["acr"],
        "amr": list(told["amr"]),
        "at_hash": half_hash(access_token),
        **about(told, "id_token"),
    }
    more = {"nonce": told["asked"].get("nonce"), "sid": told["session_id"] and str(told["session_id"])}
    return claims | {name: value for name, value in more.items() if value}


def half_hash(token: str) -> str:
    """`at_hash` for a token signed with a 256-bit algorithm (Core, 3.1.3.6)."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()[:16]).decode().rstrip("=")
