"""What a program says of itself when it is registered (RFC 7591, 2): read, checked, and told back. Members that we do not know
are left out, as the RFC has it; what we know and cannot keep is refused by name.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from joserfc.errors import JoseError
from msgspec import Struct, field

from wuji.identity.oauth.scopes import ABOUT, SCOPES, in_order
from wuji.kit.http.proof import PublicKey, public_key

URI, MOST_URIS, NAME = 2000, 20, 100  # characters of an address, addresses, characters of a name
CODE, REFRESH, OWN = "authorization_code", "refresh_token", "client_credentials"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
# A scheme of a program's own (RFC 8252, 7.1) is a reversed domain name, so that two programs do not share one.
OWN_SCHEME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")
LANGUAGE = re.compile(r"client_name#[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


Algorithm = Literal["ES256", "ES384", "RS256", "PS256", "EdDSA", "Ed25519"]
MOST_KEYS = 10
ADDRESSES = (
    "client_uri", "logo_uri", "policy_uri", "tos_uri", "jwks_uri", "sector_identifier_uri", "backchannel_logout_uri",
)  # fmt: skip


class MetadataError(ValueError):
    """`error` is one of RFC 7591, 3.2.2; the text says which member, and why."""

    def __init__(self, said: str, error: str = "invalid_client_metadata") -> None:
        super().__init__(said)
        self.error = error


class Metadata(Struct, frozen=True, kw_only=True):
    """The members that count here, with what is taken where one is left out."""

    client_name: str
    names: dict[str, str] = field(default_factory=dict)  # client_name in other languages, by tag
    redirect_uris: list[str] = field(default_factory=list)
    post_logout_redirect_uris: list[str] = field(default_factory=list)
    grant_types: list[
        Literal[
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "urn:ietf:params:oauth:grant-type:device_code",
        ]
    ] = field(default_factory=lambda: ["authorization_code"])
    response_types: list[Literal["code"]] = field(default_factory=lambda: ["code"])
    token_endpoint_auth_method: Literal["client_secret_basic", "client_secret_post", "private_key_jwt", "none"] = (
        "client_secret_basic"  # noqa: S105 - the way, not a secret
    )
    token_endpoint_auth_signing_alg: Algorithm | None = None
    jwks: dict[str, Any] | None = None
    jwks_uri: str | None = None
    require_pushed_authorization_requests: bool = False
    dpop_bound_access_tokens: bool = False
    sector_identifier_uri: str | None = None
    backchannel_logout_uri: str | None = None
    backchannel_logout_session_required: bool = False
    application_type: Literal["web", "native"] = "web"
    scope: str = " ".join(ABOUT)
    subject_type: Literal["public", "pairwise"] = "public"
    id_token_signed_response_alg: Literal["ES256", "RS256"] = "ES256"  # noqa: S105 - an algorithm
    userinfo_signed_response_alg: Literal["ES256", "RS256"] | None = None
    default_max_age: int | None = None
    client_uri: str | None = None
    logo_uri: str | None = None
    policy_uri: str | None = None
    tos_uri: str | None = None
    contacts: list[str] = field(default_factory=list)

    @property
    def is_confidential(self) -> bool:
        """Whether it can keep a secret: one that we gave it, or a key of its own."""
        return self.token_endpoint_auth_method != "none"  # noqa: S105

    @property
    def has_key(self) -> bool:
        """Whether it proves itself by a key of its own, and so has no secret of ours (RFC 7523)."""
        return self.token_endpoint_auth_method == "private_key_jwt"  # noqa: S105

    @property
    def has_secret(self) -> bool:
        """Whether it proves itself by a secret that we gave it."""
        return self.is_confidential and not self.has_key

    @property
    def scopes(self) -> list[str]:
        """What it may ask for."""
        return in_order(self.scope.split())

    def called(self, locale: str) -> str:
        """Its name in a language."""
        return self.names.get(locale) or self.names.get(locale.partition("-")[0]) or self.client_name


def read_metadata(sent: object) -> Metadata:
    """Raises MetadataError."""
    if not isinstance(sent, dict):
        raise MetadataError("what was sent is no JSON object")
    names = {key.partition("#")[2]: value for key, value in sent.items() if LANGUAGE.fullmatch(key)}
    try:
        made = msgspec.convert({**sent, "names": names}, Metadata)
    except msgspec.ValidationError as error:
        raise MetadataError(str(error).replace("`$.", "`").replace('"', "'")) from error
    for fault in _faults(made):
        raise fault
    return made


def _faults(made: Metadata) -> Iterator[MetadataError]:
    for name in (made.client_name, *made.names.values()):
        if not 1 <= len(name.strip()) <= NAME or not name.isprintable():
            yield MetadataError(f"client_name has 1 to {NAME} printable characters")
    if REFRESH in made.grant_types and not {CODE, DEVICE} & set(made.grant_types):
        yield MetadataError("grant_types: refresh_token comes with authorization_code or device_code")
    if OWN in made.grant_types and not made.is_confidential:
        yield MetadataError("grant_types: client_credentials is for programs that can keep a secret")
    if made.default_max_age is not None and made.default_max_age < 0:
        yield MetadataError("default_max_age is a number of seconds")
    if unknown := set(made.scope.split()) - set(SCOPES):
        yield MetadataError(f"scope: there is no {min(unknown)!a}; there are {' '.join(SCOPES)}")
    yield from _wrong_keys(made)
    yield from _wrong_addresses(made)


def _wrong_keys(made: Metadata) -> Iterator[MetadataError]:
    if made.jwks is not None and made.jwks_uri is not None:
        yield MetadataError("jwks and jwks_uri: one of them, not both")
    if made.has_key and made.jwks is None and made.jwks_uri is None:
        yield MetadataError("token_endpoint_auth_method: private_key_jwt asks for jwks or jwks_uri")
    if made.jwks is not None:
        try:
            read_key_set(made.jwks)
        except ValueError as error:
            yield MetadataError(f"jwks: {error}")


def read_key_set(sent: object) -> list[PublicKey]:
    """The public keys of a set (RFC 7517, 5). Raises ValueError."""
    keys = sent.get("keys") if isinstance(sent, dict) else None
    if not isinstance(keys, list) or not 1 <= len(keys) <= MOST_KEYS:
        raise ValueError(f"a JSON object whose member keys holds 1 to {MOST_KEYS} keys")
    try:
        return [public_key(key) for key in keys]
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ValueError("each is a public key of EC, OKP, or RSA with 2048 bits, and has no private part") from error


def _wrong_addresses(made: Metadata) -> Iterator[MetadataError]:
    redirect = "invalid_redirect_uri"
    if CODE in made.grant_types and not made.redirect_uris:
        yield MetadataError("redirect_uris: at least one, where grant_types holds authorization_code", redirect)
    for member in ("redirect_uris", "post_logout_redirect_uris"):
        uris = getattr(made, member)
        error = redirect if member == "redirect_uris" else "invalid_client_metadata"
        if len(uris) > MOST_URIS:
            yield MetadataError(f"{member}: {MOST_URIS} at most", error)
        for uri in uris:
            if why := unfit(uri, native=made.application_type == "native"):
                yield MetadataError(f"{member}: {uri[:100]!a}: {why}", error)
    for member in ADDRESSES:
        uri = getattr(made, member)
        if uri is not None and (why := unfit(uri, native=False)):
            yield MetadataError(f"{member}: {why}")


def unfit(uri: str, *, native: bool) -> str | None:
    """Why nobody is sent to an address; None where it is fit: https, http to this very machine (RFC 8252, 7.3), or for a
    program that is installed a scheme of its own.
    """
    try:
        parts = urlsplit(uri)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "it is no URI"
    printable = uri.isascii() and uri.isprintable() and not any(c in uri for c in ' \\"<>*')
    if len(uri) > URI or not printable:
        return f"it has up to {URI} characters of ASCII, and no blank, backslash, quote, bracket or asterisk"
    if "#" in uri or parts.username is not None or parts.password is not None:
        return "it has a fragment, or a user or password in it"
    safe = (parts.scheme == "https" and host) or (parts.scheme == "http" and is_loopback(host))
    if safe or (native and OWN_SCHEME.fullmatch(parts.scheme)):
        return None
    return "it must be https, or http to the loopback address, or for a native program a scheme like com.example.app"


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_registered(made: Metadata, uri: str) -> bool:
    """Whether people may be sent there: exactly what was registered (RFC 9700, 2.1), but for the port of a loopback address,
    which a native program takes as it comes (RFC 8252, 7.3).
    """
    if uri in made.redirect_uris:
        return True
    if made.application_type != "native" or unfit(uri, native=True):
        return False
    asked = urlsplit(uri)
    return asked.scheme == "http" and any(
        known.scheme == "http" and _portless(known) == _portless(asked) for known in map(urlsplit, made.redirect_uris)
    )


def _portless(parts: Any) -> tuple[str, str, str]:
    return parts.hostname or "", parts.path, parts.query


def as_registered(client_id: str, made: Metadata, at: datetime, secret: str | None) -> dict[str, Any]:
    """The answer of a registration (RFC 7591, 3.2.1). A secret does not expire by itself."""
    told: Mapping[str, Any] = {
        name: value for name, value in msgspec.structs.asdict(made).items() if value not in (None, [])
    }
    answer = {"client_id": client_id, "client_id_issued_at": int(at.timestamp())}
    answer |= {"client_secret": secret, "client_secret_expires_at": 0} if secret else {}
    answer |= {name: value for name, value in told.items() if name != "names"}
    return answer | {f"client_name#{tag}": name for tag, name in made.names.items()}
