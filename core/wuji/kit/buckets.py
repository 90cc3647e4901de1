"""How often somebody may ask, counted in Valkey: one bucket of tokens per caller. Where Valkey is away nobody is refused.

A bucket is one time, the one at which it will be full again (GCRA). It is gone when it is full, so no trace of a caller
outlives the window; its name is a keyed hash, so that nobody reads from Valkey who asked.
"""

import logging
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Literal

from valkey import Valkey
from valkey.backoff import NoBackoff
from valkey.exceptions import ValkeyError
from valkey.retry import Retry

from wuji.kit.db.doors import Seal

log = logging.getLogger(__name__)
PATIENCE = 0.25  # seconds for an answer, far above a round trip: a server that hangs must not hold requests
PAUSE = 5.0  # seconds for which a server that was away is not asked again
# The last two: a URL with options that the broker's client knows and this one does not.
UNREACHED = (ValkeyError, OSError, TypeError, ValueError)
SOCKETS = ("redis+socket://", "valkey+socket://")
DIRECT = ("redis://", "rediss://", "valkey://", "valkeys://")
# By Valkey's own clock, in one step: of many calls at one moment no more pass than of many in a row. Answers the milliseconds
# to wait; 0: a token was taken.
TAKE = """
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local one, whole = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + one
if full - whole > now then return math.ceil((full - whole - now) / 1000) end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
return 0
"""


@dataclass(frozen=True)
class Rate:
    """At most `most` at once; all of them have come back after `seconds`. Counted per address for whoever has no account, or
    per account.
    """

    name: str
    most: int
    seconds: int
    by: Literal["address", "account"] = "address"


class Buckets:
    """The buckets of one deployment; without a URL there are none, and everything may be asked."""

    def __init__(self, url: str, seal: Seal, percent: int = 100) -> None:
        self._seal, self._percent = seal, percent
        self._take = connect(url).register_script(TAKE) if url and percent else None
        self._lock = Lock()
        self._away = False
        self._again = 0.0

    def most(self, rate: Rate) -> int:
        """How many at once, as this deployment has it."""
        return max(1, rate.most * self._percent // 100)

    def take(self, rate: Rate, *what: str) -> float:
        """Takes a token; seconds to wait where there is none, 0 where there was one. `what` is counted together."""
        if self._take is None or monotonic() < self._again:
            return 0
        key = f"wuji:rate:{rate.name}:{self._seal.over('rate', rate.name, *what)[:16].hex()}"
        whole = rate.seconds * 1_000_000
        try:
            waits = self._take(keys=[key], args=[whole // self.most(rate), whole])
        except UNREACHED as error:
            self._lost(error)
            return 0
        if self._away:
            self._found()
        return float(waits) / 1000

    def _lost(self, error: Exception) -> None:
        with self._lock:
            first, self._away, self._again = not self._away, True, monotonic() + PAUSE
        if first:
            log.warning("rate limits are off until Valkey answers again; logins and joining stay limited: %s", error)

    def _found(self) -> None:
        with self._lock:
            back, self._away = self._away, False
        if back:
            log.warning("Valkey answers again; rate limits are on")


def counting_url(url: str) -> str:
    """The URL of Redis or Valkey as the client writes it; empty for what cannot count."""
    for start in SOCKETS:
        if url.startswith(start):
            return f"unix://{url.removeprefix(start).partition('?')[0]}"
    return url if url.startswith(DIRECT) else ""


def connect(url: str) -> Valkey:
    """A client for a counting URL. It connects when it is first asked."""
    once = Retry(NoBackoff(), 1)  # a connection that a restart has cut is no server that is away
    return Valkey.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=once)
