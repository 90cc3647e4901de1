"""What calling hooks costs beside pluggy's own call: twenty plugins, ten of them active, and tenants by the thousand."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from tests.scale.ground import Ground
from tests.scale.measure import Figure, cpu

from wuji.governance.active import ActiveSets
from wuji.kit.clock import now
from wuji.kit.db.doors import Actor, by_public
from wuji.kit.db.engine import make_engine
from wuji.kit.db.session import unit_of_work
from wuji.plugin.discovery import GROUP, Found
from wuji.plugin.dispatcher import Answers, Dispatcher
from wuji.plugin.hookspecs import hook
from wuji.plugin.loading import make_manager
from wuji.plugin.manifest import InBoth, Manifest
from wuji.plugin.plugins import Plugin, Plugins
from wuji.plugin.records import Card
from wuji.testing import STAGE

THERE, ACTIVE = 20, 10
FEW, MANY = 10, 5000
MOST_US, LOOSE_US = 5.0, 15.0
FLAT, LOOSE_FLAT = 1.25, 2.0
CARDS = (Card(name="card", place="main", title="card"),)
ASKED: dict[str, object] = {"surface": "portal", "locale": "zh-CN"}


class Implementation:
    """Gives what it has: the call is what is measured."""

    @hook
    def wuji_cards(self, session: object, surface: str, locale: str) -> Sequence[Card]:
        del session, surface, locale
        return CARDS


@dataclass
class Acting:
    """A session as far as dispatch looks at it: who acts, and the question whether a rule has changed."""

    actor: Actor
    real: Session
    info: dict[str, Any] = field(default_factory=dict)

    def execute(self, statement: Any) -> Any:
        return self.real.execute(statement)


def dispatch(ground: Ground) -> Iterator[Figure]:
    plugins = Plugins(tuple(_plugin(f"bench_{n}") for n in range(THERE)))
    switched_on = [plugin.id for plugin in plugins.loaded[:ACTIVE]]
    with ground.connect(STAGE, autocommit=True) as stage:
        stage.execute(
            "insert into wuji.plugin_rule(tenant_id, plugin_id, by_tenant_id, rule) "
            "select id, p, id, 'require' from wuji.tenant, unnest(%s::text[]) p where parent_id is null",
            [switched_on],
        )
    engine = make_engine(ground.server.url("wuji_app", ground.server.shared), pool_size=2)
    manager = make_manager()
    for plugin in plugins.loaded[:ACTIVE]:
        manager.register(plugin.implementation)
    yield from _figures(ground, engine, plugins, manager.hook.wuji_cards)
    engine.dispose()


def _figures(ground: Ground, engine: Engine, plugins: Plugins, theirs: Any) -> Iterator[Figure]:
    """One process knows ten tenants, another five thousand; both are asked in turns."""
    made = [_know(engine, plugins, number) for number in (FEW, MANY)]
    with unit_of_work(engine, by_public("t1"), read_only=True) as real:
        few, many = (_calling(*one, real) for one in made)
        session = Acting(real.actor, real)
        rounds, batch = (30, 1000) if ground.size.short else (60, 5000)
        base, mine, most = cpu(rounds, batch, lambda: theirs(session=session, **ASKED), few, many)
    beyond = (mine - base) * 1000
    yield Figure(
        what=f"{THERE} plugins, {ACTIVE} active, beside pluggy's own call of the same {ACTIVE}",
        asked=f"≤ {MOST_US} µs more",
        measured=f"{mine * 1000:.2f} µs ({beyond:+.2f} µs)",
        baseline=f"{base * 1000:.2f} µs",
        value=beyond,
        most=MOST_US,
        loose=LOOSE_US,
    )
    yield Figure(
        what=f"the same where {MANY:,} tenants have been asked for instead of {FEW}",
        asked="flat",
        measured=f"{most * 1000:.2f} µs ({most / mine:.2f}×)",
        baseline=f"{mine * 1000:.2f} µs",
        value=most / mine,
        most=FLAT,
        loose=LOOSE_FLAT,
    )


def _know(engine: Engine, plugins: Plugins, number: int) -> tuple[Plugins, ActiveSets, list[Actor]]:
    """The active sets of so many tenants, each worked out once as its first request would."""
    sets = ActiveSets(plugins, now)
    actors = []
    for n in range(1, number + 1):
        with unit_of_work(engine, by_public(f"t{n}"), read_only=True) as session:
            sets.find(session)
            actors.append(session.actor)
    return plugins, sets, actors


def _calling(plugins: Plugins, sets: ActiveSets, actors: Sequence[Actor], real: Session) -> Callable[[], Answers]:
    """A call at the next of the tenants. Raises where it reaches others than those that are active."""
    dispatcher = Dispatcher(plugins, sets.ids, lambda *_given: None)
    turns: Any = cycle([Acting(actor, real) for actor in actors])

    def ask() -> Answers:
        session = next(turns)
        return dispatcher.call("wuji_cards", sets.ids(session), session, ASKED, fence=None)

    if len(ask().given) != ACTIVE:
        raise RuntimeError("other plugins are active than those that were switched on")
    return ask


def _plugin(name: str) -> Plugin:
    said = InBoth(zh=name, en=name)
    manifest = Manifest(id=name, version="1", wuji=">=1", name=said, about=said)
    found = Found(name, EntryPoint(name, f"wuji_{name}:plugin", GROUP), Path())
    return Plugin(manifest=manifest, found=found, implementation=Implementation())
