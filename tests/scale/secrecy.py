"""What no answer tells by the time it takes: whether a login exists, whether a row that one may not see is there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from itertools import count, cycle
from time import time
from uuid import UUID, uuid4

from tests.scale.application import open_application
from tests.scale.caller import Caller
from tests.scale.ground import HEADS, PEOPLE, Ground
from tests.scale.measure import Figure, times

from wuji.identity.factors.services.codes import make_secret
from wuji.identity.factors.services.entering import Halfway, close_step
from wuji.identity.factors.services.factors import PURPOSE
from wuji.kit.sealing import Vault
from wuji.testing import STAGE

LOGIN, ROW = 2.0, 0.3
PUT = "insert into wuji.factor(id, account_id, kind, name, secret, confirmed_at) values (%s, %s, 'totp', 'scale', %s, now())"
# A password that is never hashed is 30 ms faster; a row that is read before it is refused costs a statement more.
LOOSE_LOGIN, LOOSE_ROW = 12.0, 1.5
FOREIGN = {
    "accounts/{}/state": "select account_id from wuji.role_grant where account_name = 'head 1'",
    "jobs/{}": "insert into wuji.job(tenant_id, pos, account_id, kind) select tenant_id, pos, account_id, 'scale' "
    "from wuji.role_grant where account_name = 'head 1' returning id",
}


def secrecy(ground: Ground) -> Iterator[Figure]:
    with open_application(ground) as (caller, _engine):
        yield logins(ground, caller)
        with with_phones(ground) as holders:
            yield holding(ground, caller, holders)
            yield codes(ground, caller, holders)
        for path, statement in FOREIGN.items():
            yield rows(ground, caller, path, statement)


def logins(ground: Ground, caller: Caller) -> Figure:
    """Each try comes from an address of its own: whoever must wait is told so before any password is looked at."""
    addresses = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in count(1))

    def attempt(logins: Iterator[str]) -> None:
        body = {"login": next(logins), "password": "not-their-password"}
        caller.ask(caller.writing("session", body, next(addresses)), HTTPStatus.UNAUTHORIZED)

    known, unknown = (cycle(f"{name}-{n}" for n in range(1, PEOPLE + 1)) for name in ("person", "nobody"))
    seen = times(30 if ground.size.short else 300, lambda: attempt(known), lambda: attempt(unknown))
    return apart("unknown login and wrong password", seen, LOGIN, LOOSE_LOGIN)


@contextmanager
def with_phones(ground: Ground) -> Iterator[list[UUID]]:
    """Every other person has an app that shows codes; whose they are, by the order of their logins."""
    with ground.connect(STAGE, autocommit=True) as stage:
        find = "select id from wuji.account where login like 'person-%' order by substr(login, 8)::int"
        holders = [row[0] for row in stage.execute(find).fetchall()][1::2]
        for holder in holders:
            factor_id = uuid4()
            secret = Vault(ground.server.seal, PURPOSE).close(str(factor_id), make_secret())
            stage.execute(PUT, (factor_id, holder, secret))
        try:
            yield holders
        finally:
            stage.execute("delete from wuji.factor where name = 'scale'")


def holding(ground: Ground, caller: Caller, holders: list[UUID]) -> Figure:
    """Whether whoever guesses a password learns that there is a second step behind it."""
    addresses = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in count(1 << 20))

    def attempt(logins: Iterator[str]) -> None:
        body = {"login": next(logins), "password": "not-their-password"}
        caller.ask(caller.writing("session", body, next(addresses)), HTTPStatus.UNAUTHORIZED)

    without, having = (cycle(f"person-{2 * n + less}" for n in range(1, len(holders))) for less in (1, 2))
    seen = times(30 if ground.size.short else 300, lambda: attempt(without), lambda: attempt(having))
    return apart("wrong password without and with a second step", seen, LOGIN, LOOSE_LOGIN)


def codes(ground: Ground, caller: Caller, holders: list[UUID]) -> Figure:
    """Whether a wrong code of an app takes another time than a wrong one on paper."""
    addresses = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in count(1 << 21))
    people = cycle(holders)

    def attempt(kind: str, code: str) -> None:
        step = close_step(ground.server.seal, Halfway(next(people), int(time())))
        body = {"continuation": step, "kind": kind, "code": code}
        caller.ask(caller.writing("session/factor", body, next(addresses)), HTTPStatus.UNAUTHORIZED)

    app, paper = ("totp", "000000"), ("recovery", "AAAA-AAAA-AAAA-AAAA")
    seen = times(30 if ground.size.short else 300, lambda: attempt(*app), lambda: attempt(*paper))
    return apart("wrong code of an app and on paper", seen, LOGIN, LOOSE_LOGIN)


def rows(ground: Ground, caller: Caller, path: str, statement: str) -> Figure:
    """A street's head asks for what belongs to the city, and for what was never there."""
    with ground.connect(STAGE, autocommit=True) as stage:
        found = stage.execute(statement.encode()).fetchone()
    if found is None:
        raise RuntimeError(f"no row for {path}")

    def read(row_id: Callable[[], UUID]) -> None:
        caller.ask(caller.reading(HEADS[2], path.format(row_id())), HTTPStatus.NOT_FOUND)

    seen = times(100 if ground.size.short else 1000, lambda: read(uuid4), lambda: read(lambda: found[0]))
    return apart(f"absent and foreign row, GET …/{path.format('<id>')}", seen, ROW, LOOSE_ROW)


def apart(what: str, seen: list[float], most: float, loose: float) -> Figure:
    first, second = seen
    measured = f"{abs(second - first):.2f} ms ({second:.2f} ms)"
    loose = max(loose, first / 4)  # a busy machine makes everything slower, the difference too
    return Figure(what, f"≤ {most} ms apart", measured, f"{first:.2f} ms", abs(second - first), most, loose)
