"""Guessing is slowed down, never locked out: nobody can shut somebody else's account by guessing at it."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import text

from wuji.kit.address import network
from wuji.kit.db.doors import Seal
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Problem

BEGIN = text("select wuji.attempt_begin(:keys, :free, :most, :leak, :seal)")
PASS = text("select wuji.attempt_pass(:forgotten, :shared, :seal)")
QUARTER = 15 * 60


@dataclass(frozen=True)
class Limit:
    """`free` tries without a delay, then 1, 2, 4 … seconds, never more than `most`; one is forgiven every `leak` seconds."""

    free: int
    most: int
    leak: int


PAIR = Limit(5, QUARTER, 180)  # a login from one address
STRICT = Limit(
    5, QUARTER, 180
)  # the policy dengbao3: over a day fewer than a lock of 15 minutes after each five lets pass
LOGIN = Limit(30, 60, 60)  # a login from anywhere: a minute at most, or strangers could keep its owner out
ADDRESS = Limit(30, QUARTER, 20)  # an address with any login: a town hall shares one, so it forgives faster


@dataclass(frozen=True)
class Attempt:
    """One try of a login from an address. `strict`: by the policy `dengbao3`."""

    login: str
    address: str
    strict: bool = False

    @property
    def keys(self) -> tuple[bytes, bytes, bytes]:
        """Of the pair, the login, the address. Hashes: the table never shows who tried to log in from where."""
        place = network(self.address)
        return _key("pair", self.login, place), _key("login", self.login), _key("address", place)


def begin_attempt(session: ScopedSession, seal: Seal, attempt: Attempt) -> None:
    """Counts the try. The caller commits before it looks at the proof, so that a wrong one stays counted.

    Raises 429 while an earlier one makes this one wait.
    """
    keys, limits = list(attempt.keys), (PAIR, STRICT if attempt.strict else LOGIN, ADDRESS)
    values = {
        "keys": keys,
        "free": [limit.free for limit in limits],
        "most": [limit.most for limit in limits],
        "leak": [limit.leak for limit in limits],
        "seal": seal.over("attempt_begin", keys),
    }
    seconds: int = session.execute(BEGIN, values).scalar_one()
    if seconds:
        raise Problem("identity.wait", 429, headers={"Retry-After": str(seconds)}, seconds=seconds)


def pass_attempt(session: ScopedSession, seal: Seal, attempt: Attempt) -> None:
    """The proof was right."""
    pair, login, address = attempt.keys
    forgotten, shared = [pair, login], [address]
    seal_over = seal.over("attempt_pass", forgotten, shared)
    session.execute(PASS, {"forgotten": forgotten, "shared": shared, "seal": seal_over})


def _key(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
