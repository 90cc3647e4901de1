"""What the command line does, on the test server: with every permission at one tenant of a world."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from wuji.kit.db.session import ScopedSession
from wuji.testing.world import World
from wuji.work.services import acting_as_system


@contextmanager
def acting(app: Flask, world: World, tenant: str) -> Iterator[ScopedSession]:
    """One unit of work of the account `system`; importers run in such a one."""
    system = world.server.engine("wuji_system", world.database)
    deployment = app.extensions["wuji"]
    with acting_as_system(deployment, system, "test", tenant_id=world.tenant[tenant]) as session:
        yield session
    system.dispose()
