"""What the wall costs: statements under row security against the same rule written out, and the doors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from secrets import token_bytes
from typing import LiteralString

import psycopg
from tests.scale.ground import HEADS, RAW, Ground, Head
from tests.scale.measure import Act, Figure, fitting, times

from wuji.testing import STAGE

STATEMENTS = {
    "list of 20": "select id, title from plugin_bench.tip {} order by title, id limit 20",
    "capped count": "select count(*) from (select from plugin_bench.tip {} limit 1001) x",
}
RATIO, PLUS, DOOR = 1.3, 0.5, 0.5
# A floor against a broken plan (10 to 1,000 times), not against a busy neighbour.
LOOSE_RATIO, LOOSE_PLUS, LOOSE_DOOR = 3.0, 1.5, 3.0


@dataclass(frozen=True)
class Range:
    """What a head may read, as literals for the baseline."""

    lo: int
    hi: int
    tokens: list[int]

    @property
    def where(self) -> str:
        tokens = ",".join(map(str, self.tokens))
        return f"where (pos between {self.lo} and {self.hi} or audience && '{{{tokens}}}')"


def enter(app: psycopg.Connection, head: Head) -> Range:
    """A new transaction behind the head's door."""
    app.rollback()
    app.execute("select * from wuji.enter_session(%s, %s)", (sha256(head.cookie.encode()).digest(), head.code))
    scope = app.execute("select wuji.scope_lo(), wuji.scope_hi(), wuji.scope_tokens()").fetchone()
    if scope is None:
        raise RuntimeError("the scope cannot be read")
    return Range(*scope)


def reads(ground: Ground) -> Iterator[Figure]:
    """The policy alone decides; the baseline says the same in its WHERE and falls under no policy."""
    app, raw = ground.connect("wuji_app"), ground.connect(RAW)
    seconds = 1.0 if ground.size.short else 5.0
    for head in HEADS:
        where = enter(app, head).where
        for name, statement in STATEMENTS.items():
            ours, theirs = statement.format(""), statement.format(where)
            if app.execute(ours).fetchall() != raw.execute(theirs).fetchall():
                raise RuntimeError(f"{name} of the {head.level}: the wall and the written rule answer differently")
            acts = [
                lambda: raw.execute(theirs).fetchall(),  # noqa: B023 - called in this turn only
                lambda: app.execute(ours).fetchall(),  # noqa: B023
            ]
            base, mine = times(fitting(seconds, *acts), *acts)
            yield Figure(
                what=f"{name}, {head.level}",
                asked=f"≤ {RATIO}× or + {PLUS} ms",
                measured=f"{mine:.2f} ms ({mine / base:.2f}×)",
                baseline=f"{base:.2f} ms",
                value=mine,
                most=max(base * RATIO, base + PLUS),
                loose=max(base * LOOSE_RATIO, base + LOOSE_PLUS),
            )
    app.close()
    raw.close()


def doors(ground: Ground) -> Iterator[Figure]:
    """Each door alone, in a transaction that has begun; beside it a statement that does nothing."""
    city, grid = HEADS[0], HEADS[-1]
    job, secret = leased_job(ground)
    session = "select * from wuji.enter_session(%s, %s)"
    calls: dict[str, tuple[LiteralString, Sequence[object]]] = {
        "enter_session, city": (session, (sha256(city.cookie.encode()).digest(), city.code)),
        "enter_session, grid": (session, (sha256(grid.cookie.encode()).digest(), grid.code)),
        "enter_public, grid": ("select * from wuji.enter_public(%s)", (grid.code,)),
        "enter_job, grid": ("select * from wuji.enter_job(%s, %s)", (job, secret)),
    }
    connections = {"wuji_app": ground.connect("wuji_app"), "wuji_system": ground.connect("wuji_system")}
    app, system = connections.values()
    acts: list[Act] = [lambda: app.execute("select 1").fetchone()]
    acts += [partial(one, app, *call) for call in calls.values()]
    acts.append(lambda: system.execute("select * from wuji.enter_system()").fetchone())
    nothing, *taken = times(fitting(2.0 if ground.size.short else 6.0, *acts), *acts)
    for name, mine in zip([*calls, "enter_system"], taken, strict=True):
        asked = f"≤ {DOOR} ms"
        yield Figure(
            name, asked, f"{mine:.2f} ms", f"{nothing:.2f} ms: select 1", mine, DOOR, max(LOOSE_DOOR, 12 * nothing)
        )
    for connection in connections.values():
        connection.close()


def one(connection: psycopg.Connection, statement: LiteralString, values: Sequence[object]) -> object:
    return connection.execute(statement, values).fetchone()


def leased_job(ground: Ground) -> tuple[object, bytes]:
    """A job of the grid's head, in a worker's hands."""
    secret = token_bytes(32)
    with ground.connect(STAGE, autocommit=True) as stage:
        row = stage.execute(
            "insert into wuji.job(tenant_id, pos, account_id, kind, state, lease_hash, lease_until) "
            "select tenant_id, pos, account_id, 'scale', 'running', sha256(%s), now() + interval '1 h' "
            "from wuji.role_grant where account_name = 'head 5' returning id",
            (secret,),
        ).fetchone()
    if row is None:
        raise RuntimeError("the grid's head is missing")
    return row[0], secret
