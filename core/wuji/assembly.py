"""Wires every entry point alike: what registers with what. Reads top to bottom; features know nothing of each other's
registration.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from wuji.files import models as files
from wuji.files.services import StoredFiles
from wuji.files.store import FolderStore
from wuji.files.visibility import VISIBLE as FILES_VISIBLE
from wuji.governance import models as governance
from wuji.governance import permissions as governance_permissions
from wuji.governance import routes as governance_routes
from wuji.governance.active import ActiveSets
from wuji.governance.faults import make_report
from wuji.governance.installing import install_plugin, install_plugins, list_unready, remove_plugin
from wuji.governance.lifecycle import guarded, tenant_projection
from wuji.identity import models as identity
from wuji.identity import permissions as identity_permissions
from wuji.identity import routes as identity_routes
from wuji.identity.builtin import put_built_in
from wuji.identity.services.sessions import SessionUse
from wuji.identity.settings import SETTINGS as IDENTITY_SETTINGS
from wuji.identity.visibility import VISIBLE as IDENTITY_VISIBLE
from wuji.journal import models as journal
from wuji.journal import permissions as journal_permissions
from wuji.journal import routes as journal_routes
from wuji.journal.projectors import register_projections
from wuji.journal.visibility import VISIBLE as JOURNAL_VISIBLE
from wuji.kit.clock import now
from wuji.kit.db import models as kit
from wuji.kit.db.doors import Seal
from wuji.kit.db.engine import make_engine
from wuji.kit.db.keys import ensure_keys
from wuji.kit.db.migrate import Lineage, upgrade
from wuji.kit.db.model import Model, walls
from wuji.kit.db.startup import refuse_to_start
from wuji.kit.deployment import Deployment, Task
from wuji.kit.embedded.postgres import Postgres
from wuji.kit.embedded.secret import get_secret
from wuji.kit.http.columns import List
from wuji.kit.http.route import Feature
from wuji.kit.options import Options, decode_key
from wuji.kit.permission import Permission
from wuji.kit.rowsec import catalogue, v1
from wuji.kit.rowsec.functions import Function, read
from wuji.kit.serve import DATABASE
from wuji.kit.setting import Setting
from wuji.kit.texts import Texts
from wuji.kit.visibility import VisibleKind
from wuji.onboarding import models as onboarding
from wuji.onboarding import permissions as onboarding_permissions
from wuji.onboarding import routes as onboarding_routes
from wuji.onboarding.visibility import VISIBLE as ONBOARDING_VISIBLE
from wuji.plugin.dispatcher import Dispatcher
from wuji.plugin.loading import RESERVED, Core, load_plugins
from wuji.plugin.plugins import NONE, Plugin, Plugins, Quarantined
from wuji.plugin.records import Projection
from wuji.search import models as search
from wuji.search import routes as search_routes
from wuji.search.postgres import PostgresBackend
from wuji.search.projector import projections as search_projections
from wuji.search.registry import Search, register_kinds
from wuji.search.tenants import TENANTS
from wuji.tenancy import models as tenancy
from wuji.tenancy import permissions as tenancy_permissions
from wuji.tenancy import routes as tenancy_routes
from wuji.tenancy.settings import SETTINGS as TENANCY_SETTINGS
from wuji.tenancy.visibility import VISIBLE as TENANCY_VISIBLE
from wuji.work import models as work
from wuji.work import permissions as work_permissions
from wuji.work import routes as work_routes
from wuji.work.registry import register_tasks
from wuji.work.tasks import export_list

MODELS = (kit, tenancy, identity, journal, files, work, onboarding, governance, search)
PERMISSIONS: tuple[Permission, ...] = (
    *tenancy_permissions.PERMISSIONS,
    *identity_permissions.PERMISSIONS,
    *journal_permissions.PERMISSIONS,
    *work_permissions.PERMISSIONS,
    *onboarding_permissions.PERMISSIONS,
    *governance_permissions.PERMISSIONS,
)
FEATURES: tuple[Feature, ...] = (
    tenancy_routes.feature,
    identity_routes.feature,
    journal_routes.feature,
    work_routes.feature,
    onboarding_routes.feature,
    governance_routes.feature,
    search_routes.feature,
)
TASKS: tuple[Task, ...] = (export_list,)
SETTINGS: tuple[Setting[Any], ...] = (*TENANCY_SETTINGS, *IDENTITY_SETTINGS)
VISIBLE: tuple[VisibleKind, ...] = (
    *TENANCY_VISIBLE,
    *IDENTITY_VISIBLE,
    *JOURNAL_VISIBLE,
    *FILES_VISIBLE,
    *ONBOARDING_VISIBLE,
)
PROJECTIONS: tuple[Projection, ...] = ()
SEARCH_KINDS = (TENANTS,)
# Kinds of what is recorded: tables, and what an export names.
KINDS = frozenset({*(table.name for table in Model.metadata.tables.values() if table.schema == "wuji"), "list"})
CATALOGUES = ("kit", "tenancy", "identity", "journal", "work", "onboarding", "search", "governance")
# Sequences, and who beside their owner draws from them.
SEQUENCES = {
    "wuji.tenant_id_seq": "wuji_definer",
    "wuji.root_slot": "wuji_definer",
    "wuji.role_id_seq": "",
    "wuji.signing_key_id_seq": "",
}
CORE = Lineage("wuji", Model.metadata)


@lru_cache
def find_plugins(folder: Path) -> Plugins:
    """What is installed or lies in the folder, imported once per process; the database has not been asked yet."""
    segments = {part for feature in FEATURES for path in feature.paths for part in path.split("/")}
    names = {*segments, *CATALOGUES, *RESERVED, *(feature.name for feature in FEATURES)}
    return load_plugins(folder, Core(names, {p.name for p in PERMISSIONS}, KINDS))


def permissions(plugins: Plugins) -> tuple[Permission, ...]:
    """Of the core and of plugins."""
    return (*PERMISSIONS, *chain.from_iterable(plugin.permissions for plugin in plugins))


def features(plugins: Plugins) -> tuple[Feature, ...]:
    """The whole API: the core's routes, then each plugin's."""
    return (*FEATURES, *chain.from_iterable(plugin.features for plugin in plugins))


def settings(plugins: Plugins) -> tuple[Setting[Any], ...]:
    """Of the core and of plugins."""
    return (*SETTINGS, *chain.from_iterable(plugin.settings for plugin in plugins))


def foundation() -> list[Function]:
    """The functions that tables depend on; they stay when everything else is replaced."""
    return read([v1.FUNCTIONS])


def functions() -> list[Function]:
    """Every function of the schema wuji, as this release declares them."""
    folders = sorted({Path(module.__file__ or "").parent for module in MODELS})
    forms = ("functions.sql", "functions/*.sql")
    beside = (path for folder in folders for form in forms for path in sorted(folder.glob(form)))
    return read([v1.FUNCTIONS, *beside])


def declared_wall(plugins: Plugins = NONE) -> list[str]:
    """What the catalogue of a sound database says, line by line: of the core's schema and of those plugins'."""
    tables = walls(schema="wuji")
    functions_ = functions()
    for plugin in plugins:
        tables |= walls(schema=plugin.schema)
        functions_ += plugin.functions
    return catalogue.declared(tables, functions_, SEQUENCES)


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


def make_texts(plugins: Plugins = NONE) -> Texts:
    """Every catalogue: of the core by feature, then each plugin's."""
    here = Path(__file__).parent
    core = ((folder.parent.name, folder) for folder in sorted(here.glob("*/locales")) if any(folder.iterdir()))
    return Texts((*core, *((plugin.id, plugin.locales) for plugin in plugins)))


