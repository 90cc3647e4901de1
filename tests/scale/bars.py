"""Every bar, in the order of the report. A new one is a file beside these and a line here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.scale import (
    dispatch,
    endpoint,
    figures,
    following,
    live,
    memory,
    moving,
    packs,
    searching,
    secrecy,
    spine,
    stations,
    storm,
    tokens,
    wall,
)
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
    Bar(
        "Token endpoint and session look-up, CPU of one request without a web server",
        "bare Flask views with the same SQL, hashing and signature",
        tokens.tokens,
    ),
    Bar("The journal, beside the same writes without it", "the same unit of work, nothing recorded", spine.spine),
    Bar("Whoever follows the journal", "none: the bar is absolute", following.following),
    Bar(
        "Hooks: dispatch to the plugins that are active, without the fence of those that use the database",
        "pluggy's own call of the same implementations",
        dispatch.dispatch,
    ),
    Bar(
        "Packs: read, compared, applied with the journal",
        "django-tenants creating schemas with the tables of two small apps of Django's own (printed beside it; the bar is "
        "absolute)",
        packs.packs,
    ),
    Bar("Memory of the whole demo, sum of PSS", "none", memory.memory),
    Bar(
        "Search at city scope",
        "the same function as one of a login that bypasses row security, its tokens written out",
        searching.searching,
    ),
    Bar(
        "A street that moves, plan and all, in one transaction",
        "another city's same request while the move is only planned (printed beside it; the seconds are absolute)",
        moving.moving,
    ),
    Bar(
        "Figures: a dashboard out of sums", "counting the facts, by a login that bypasses row security", figures.figures
    ),
    Bar(
        "Open pages",
        "the same request while no page is open (printed beside it; everything else is absolute)",
        live.live,
    ),
    Bar("Devices that push", "none: the bar is absolute", stations.stations),
    Bar(
        "A thousand people log in within a minute, on two cores with whoever measures",
        "the same request while nobody logs in",
        storm.storm,
    ),
    Bar("Answers that tell nothing by their time", "the answer that it must not differ from", secrecy.secrecy),
)
