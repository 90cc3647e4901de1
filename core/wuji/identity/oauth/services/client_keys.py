"""Public keys of programs: told at registration, or fetched from where they said (RFC 7591, 2)."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from time import monotonic

import msgspec

from wuji.identity.oauth.metadata import Metadata, read_key_set
from wuji.kit.calling import Caller, CallFailedError
from wuji.kit.http.proof import PublicKey
from wuji.kit.outbound import InwardError

KEPT, SOON = 300.0, 1.0  # seconds: for which a set is good, and after which an unknown key is a reason to ask again
MOST = 1000  # sets of one process


@dataclass(frozen=True)
class Fetched:
    at: float
    keys: Sequence[PublicKey] = field(repr=False)


class ClientKeys:
    """Sets of keys that were fetched, for a while. An address that does not answer is asked again after `SOON`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._kept: OrderedDict[str, Fetched] = OrderedDict()
        self._lock = Lock()

    def find(self, metadata: Metadata, kid: str | None) -> Sequence[PublicKey]:
        """Those that a signature may be of: the one of that name, or where it has none all."""
        if metadata.jwks is not None:
            return _named(read_key_set(metadata.jwks), kid)
        return _named(self._fetched(metadata.jwks_uri, kid), kid) if metadata.jwks_uri else ()

    def _fetched(self, address: str, kid: str | None) -> Sequence[PublicKey]:
        moment = monotonic()
        with self._lock:
            known = self._kept.get(address)
        age = moment - known.at if known else KEPT
        if known and age < (KEPT if _named(known.keys, kid) else SOON):
            return known.keys
        made = Fetched(moment, self._fetch(address))
        with self._lock:
            self._kept[address] = made
            self._kept.move_to_end(address)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made.keys

    def _fetch(self, address: str) -> Sequence[PublicKey]:
        """Nothing where there is no proper answer: then no signature fits."""
        try:
            answer = self._caller.call("GET", address, headers={"Accept": "application/jwk-set+json, application/json"})
            if answer.status != HTTPStatus.OK:
                return ()
            return read_key_set(msgspec.json.decode(answer.body))
        except (InwardError, CallFailedError, OSError, msgspec.DecodeError, ValueError):
            return ()


def _named(keys: Sequence[PublicKey], kid: str | None) -> Sequence[PublicKey]:
    return [key for key in keys if kid is None or key.as_dict().get("kid") in {None, kid}]