def register_lists(serving: Iterable[Feature]) -> Mapping[str, List]:
    """Every list that is served, by name. Raises ValueError for a name that two lists have."""
    registered: dict[str, List] = {}
    for list_ in (one for feature in serving for one in feature.lists):
        if list_.name in registered:
            raise ValueError(f"two lists are called {list_.name}")
        registered[list_.name] = list_
    return registered


def register_settings(declared: Iterable[Setting[Any]], held: Iterable[Permission]) -> Mapping[str, Setting[Any]]:
    """By key. Raises ValueError for a key declared twice, or a permission that nobody can hold."""
    registered: dict[str, Setting[Any]] = {}
    names = {permission.name for permission in held}
    for setting in declared:
        if setting.key in registered:
            raise ValueError(f"two settings are called {setting.key}")
        if setting.permission not in names:
            raise ValueError(f"{setting.key}: there is no permission {setting.permission}")
        registered[setting.key] = setting
    return registered


@dataclass(frozen=True)
class Logins:
    """The three database logins and the seal, from options or from the embedded server's own files."""

    app: str = field(repr=False)
    system: str = field(repr=False)
    owner: str = field(repr=False)
    seal: Seal = field(repr=False)


def find_logins(options: Options) -> Logins:
    """The logins of this process: from its options, or of the embedded server that runs in WUJI_HOME."""
    if options.embedded:
        server = Postgres(options.home)
        app, system, owner = (server.url(login, DATABASE) for login in ("wuji_app", "wuji_system", "wuji_owner"))
        return Logins(app, system, owner, Seal(decode_key(get_secret(options.home, "seal"))))
    key = Seal(decode_key(options.seal_key))
    return Logins(options.database_url, options.system_database_url, options.owner_database_url, key)


