"""What a provider says of itself (OpenID Connect Discovery 1.0), and its keys; read again after a while."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from wuji.kit.calling import Answered, Caller, CallFailedError
from wuji.kit.outbound import InwardError
from wuji.plugin.logins import LoginFailedError

KEPT, SOON = 3600.0, 60.0  # seconds: for which both are good, and after which an unknown key is a reason to ask again
MOST = 500  # providers of one process
ALGORITHMS = ("ES256", "RS256", "PS256", "ES384", "RS384", "PS384", "ES512", "RS512", "PS512", "EdDSA", "Ed25519")
WELL_KNOWN = "/.well-known/openid-configuration"
Key = ECKey | RSAKey | OKPKey
Kept = TypeVar("Kept")


class Said(msgspec.Struct, frozen=True):
    """Of the provider's metadata what we go by (Discovery 3; RFC 8414; RFC 9126, 5; RFC 9207, 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    pushed_authorization_request_endpoint: str = ""
    require_pushed_authorization_requests: bool = False
    authorization_response_iss_parameter_supported: bool = False
    id_token_signing_alg_values_supported: Sequence[str] = ("RS256",)
    token_endpoint_auth_methods_supported: Sequence[str] = ("client_secret_basic",)

    @property
    def algorithms(self) -> list[str]:
        """Those of its that we take: none without a key of its own."""
        return [name for name in ALGORITHMS if name in self.id_token_signing_alg_values_supported]


@dataclass(frozen=True)
class Dated:
    at: float
    value: Any = field(repr=False)


class Directory:
    """Metadata and keys of providers, each for a while."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self._kept: OrderedDict[str, Dated] = OrderedDict()
        self._lock = Lock()

    def find(self, issuer: str) -> Said:
        """Raises LoginFailedError, also where somebody else than that issuer answers (Discovery 4.3)."""
        known = self._known(issuer, KEPT)
        if known is None:
            answer = ask(self.caller, "GET", f"{issuer.rstrip('/')}{WELL_KNOWN}")
            try:
                known = msgspec.convert(answer, Said)
            except msgspec.ValidationError as error:
                raise LoginFailedError(f"metadata: {error}") from error
            if known.issuer != issuer:
                raise LoginFailedError("metadata: it names another issuer")
            self._keep(issuer, known)
        found: Said = known
        return found

    def keys(self, said: Said, kid: str | None) -> Sequence[Key]:
        """Those that a signature may be of. An unknown name has them read again, once a minute. Raises LoginFailedError."""
        known = self._known(said.jwks_uri, KEPT)
        if known is None or (not named(known, kid) and self._known(said.jwks_uri, SOON) is None):
            known = read_keys(ask(self.caller, "GET", said.jwks_uri))
            self._keep(said.jwks_uri, known)
        return named(known, kid)

    def _known(self, name: str, good: float) -> Any:
        with self._lock:
            found = self._kept.get(name)
        return found.value if found and monotonic() - found.at < good else None

    def _keep(self, name: str, value: Any) -> None:
        with self._lock:
            self._kept[name] = Dated(monotonic(), value)
            self._kept.move_to_end(name)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)


def read_keys(answer: Mapping[str, Any]) -> Sequence[Key]:
    """Public keys of a set (RFC 7517); of kinds we do not know none. Raises LoginFailedError."""
    try:
        given = answer.get("keys", ())
        keys = [one for one in given if one.get("kty") in {"EC", "RSA", "OKP"} and one.get("use", "sig") == "sig"]
        return [key for key in KeySet.import_key_set({"keys": keys}).keys if isinstance(key, Key)]
    except (JoseError, ValueError, TypeError, AttributeError) as error:
        raise LoginFailedError("jwks: no set of keys") from error


def named(keys: Sequence[Key], kid: str | None) -> list[Key]:
    return [key for key in keys if kid is None or key.as_dict(private=False).get("kid") in {None, kid}]


def call(
    caller: Caller, method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answered:
    """Raises LoginFailedError where nobody answers, or an address leads inwards."""
    try:
        return caller.call(method, address, body, {"Accept": "application/json", **(headers or {})})
    except (InwardError, CallFailedError, OSError, ValueError) as error:
        raise LoginFailedError(f"{told(method, address)}: {type(error).__name__}") from error


def told(method: str, address: str) -> str:
    """As the log has it: without what stands in a query, in ASCII."""
    return ascii(f"{method} {address.partition('?')[0][:200]}")[1:-1]


def ask(
    caller: Caller, method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A JSON object. Raises LoginFailedError for everything else; an error of OAuth is told by its code (RFC 6749, 5.2)."""
    answer = call(caller, method, address, body, headers)
    found = as_object(answer)
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        code = str(found.get("error", ""))[:60].encode("ascii", "replace").decode()
        raise LoginFailedError(f"{told(method, address)}: {answer.status} {code}".rstrip())
    return found


def as_object(answer: Answered) -> dict[str, Any]:
    try:
        return msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
            return {}
        raise LoginFailedError("the answer is no JSON object") from error
