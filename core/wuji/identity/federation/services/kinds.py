"""Kinds of identity systems beside OpenID providers: the core's and those of plugins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from wuji.identity.federation.services.oidc import Kept, Who
from wuji.identity.federation.services.providers import OIDC, Provider
from wuji.kit.calling import Caller
from wuji.kit.problem import Fault, invalid
from wuji.plugin.logins import Joined, LoginDeniedError, LoginFailedError, LoginKind


@dataclass(frozen=True)
class LoginKinds:
    """By name; OpenID providers are none of them."""

    by_name: Mapping[str, LoginKind]

    def base_of(self, kind: str, given: str) -> str:
        """Where a provider of that kind answers. Raises 422 for a kind that nobody knows, or where an address must be named."""
        if kind != OIDC and kind not in self.by_name:
            raise invalid(Fault("#/kind", "identity.invalid.login_kind"))
        found = given or ("" if kind == OIDC else self.by_name[kind].base)
        if not found:
            raise invalid(Fault("#/issuer", "identity.invalid.issuer"))
        return found


def register_login_kinds(declared: Iterable[LoginKind]) -> LoginKinds:
    """Raises ValueError for a name taken twice."""
    by_name: dict[str, LoginKind] = {}
    for kind in declared:
        if kind.name in by_name or kind.name == OIDC:
            raise ValueError(f"two kinds of login are called {kind.name}")
        by_name[kind.name] = kind
    return LoginKinds(by_name)


@dataclass(frozen=True)
class Visitor:
    """We, towards one identity system that departs from OpenID Connect. It gives neither nonce nor PKCE: that an answer
    belongs to this browser and this provider, the state and the address of its own say.
    """

    kind: LoginKind
    provider: Provider
    caller: Caller
    back: str
    at: int

    def begin(self, state: str, *, fresh: bool = False) -> tuple[str, Kept]:  # noqa: ARG002 - none of them can be asked for that
        """Where the browser goes, and what is kept meanwhile."""
        return self.kind.authorize(self._joined, self.back, state), Kept("", "", self.at)

    def finish(self, answer: Mapping[str, str], _kept: Kept) -> Who:
        """Who came back with that answer. The issuer names the kind, where it answers and its realm: an address that somebody
        else runs speaks for nobody here. Raises LoginFailedError, LoginDeniedError where there is no code.
        """
        code = answer.get(self.kind.code, "")
        if not code:
            raise LoginDeniedError(f"{self.kind.name}: the answer has no code")
        found = self.kind.identify(self._joined, self.caller, code)
        if "\0" in found.sub or "\0" in found.realm:
            raise LoginFailedError(f"{self.kind.name}: no name of anybody")
        host = urlsplit(self.provider.issuer).netloc
        return Who(f"{self.kind.name}:{host}:{found.realm}", found.sub, found.name)

    @property
    def _joined(self) -> Joined:
        one = self.provider
        return Joined(base=one.issuer, client_id=one.client_id, secret=one.secret, extra=one.options.get("extra", ""))
