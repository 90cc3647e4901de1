"""Identity systems that depart from OpenID Connect, as plugins and the core declare them. Fields are added with a default, never
changed and never taken away.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from wuji.kit.calling import Caller


class LoginFailedError(RuntimeError):
    """An identity system does not answer, or not as it should. The text says what, in ASCII, for whoever set it up."""


class LoginDeniedError(LoginFailedError):
    """The person did not agree there."""


@dataclass(frozen=True, kw_only=True)
class Joined:
    """An identity system as a place has set it up. `base`: where it answers; `extra`: what else its kind wants to know."""

    base: str
    client_id: str
    secret: str = field(repr=False)
    extra: str = ""


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """Whom it says that somebody is. `sub` is theirs alone within `realm`, for good; `name` is what they are called."""

    realm: str
    sub: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class LoginKind:
    """A kind of identity system that is no OpenID provider, called `<feature>.login_kind.<name>`.

    `authorize(joined, back, state)` is where the browser goes; it comes back with `state` and, under the name `code`, what
    `identify(joined, caller, code)` tells a person by. That raises LoginFailedError; it calls others by the caller alone, which
    lets nobody inwards. `base`: where it answers, unless a place names another address.
    """

    name: str
    base: str
    authorize: Callable[[Joined, str, str], str]
    identify: Callable[[Joined, Caller, str], Recognised]
    code: str = "code"
