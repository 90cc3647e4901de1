"""What a program may ask a person for. Each is described to people under `identity.oauth_scope.<name>`, a colon as underscore."""

from collections.abc import Iterable, Mapping, Sequence

OPENID, OFFLINE = "openid", "offline_access"
READ, WRITE = "api:read", "api:write"
ABOUT = (OPENID, "profile", "email", OFFLINE, "tenant")  # OpenID Connect Core, 5.4 and 11; `tenant` is ours
API = (READ, WRITE)
SCOPES = (*ABOUT, *API)
# OpenID Connect Core, 5.4. Nothing else leaves: no login, no roles.
BY_SCOPE: Mapping[str, tuple[str, ...]] = {
    "profile": ("name", "locale"),
    "email": ("email", "email_verified"),
    "tenant": ("tenant",),
}


def in_order(scopes: Iterable[str]) -> list[str]:
    """Those that there are, each once, in the order in which they are described."""
    wanted = set(scopes)
    return [scope for scope in SCOPES if scope in wanted]


def scopes_of(claims: Iterable[str]) -> list[str]:
    """What a person must allow for claims that a program asks for by name (OpenID Connect Core, 5.5)."""
    named = set(claims)
    return [scope for scope, known in BY_SCOPE.items() if named & set(known)]


def text_keys(scopes: Sequence[str]) -> list[str]:
    """The text of each; `openid` says nothing that a person would have to weigh."""
    return [f"oauth_scope.{scope.replace(':', '_')}" for scope in scopes if scope != OPENID]
