"""What such systems have in common, and the five places in which they differ."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from wuji.identity.federation.services.metadata import call, told
from wuji.kit.calling import Caller
from wuji.plugin.logins import Joined, LoginFailedError, LoginKind, Recognised

Json = Mapping[str, Any]
MOST_SUB = 255


class Adapter(ABC):
    """Five seams: where the browser goes (`authorize`), under which name the code comes back (`code`), what the code is
    exchanged for (`exchange`), what counts as an error (`demand`), and who that is (`identity`).
    """

    name: str
    base: str
    code = "code"

    def kind(self) -> LoginKind:
        return LoginKind(
            name=self.name, base=self.base, authorize=self.authorize, identify=self.identify, code=self.code
        )

    def identify(self, joined: Joined, caller: Caller, code: str) -> Recognised:
        """Raises LoginFailedError."""
        found = self.identity(joined, caller, self.exchange(joined, caller, code))
        if not 0 < len(found.sub) <= MOST_SUB or not found.realm:
            raise LoginFailedError(f"{self.name}: it does not say who that is")
        return found

    @abstractmethod
    def authorize(self, joined: Joined, back: str, state: str) -> str:
        """Where the browser goes."""

    @abstractmethod
    def exchange(self, joined: Joined, caller: Caller, code: str) -> Json:
        """What the code is worth. Raises LoginFailedError."""

    @abstractmethod
    def demand(self, answer: Json) -> None:
        """Raises LoginFailedError for an answer that is an error, whatever its status."""

    @abstractmethod
    def identity(self, joined: Joined, caller: Caller, token: Json) -> Recognised:
        """Who that is. Raises LoginFailedError."""

    def get(self, caller: Caller, address: str, params: Json, headers: Mapping[str, str] | None = None) -> Json:
        """The answer, once `demand` has let it pass. Secrets stand in such queries: errors tell none of it."""
        return self._ask(caller, "GET", f"{address}?{urlencode(params)}" if params else address, None, headers)

    def post(self, caller: Caller, address: str, sent: Json, headers: Mapping[str, str] | None = None) -> Json:
        """The same, with JSON."""
        kind = {"Content-Type": "application/json"}
        return self._ask(caller, "POST", address, msgspec.json.encode(sent), {**kind, **(headers or {})})

    def _ask(
        self, caller: Caller, method: str, address: str, body: bytes | None, headers: Mapping[str, str] | None
    ) -> Json:
        """JSON, also where it is served as text."""
        answer = call(caller, method, address, body, headers)
        try:
            found = msgspec.json.decode(answer.body, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise LoginFailedError(f"{told(method, address)}: {answer.status}, no JSON") from error
        self.demand(found)
        return found

    def fault(self, code: object, said: object = "") -> LoginFailedError:
        """Their code of an error and what they say of it, in ASCII and short."""
        return LoginFailedError(f"{self.name}: {ascii(str(code)[:40])[1:-1]} {ascii(str(said)[:80])[1:-1]}".rstrip())


def text(answer: Json, *names: str) -> str:
    """The first of these members that is a text or a number; empty where there is none."""
    found = (answer.get(name) for name in names)
    return next(
        (str(one) for one in found if isinstance(one, str | int) and not isinstance(one, bool) and one != ""), ""
    )
