"""Wires every entry point alike: what registers with what. Reads top to bottom; features know nothing of each other's
registration.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from wuji.files.services import StoredFiles
from wuji.files.store import FolderStore
from wuji.files.visibility import VISIBLE as FILES_VISIBLE
from wuji.governance import routes as governance_routes
from wuji.governance.active import ActiveSets
from wuji.governance.faults import make_report
from wuji.governance.lifecycle import guarded, tenant_projection
from wuji.governance.services.changes import Governing
from wuji.governance.services.moving import switching
from wuji.governance.tasks import TASKS as GOVERNANCE_TASKS
from wuji.identity import routes as identity_routes
from wuji.identity.copying import Openers
from wuji.identity.factors import routes as factors_routes
from wuji.identity.federation import routes as federation_routes
from wuji.identity.federation.adapters import KINDS as KINDS_OF_LOGIN
from wuji.identity.federation.services.kinds import LoginKinds, register_login_kinds
from wuji.identity.federation.services.metadata import Directory
from wuji.identity.life.routes import feature as life_feature
from wuji.identity.oauth import routes as oauth_routes
from wuji.identity.oauth.claims import Mailboxes
from wuji.identity.oauth.following import FOLLOW as LEAVE
from wuji.identity.oauth.services.client_keys import ClientKeys
from wuji.identity.oauth.tasks import TASKS as OAUTH_TASKS
from wuji.identity.recovery.routes import feature as recovery_feature
from wuji.identity.services.sessions import SessionUse
from wuji.identity.settings import SETTINGS as IDENTITY_SETTINGS
from wuji.identity.visibility import VISIBLE as IDENTITY_VISIBLE
from wuji.inbox import routes as inbox_routes
from wuji.inbox.channels import Channels, core_channels, register_channels
from wuji.inbox.handlers import TELL
from wuji.inbox.services.addresses import find_email, tell_address
from wuji.inbox.tasks import TASKS as INBOX_TASKS
from wuji.inbox.topics import Topics, register_topics
from wuji.installation import find_plugins, permissions, served, topics
from wuji.journal import routes as journal_routes
from wuji.journal.handling import HANDLE, Handlers, register_handlers
from wuji.journal.projectors import register_projections
from wuji.journal.visibility import VISIBLE as JOURNAL_VISIBLE
from wuji.kit.buckets import Buckets, counting_url
from wuji.kit.calling import Caller, caller_of
from wuji.kit.clock import Clock, now
from wuji.kit.db.doors import Seal
from wuji.kit.db.engine import make_engine
from wuji.kit.db.startup import refuse_to_start
from wuji.kit.deployment import Deployment, Task
from wuji.kit.http.columns import List
from wuji.kit.http.route import Feature
from wuji.kit.options import Options
from wuji.kit.permission import Permission
from wuji.kit.setting import Setting
from wuji.kit.texts import Texts
from wuji.kit.visibility import VisibleKind
from wuji.onboarding import routes as onboarding_routes
from wuji.onboarding.settings import SETTINGS as ONBOARDING_SETTINGS
from wuji.onboarding.visibility import VISIBLE as ONBOARDING_VISIBLE
from wuji.plugin.dispatcher import Dispatcher
from wuji.plugin.plugins import NONE, Plugins
from wuji.plugin.records import SearchKind
from wuji.rollup import routes as rollup_routes
from wuji.rollup.following import counter, sweep
from wuji.rollup.following import follower as tree_follower
from wuji.rollup.registry import Figures, register_figures
from wuji.rollup.settings import CARDS, choose_figures
from wuji.rollup.settings import MOST as MOST_CARDS
from wuji.screen import routes as screen_routes
from wuji.screen.settings import FIGURES as SCREEN_FIGURES
from wuji.screen.settings import MOST as MOST_ON_SCREEN
from wuji.search import routes as search_routes
from wuji.search.following import follower
from wuji.search.postgres import PostgresBackend
from wuji.search.projector import projections as search_projections
from wuji.search.registry import Search, register_kinds
from wuji.search.tenants import TENANTS
from wuji.tenancy import routes as tenancy_routes
from wuji.tenancy.following import FOLLOW as RETELL
from wuji.tenancy.services.switching import Switching
from wuji.tenancy.settings import SETTINGS as TENANCY_SETTINGS
from wuji.tenancy.visibility import VISIBLE as TENANCY_VISIBLE
from wuji.wall import KINDS, Logins, declared_wall
from wuji.work import routes as work_routes
from wuji.work.registry import register_tasks
from wuji.work.tasks import export_list

FEATURES: tuple[Feature, ...] = (
    tenancy_routes.feature,
    identity_routes.feature,
    factors_routes.feature,
    federation_routes.feature,
    oauth_routes.feature,
    recovery_feature,
    life_feature,
    journal_routes.feature,
    work_routes.feature,
    onboarding_routes.feature,
    governance_routes.feature,
    search_routes.feature,
    rollup_routes.feature,
    screen_routes.feature,
    inbox_routes.feature,
)
TASKS: tuple[Task, ...] = (HANDLE, export_list, *OAUTH_TASKS, *GOVERNANCE_TASKS, *INBOX_TASKS, sweep)
SETTINGS: tuple[Setting[Any], ...] = (*TENANCY_SETTINGS, *IDENTITY_SETTINGS, *ONBOARDING_SETTINGS)
VISIBLE: tuple[VisibleKind, ...] = (
    *TENANCY_VISIBLE,
    *IDENTITY_VISIBLE,
    *JOURNAL_VISIBLE,
    *FILES_VISIBLE,
    *ONBOARDING_VISIBLE,
)
SEARCH_KINDS = (TENANTS,)


def features(plugins: Plugins) -> tuple[Feature, ...]:
    """The whole API: the core's routes, then each plugin's."""
    return (*FEATURES, *chain.from_iterable(plugin.features for plugin in plugins))


def search_kinds(plugins: Plugins) -> tuple[SearchKind, ...]:
    """What can be found, of the core and of plugins."""
    return (*SEARCH_KINDS, *chain.from_iterable(plugin.search_kinds for plugin in plugins))


def visible(plugins: Plugins) -> tuple[VisibleKind, ...]:
    """Rows of which can be asked who sees them."""
    return (*VISIBLE, *chain.from_iterable(plugin.visible for plugin in plugins))


def settings(plugins: Plugins) -> tuple[Setting[Any], ...]:
    """Of the core and of plugins. Some choose among what plugins count."""
    figures = tuple(chain.from_iterable(plugin.figures for plugin in plugins))
    chosen = (
        choose_figures(CARDS, MOST_CARDS, figures),
        choose_figures(SCREEN_FIGURES, MOST_ON_SCREEN, figures),
    )
    return (*SETTINGS, *chosen, *chain.from_iterable(plugin.settings for plugin in plugins))


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


def make_handlers(plugins: Plugins, found: Search, figures: Figures, sets: ActiveSets) -> Handlers:
    """What is told of the journal after commit, of the core and of plugins; installation has the rows."""
    core = (follower(found), TELL, RETELL, LEAVE, counter(figures), tree_follower(figures))
    handlers = (*core, *chain.from_iterable(plugin.handlers for plugin in plugins))
    return register_handlers(handlers, frozenset(plugins.by_id), sets.ids_at)


def make_channels(options: Options, plugins: Plugins) -> Channels:
    """What this deployment reaches people by."""
    return register_channels((*core_channels(options), *chain.from_iterable(plugin.channels for plugin in plugins)))


def make_login_kinds(plugins: Plugins) -> LoginKinds:
    """What people can log in with beside OpenID providers, of the core and of plugins."""
    return register_login_kinds((*KINDS_OF_LOGIN, *chain.from_iterable(plugin.login_kinds for plugin in plugins)))


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


def of_programs(options: Options, seal: Seal) -> Mapping[type[Any], Any]:
    """What the edge needs for programs of others: whom we may call for them, what they may be told, how often they may ask."""
    caller = caller_of(options.base_url)
    buckets = Buckets(counting_url(options.limits_url or options.broker_url), seal, options.rate_limits)
    parts = {Buckets: buckets, Caller: caller, ClientKeys: ClientKeys(caller), Directory: Directory(caller)}
    copies = Openers({"wuji.address": tell_address})
    return {**parts, Mailboxes: Mailboxes(find_email), Openers: copies}


def of_people(options: Options, plugins: Plugins) -> Mapping[type[Any], Any]:
    """What people can be told of and by, and what they can log in with."""
    told = {Topics: register_topics(topics(plugins)), Channels: make_channels(options, plugins)}
    return {**told, LoginKinds: make_login_kinds(plugins)}


def make_deployment(
    options: Options, engine: Engine, seal: Seal, plugins: Plugins = NONE, clock: Clock = now
) -> Deployment:
    """Everything wired; the engine's wall is the caller's to check."""
    serving, held = features(plugins), permissions(plugins)
    sets = ActiveSets(plugins, clock)
    dispatcher = Dispatcher(plugins, sets.ids, make_report(engine, seal))
    found = register_kinds(search_kinds(plugins), PostgresBackend())
    projections = (tenant_projection(dispatcher), *guarded(dispatcher), *search_projections(found))
    figures = register_figures(chain.from_iterable(plugin.figures for plugin in plugins))
    return Deployment(
        options=options,
        engine=engine,
        seal=seal,
        texts=make_texts(plugins),
        permissions=frozenset(p.name for p in held),
        used=SessionUse(),
        files=StoredFiles(FolderStore(options.files_dir)),
        lists=register_lists(serving),
        tasks=register_tasks((*TASKS, *chain.from_iterable(plugin.tasks for plugin in plugins))),
        projectors=register_projections(projections, KINDS.union(*(plugin.kinds for plugin in plugins))),
        settings=register_settings(settings(plugins), held),
        visible={kind.name: kind for kind in visible(plugins)},
        active=sets.active,
        active_at=sets.active_at,
        allows=sets.allows,
        clock=clock,
        parts={
            Plugins: plugins,
            Search: found,
            Figures: figures,
            ActiveSets: sets,
            Dispatcher: dispatcher,
            Switching: switching(Governing(dispatcher, sets), clock),
            Handlers: make_handlers(plugins, found, figures, sets),
            **of_programs(options, seal),
            **of_people(options, plugins),
        },
    )
