"""What the frame around a list costs: CPU of this process for one request, against a bare view that does the same work."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Engine, event
from tests.scale.application import open_application
from tests.scale.bare import make_bare
from tests.scale.caller import Caller
from tests.scale.ground import HEADS, Ground, Head
from tests.scale.measure import Figure, cpu

RATIO, LOOSE_RATIO = 1.5, 2.0
PATH = "journal"


def endpoint(ground: Ground) -> Iterator[Figure]:
    """The journal of a city and of a street: twenty rows of eleven columns, and their capped total."""
    with open_application(ground) as (caller, engine):
        bare = Caller(make_bare(engine, caller.cookie), caller.cookie)
        for head in (HEADS[0], HEADS[2]):
            same_work(engine, head, caller, bare)
            asked = caller.reading(head, PATH)
            rounds = 10 if ground.size.short else 40
            base, mine = cpu(rounds, 20, lambda: bare.ask(asked), lambda: caller.ask(asked))  # noqa: B023
            yield Figure(
                what=f"GET /tenants/<code>/{PATH}, 20 rows, {head.level}",
                asked=f"≤ {RATIO}×",
                measured=f"{mine:.2f} ms CPU ({mine / base:.2f}×)",
                baseline=f"{base:.2f} ms CPU",
                value=mine / base,
                most=RATIO,
                loose=LOOSE_RATIO,
            )


def same_work(engine: Engine, head: Head, *callers: Caller) -> None:
    """Raises unless all answer the same with as many statements, or the ratio would compare different things."""
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    done = []
    for caller in callers:
        asked = caller.reading(head, PATH)
        caller.ask(asked)  # the first use of a session prolongs it
        seen.clear()
        done.append((msgspec.json.decode(caller.ask(asked)), len(seen)))
    if any(one != done[0] for one in done):
        raise RuntimeError(f"the bare view does other work: {[count for _, count in done]} statements")
