"""Counting as jobs do it, for tests of plugins that have figures: after a record, by the clock, and once more to compare."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from flask import Flask

from wuji.rollup.registry import Figures
from wuji.rollup.services.counting import count, hold
from wuji.rollup.services.rebuilding import Comparison, sweep_figure, verify
from wuji.testing.acting import acting
from wuji.testing.world import World
from wuji.work.services import system_door


def count_recorded(app: Flask, world: World, kind: str, *subjects: str, at: str = "city") -> None:
    """What is done about a record of that kind of each of these."""
    figures = app.extensions["wuji"].part(Figures)
    with acting(app, world, at) as session:
        for figure in figures.of_kind[kind]:
            hold(session, figure)
            count(session, figure, subjects)


def sweep_figures(app: Flask, world: World, names: Collection[str], at: str = "city") -> None:
    """What the clock does every few minutes; whatever was changed up to now is counted."""
    figures = app.extensions["wuji"].part(Figures)
    with acting(app, world, at) as session:
        for name in sorted(names):
            sweep_figure(session, figures.by_name[name], lambda: datetime.now(UTC) + timedelta(seconds=1))


def verify_figures(app: Flask, world: World, plugin: str, at: str = "city") -> list[Comparison]:
    """Every figure of a plugin beside what counting everything again gives."""
    deployment = app.extensions["wuji"]
    system = world.server.engine("wuji_system", world.database)
    named = deployment.part(Figures).by_name.items()
    with system_door(system, "test", tenant_id=world.tenant[at], hold="1 minute") as door:
        found = [verify(deployment, door, one, int) for name, one in named if name.startswith(f"{plugin}.")]
    system.dispose()
    return found
