"""A dispatcher with plugins of a test's own, at work in somebody's session."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import text

from wuji.kit.db.session import ScopedSession, unit_of_work
from wuji.kit.deployment import Deployment
from wuji.plugin.dispatcher import Dispatcher
from wuji.testing import World
from wuji.testing.workshop import Workshop


@dataclass(frozen=True)
class AtWork:
    """`with at_work("resident", "village") as (dispatcher, session):`"""

    app: Flask
    world: World

    @property
    def deployment(self) -> Deployment:
        found: Deployment = self.app.extensions["wuji"]
        return found

    def __call__(
        self, who: str, tenant: str | None, *, read_only: bool = False
    ) -> AbstractContextManager[tuple[Dispatcher, ScopedSession]]:
        return self._enter(who, tenant, read_only=read_only)

    @contextmanager
    def _enter(self, who: str, tenant: str | None, *, read_only: bool) -> Iterator[tuple[Dispatcher, ScopedSession]]:
        made = self.deployment
        door = self.world.door(who, tenant)
        with unit_of_work(made.engine, door, read_only=read_only, projectors=made.projectors) as session:
            yield made.part(Dispatcher), session


@pytest.fixture
def start(serve: Callable[..., Flask], workshop: Workshop, world: World) -> Callable[[], AtWork]:
    """Loads what the test has written; every plugin of the workshop is on in the city."""

    def make() -> AtWork:
        plugins = workshop.load()
        assert not plugins.quarantined
        world.rule("city", *plugins.by_id)
        return AtWork(serve(plugins), world)

    return make


@pytest.fixture
def limit() -> Callable[[ScopedSession], str]:
    """statement_timeout as the session has it now."""
    return lambda session: session.execute(text("show statement_timeout")).scalar_one()