def served(engine: Engine, plugins: Plugins) -> Plugins:
    """Those whose schema the database has as their code wants it."""
    with engine.connect() as connection:
        return plugins.without(list_unready(connection, plugins))


def open_deployment(options: Options, logins: Logins) -> Deployment:
    """What web and the command line serve with. Raises WallOpenError where the wall is not what this release writes."""
    engine = make_engine(logins.app, pool_size=options.web_threads + 1)
    plugins = served(engine, find_plugins(options.plugins_dir))
    refuse_to_start(engine, declared_wall(plugins), logins.system, logins.owner)
    return make_deployment(options, engine, logins.seal, plugins)


def unopened_deployment(options: Options, plugins: Plugins = NONE) -> Deployment:
    """For what needs the program but no database: documents. Its engine has nowhere to connect to."""
    nowhere = make_engine("postgresql+psycopg://nobody@/nothing", pooled=False)
    return make_deployment(options, nowhere, Seal(bytes(32)), plugins)


def make_deployment(options: Options, engine: Engine, seal: Seal, plugins: Plugins = NONE) -> Deployment:
    """Everything wired; the engine's wall is the caller's to check."""
    serving, held = features(plugins), permissions(plugins)
    sets = ActiveSets(plugins, now)
    dispatcher = Dispatcher(plugins, sets.ids, make_report(engine, seal))
    found = register_kinds(
        (*SEARCH_KINDS, *chain.from_iterable(plugin.search_kinds for plugin in plugins)), PostgresBackend()
    )
    projections = (*PROJECTIONS, tenant_projection(dispatcher), *guarded(dispatcher), *search_projections(found))
    visible: tuple[VisibleKind, ...] = (*VISIBLE, *chain.from_iterable(plugin.visible for plugin in plugins))
    return Deployment(
        options=options,
        engine=engine,
        seal=seal,
        texts=make_texts(plugins),
        permissions=frozenset(p.name for p in held),
        used=SessionUse(),
        files=StoredFiles(FolderStore(options.files_dir)),
        lists=register_lists(serving),
        tasks=register_tasks(TASKS),
        projectors=register_projections(projections, KINDS.union(*(plugin.kinds for plugin in plugins))),
        settings=register_settings(settings(plugins), held),
        visible={kind.name: kind for kind in visible},
        active=sets.active,
        parts={Plugins: plugins, Search: found, ActiveSets: sets, Dispatcher: dispatcher},
    )
