"""The core and the plugins that are found, and what they make in a database: schemas, functions, built-in rows, keys.
Without the program that serves them, which takes far more memory and time to load.
"""

from functools import lru_cache
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection, Engine

from wuji.governance import permissions as governance
from wuji.governance.installing import install_plugin, install_plugins, list_unready, remove_plugin
from wuji.identity import permissions as identity
from wuji.identity.builtin import put_built_in
from wuji.journal import permissions as journal
from wuji.kit.db.doors import Seal
from wuji.kit.db.keys import ensure_keys
from wuji.kit.db.migrate import Lineage, upgrade
from wuji.kit.db.model import Model
from wuji.kit.permission import Permission
from wuji.onboarding import permissions as onboarding
from wuji.plugin.loading import Core, load_plugins
from wuji.plugin.plugins import NONE, Plugin, Plugins, Quarantined
from wuji.tenancy import permissions as tenancy
from wuji.wall import KINDS, functions
from wuji.work import permissions as work

PERMISSIONS: tuple[Permission, ...] = (
    *tenancy.PERMISSIONS,
    *identity.PERMISSIONS,
    *journal.PERMISSIONS,
    *work.PERMISSIONS,
    *onboarding.PERMISSIONS,
    *governance.PERMISSIONS,
)
CORE = Lineage("wuji", Model.metadata)


@lru_cache
def find_plugins(folder: Path) -> Plugins:
    """What is installed or lies in the folder, imported once per process; the database has not been asked yet."""
    return load_plugins(folder, Core({permission.name for permission in PERMISSIONS}, KINDS))


def permissions(plugins: Plugins) -> tuple[Permission, ...]:
    """Of the core and of plugins."""
    return (*PERMISSIONS, *chain.from_iterable(plugin.permissions for plugin in plugins))


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
    return install_plugins(owner, plugins)


def install_one(owner: Engine, plugins: Plugins, plugin: Plugin) -> None:
    """One plugin into a database that has the core."""
    install_plugin(owner, plugin)
    with owner.begin() as connection:
        put_built_in(connection, permissions(plugins))


def remove_one(owner: Engine, plugins: Plugins, plugin_id: str) -> None:
    """One plugin out of a database with all its data; roles lose its permissions."""
    remove_plugin(owner, plugin_id)
    gone = Quarantined(plugin_id, "schema", "it was removed")
    with owner.begin() as connection:
        put_built_in(connection, permissions(plugins.without([gone])))
