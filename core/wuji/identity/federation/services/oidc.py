"""OpenID Connect from the side of whoever logs people in with it (OpenID Connect Core 1.0, RFC 9700, RFC 9207, RFC 9126)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus, urlencode

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError

from wuji.identity.federation.services.metadata import Directory, Said, as_object, ask, call
from wuji.identity.federation.services.providers import Provider
from wuji.plugin.logins import LoginFailedError

SKEW = 60  # seconds between the provider's clock and ours
LAST = 253_402_300_800  # the year 10000, in seconds
MOST_TOKEN, MOST_SUB = 20_000, 255
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# By the hash that belongs to the signature's algorithm (Core, 3.1.3.6); Ed25519 signs over SHA-512.
HASHES = {
    "256": hashlib.sha256,
    "384": hashlib.sha384,
    "512": hashlib.sha512,
    "EdDSA": hashlib.sha512,
    "Ed25519": hashlib.sha512,
}


class Kept(msgspec.Struct, frozen=True):
    """What we must know again when somebody comes back. `at`: when they went, in seconds."""

    nonce: str
    verifier: str
    at: int


@dataclass(frozen=True)
class Who:
    """Whom a provider says that it is. `name` is empty where it says none; `at`: when it made sure, where it says so;
    `is_strong`: by two factors.
    """

    iss: str
    sub: str
    name: str
    at: datetime | None = None
    is_strong: bool = False


@dataclass(frozen=True)
class RelyingParty:
    """We, towards one provider, now. `back`: where it sends people back to."""

    directory: Directory
    provider: Provider
    back: str
    moment: datetime

    def begin(self, state: str, *, fresh: bool = False) -> tuple[str, Kept]:
        """Where the browser goes, and what is kept meanwhile. `fresh`: the person is to log in there once more, whether or not
        they are in, and we are told when they did (Core, 3.1.2.1). Raises LoginFailedError.
        """
        said = self.directory.find(self.provider.issuer)
        kept = Kept(secrets.token_urlsafe(24), secrets.token_urlsafe(48), int(self.moment.timestamp()))
        challenge = hashlib.sha256(kept.verifier.encode()).digest()
        params = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self.back,
            "scope": self.provider.scope,
            "state": state,
            "nonce": kept.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
            **({"acr_values": " ".join(self.provider.strong)} if self.provider.strong else {}),
            **({"prompt": "login", "max_age": "0"} if fresh else {}),
        }
        if said.require_pushed_authorization_requests:
            params = self._push(said, params)
        mark = "&" if "?" in said.authorization_endpoint else "?"
        return f"{said.authorization_endpoint}{mark}{urlencode(params)}", kept

    def _push(self, said: Said, params: Mapping[str, str]) -> dict[str, str]:
        """RFC 9126: what is asked goes ahead, and the browser carries its name alone."""
        form, headers = _proven(self.provider, said, params)
        answer = ask(self.directory.caller, "POST", said.pushed_authorization_request_endpoint, form, headers)
        name = answer.get("request_uri")
        if not isinstance(name, str):
            raise LoginFailedError("pushed request: the answer has no request_uri")
        return {"client_id": self.provider.client_id, "request_uri": name}

    def finish(self, answer: Mapping[str, str], kept: Kept) -> Who:
        """Who came back with that answer. Raises LoginFailedError."""
        said = self.directory.find(self.provider.issuer)
        demand_issuer(said, answer)
        if "code" not in answer:
            raise LoginFailedError("the answer has no code")
        asked = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": self.back}
        form, headers = _proven(self.provider, said, {**asked, "code_verifier": kept.verifier})
        tokens = ask(self.directory.caller, "POST", said.token_endpoint, form, headers)
        access = tokens.get("access_token")
        claims = self.read_id_token(said, tokens.get("id_token"))
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), kept.nonce.encode()):
            raise LoginFailedError("id_token: it is not for this login (nonce)")
        _demand_hash(claims, tokens["id_token"], access)
        more = self._userinfo(said, access, claims["sub"]) if isinstance(access, str) else {}
        names = (more.get("name"), claims.get("name"), more.get("nickname"), claims.get("nickname"))
        name = next((one for one in names if isinstance(one, str)), "")
        proven = _seconds(claims.get("auth_time"))
        at = None if proven is None else datetime.fromtimestamp(proven, UTC)
        return Who(said.issuer, claims["sub"], name, at, self._is_strong(claims))

    def _is_strong(self, claims: Mapping[str, Any]) -> bool:
        """By what it calls two factors: in `acr`, or among `amr` (Core, 2; RFC 8176)."""
        ways = claims.get("amr")
        said = [claims.get("acr"), *(ways if isinstance(ways, list) else ())]
        return any(one in self.provider.strong for one in said)

    def read_id_token(self, said: Said, token: Any) -> dict[str, Any]:
        """Claims of a token that this provider made for us and that is good now (Core, 3.1.3.7). Raises LoginFailedError."""
        claims, own = _opened(self.directory, said, token, "id_token"), self.provider.client_id
        now, audiences, sub = self.moment.timestamp(), _listed(claims.get("aud")), claims.get("sub")
        ends, made, begins, proven = (_seconds(claims.get(name)) for name in ("exp", "iat", "nbf", "auth_time"))
        faults = {
            "iss": claims.get("iss") != said.issuer,
            "aud": own not in audiences,
            "azp": claims.get("azp", own) != own or (len(audiences) > 1 and "azp" not in claims),
            "sub": not isinstance(sub, str) or not 0 < len(sub) <= MOST_SUB or "\0" in sub,
            "exp": ends is None or ends < now - SKEW,
            "iat": made is None or made > now + SKEW,
            "nbf": "nbf" in claims and (begins is None or begins > now + SKEW),
            "auth_time": "auth_time" in claims and (proven is None or not 0 < proven <= now + SKEW),
        }
        wrong = next((name for name, is_wrong in faults.items() if is_wrong), None)
        if wrong:
            raise LoginFailedError(f"id_token: {wrong}")
        return claims

    def _userinfo(self, said: Said, access: str, sub: str) -> dict[str, Any]:
        """What it says more of them, signed or not (Core, 5.3); of somebody else nothing is taken."""
        if not said.userinfo_endpoint or not (access.isascii() and access.isprintable()):
            return {}
        headers = {"Authorization": f"Bearer {access}", "Accept": "application/json, application/jwt"}
        answer = call(self.directory.caller, "GET", said.userinfo_endpoint, headers=headers)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise LoginFailedError(f"userinfo: {answer.status}")
        if answer.kind == "application/jwt":
            found = _opened(self.directory, said, answer.body.decode("ascii", "replace"), "userinfo")
            for_us = self.provider.client_id in _listed(found.get("aud", self.provider.client_id))
            if found.get("iss", said.issuer) != said.issuer or not for_us:
                raise LoginFailedError("userinfo: it is not for us")
        else:
            found = as_object(answer)
        if found.get("sub") != sub:
            raise LoginFailedError("userinfo: it is about somebody else (sub)")
        return found


def _listed(audience: Any) -> list[Any]:
    return audience if isinstance(audience, list) else [audience]


def _seconds(value: Any) -> float | None:
    """A moment that there is; None for anything else."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and -LAST < value < LAST else None


