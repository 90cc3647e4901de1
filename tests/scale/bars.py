"""Every bar, in the order of the report. A new one is a file beside these and a line here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.scale import endpoint, secrecy, wall
from tests.scale.ground import Ground
from tests.scale.measure import Figure


@dataclass(frozen=True)
class Bar:
    """What is promised, and against what it is measured."""

    title: str
    baseline: str
    measure: Callable[[Ground], Iterator[Figure]]


BARS = (
    Bar(
        "The wall, statement only",
        "the same SQL with the rule in its WHERE, literals, a login that bypasses row security",
        wall.reads,
    ),
    Bar("Doors, inside a transaction", "select 1 (printed beside it; the bar is absolute)", wall.doors),
    Bar(
        "List endpoint, CPU of one request without a web server",
        "a bare Flask view with the same session, door, permission, SQL and answer: Core rows, msgspec",
        endpoint.endpoint,
    ),
    Bar("Answers that tell nothing by their time", "the answer that it must not differ from", secrecy.secrecy),
)
