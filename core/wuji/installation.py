"""The core and the plugins that are found, and what they make in a database: schemas, functions, built-in rows, keys.
Without the program that serves them, which takes far more memory and time to load.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection, Engine

from wuji.governance import permissions as governance
from wuji.governance.installing import install_plugin, install_plugins, list_unready, remove_plugin
from wuji.identity import permissions as identity
from wuji.identity.builtin import put_built_in
from wuji.identity.oauth import following as oauth_following
from wuji.inbox.topics import FOLLOWED, TOPICS, put_topics
from wuji.journal import permissions as journal
from wuji.journal.installing import Declared, put_consumers
from wuji.kit.db.doors import Seal
from wuji.kit.db.keys import ensure_keys
from wuji.kit.db.migrate import Lineage, upgrade
from wuji.kit.db.model import Model
from wuji.kit.permission import Permission
from wuji.onboarding import permissions as onboarding
from wuji.plugin.checking import Core
from wuji.plugin.loading import load_plugins
from wuji.plugin.plugins import NONE, Plugin, Plugins, Quarantined
from wuji.plugin.running import Schedule, Topic
from wuji.rollup import following as rollup_following
from wuji.rollup import permissions as rollup
from wuji.tenancy import following as tenancy_following
from wuji.tenancy import permissions as tenancy
from wuji.wall import KINDS, functions
from wuji.work import permissions as work
from wuji.work.installing import put_schedules

PERMISSIONS: tuple[Permission, ...] = (
    *tenancy.PERMISSIONS,
    *identity.PERMISSIONS,
    *journal.PERMISSIONS,
    *work.PERMISSIONS,
    *onboarding.PERMISSIONS,
    *governance.PERMISSIONS,
    *rollup.PERMISSIONS,
)
SCHEDULES: tuple[Schedule, ...] = (rollup_following.SCHEDULE,)
CORE = Lineage("wuji", Model.metadata)


@lru_cache
def find_plugins(folder: Path) -> Plugins:
    """What is installed or lies in the folder, imported once per process; the database has not been asked yet."""
    return load_plugins(folder, Core({permission.name for permission in PERMISSIONS}, KINDS))


def permissions(plugins: Plugins) -> tuple[Permission, ...]:
    """Of the core and of plugins."""
    return (*PERMISSIONS, *chain.from_iterable(plugin.permissions for plugin in plugins))


def consumers(plugins: Plugins) -> Iterator[Declared]:
    """What follows the journal, of the core and of plugins; assembly has the functions that do it."""
    found = {"tenant", *(kind.name for plugin in plugins for kind in plugin.search_kinds)}
    yield Declared(name="search.follow", kinds=frozenset(found))
    yield Declared(name="inbox.tell", kinds=FOLLOWED)
    yield Declared(name=oauth_following.NAME, kinds=oauth_following.FOLLOWED)
    yield Declared(name=tenancy_following.NAME, kinds=tenancy_following.FOLLOWED)
    yield Declared(name=rollup_following.FOLLOW, kinds=rollup_following.FOLLOWED)
    if counted := frozenset(figure.kind for plugin in plugins for figure in plugin.figures if figure.kind):
        yield Declared(name=rollup_following.COUNT, kinds=counted)
    for handler in chain.from_iterable(plugin.handlers for plugin in plugins):
        yield Declared(name=handler.name, kinds=handler.kinds, from_start=handler.from_start)


def topics(plugins: Plugins) -> tuple[Topic, ...]:
    """Of the core and of plugins."""
    return (*TOPICS, *chain.from_iterable(plugin.topics for plugin in plugins))


def schedules(plugins: Plugins) -> tuple[Schedule, ...]:
    """Of the core and of plugins."""
    return (*SCHEDULES, *chain.from_iterable(plugin.schedules for plugin in plugins))


def put_declared(owner: Engine, plugins: Plugins) -> None:
    """Rows that say what runs in the background."""
    with owner.begin() as connection:
        put_consumers(connection, consumers(plugins), plugins.by_id.keys())
        put_topics(connection, topics(plugins), plugins.by_id.keys())
        put_schedules(connection, schedules(plugins), plugins.by_id.keys())


def served(engine: Engine, plugins: Plugins) -> Plugins:
    """Those whose schema the database has as their code wants it."""
    with engine.connect() as connection:
        return plugins.without(list_unready(connection, plugins))


def install(owner: Engine, seal: Seal, plugins: Plugins = NONE) -> list[Quarantined]:
    """Brings schemas, functions, built-in rows and keys to what this release and these plugins declare; makes them in an
    empty database. Returns the plugins whose own revisions failed; nothing half-done is left of those.
    """

    def rows(connection: Connection) -> None:
        put_built_in(connection, permissions(plugins))
        ensure_keys(connection, seal)

    upgrade(owner, CORE, functions(), rows)
    failed = install_plugins(owner, plugins)
    put_declared(owner, plugins.without(failed))
    return failed


def install_one(owner: Engine, plugins: Plugins, plugin: Plugin) -> None:
    """One plugin into a database that has the core."""
    install_plugin(owner, plugin)
    with owner.begin() as connection:
        put_built_in(connection, permissions(plugins))
    put_declared(owner, plugins)


def remove_one(owner: Engine, plugins: Plugins, plugin_id: str) -> None:
    """One plugin out of a database with all its data; roles lose its permissions."""
    remove_plugin(owner, plugin_id)
    stay = plugins.without([Quarantined(plugin_id, "schema", "it was removed")])
    with owner.begin() as connection:
        put_built_in(connection, permissions(stay))
    put_declared(owner, stay)