def _proven(provider: Provider, said: Said, params: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    """Form and headers with what we prove ourselves by; name and secret are form-encoded in a header (RFC 6749, 2.3.1)."""
    if not provider.secret:
        return urlencode({"client_id": provider.client_id, **params}).encode(), FORM
    methods = said.token_endpoint_auth_methods_supported
    if "client_secret_basic" not in methods and "client_secret_post" in methods:
        form = {"client_id": provider.client_id, "client_secret": provider.secret, **params}
        return urlencode(form).encode(), FORM
    pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.secret)}"
    header = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return urlencode(params).encode(), {**FORM, "Authorization": header}


def demand_issuer(said: Said, answer: Mapping[str, str]) -> None:
    """That it is this provider that answers (RFC 9207, 2.4). Raises LoginFailedError."""
    if "iss" not in answer and said.authorization_response_iss_parameter_supported:
        raise LoginFailedError("the answer does not say who gives it (iss)")
    if answer.get("iss", said.issuer) != said.issuer:
        raise LoginFailedError("somebody else answers (iss)")


def _opened(directory: Directory, said: Said, token: Any, what: str) -> dict[str, Any]:
    """What is signed by a key of the provider, with an algorithm that it names; a header's own key counts for nothing."""
    if not isinstance(token, str) or not 0 < len(token) <= MOST_TOKEN:
        raise LoginFailedError(f"{what}: there is none")
    try:
        header = jws.extract_compact(token.encode()).headers()
        kid = header.get("kid")
        for key in directory.keys(said, kid if isinstance(kid, str) else None):
            try:
                return dict(jwt.decode(token, key, algorithms=said.algorithms).claims)
            except (JoseError, ValueError):
                continue
    except (JoseError, ValueError) as error:
        raise LoginFailedError(f"{what}: it is no signed token") from error
    raise LoginFailedError(f"{what}: no key of the provider fits")


def _demand_hash(claims: Mapping[str, Any], token: str, access: Any) -> None:
    """That the access token beside it is the one it was made with, where it says so (Core, 3.1.3.6)."""
    if "at_hash" not in claims:
        return
    alg = jws.extract_compact(token.encode()).headers()["alg"]
    digest = HASHES[alg if alg in HASHES else alg[-3:]](str(access).encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")
    if not hmac.compare_digest(half.encode(), str(claims["at_hash"]).encode()):
        raise LoginFailedError("id_token: at_hash")
