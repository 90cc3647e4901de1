"""Imports plugins and checks them against their manifest. Whatever is wrong with one keeps that one out, and is said."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pluggy import PluginManager, PluginValidationError
from sqlalchemy.orm.attributes import opt_manager_of_class

from wuji.kit.db.model import Model
from wuji.kit.deployment import Task
from wuji.kit.http.route import Feature
from wuji.kit.permission import Permission
from wuji.kit.setting import Setting
from wuji.kit.visibility import VisibleKind
from wuji.plugin.checking import Core, check_declared, check_tables, check_texts
from wuji.plugin.discovery import Found, Missing, discover
from wuji.plugin.figures import Figure
from wuji.plugin.hookspecs import NAMESPACE, Declarations, Events
from wuji.plugin.logins import LoginKind
from wuji.plugin.manifest import API, ID, NAME, Manifest, ManifestError, read_manifest
from wuji.plugin.plugins import Plugin, Plugins, Quarantined, UnfitPluginError, schema_of
from wuji.plugin.records import Importer, Projection, SearchKind, Ui
from wuji.plugin.running import Channel, Handler, LiveTopic, Schedule, Topic

log = logging.getLogger(__name__)
Item = TypeVar("Item")
Named = TypeVar("Named", Projection, Figure, Handler, Schedule, Topic, Channel, LiveTopic, LoginKind)
# Features and their folders, and segments of the core's addresses: what no plugin may be called. A test holds it complete.
RESERVED = frozenset(
    ID.findall(
        "accounts addresses agree all amend api applications apply authorize back backup boundary cancel cards check "
        "children cli closure code confirm connected consent consents console consumers copy count decline device "
        "device_authorization exchange exports factor factors federation figures file files governance grants groups "
        "healthz history host identity inbox introspect invitation invitations jobs join journal jwks kit life link live "
        "login logout map me merge metrics name notifications oauth offline onboarding operator options packs pages par "
        "passkey passkeys password pause places plugin plugins poison portal preview profile read ready recoveries "
        "recovery redeem register registration registrations replay resume retry review revoke roles rollup schedules "
        "screen sdk search secret series session sessions settings setup show state status step suggest suspend tenancy "
        "tenants testing token tree tv ui undo unsubscribe userinfo v1 verification visibility with withdraw work wuji"
    )
)


def load_plugins(folder: Path, core: Core) -> Plugins:
    """Every plugin that is installed or lies in the folder. Never raises because of a plugin."""
    manager = make_manager()
    loaded: list[Plugin] = []
    out: list[Quarantined] = []
    for found in discover(folder):
        if isinstance(found, Missing):
            out.append(Quarantined(found.id, "manifest", found.why))
            continue
        manifest: Manifest | None = None
        before = set(Model.metadata.tables)
        try:
            manifest = _manifest(found)
            loaded.append(_load(found, manifest, manager, core))
        except UnfitPluginError as error:
            out.append(Quarantined(found.id, error.cause, str(error), manifest))
            _forget(found.id, before)
    return _in_order(loaded, out)


def make_manager() -> PluginManager:
    """A manager that knows every hook."""
    manager = PluginManager(NAMESPACE)
    manager.add_hookspecs(Declarations)
    manager.add_hookspecs(Events)
    return manager


def _forget(plugin_id: str, before: set[str]) -> None:
    """A plugin that is not served has no say in what the database looks like, nor may a mapper of its keep others from
    being configured: SQLAlchemy configures all of them together.
    """
    for name, table in list(Model.metadata.tables.items()):
        if name not in before or table.schema == schema_of(plugin_id):
            Model.metadata.remove(table)
    for model in Model.__subclasses__():
        manager = opt_manager_of_class(model)
        if model.__module__.partition(".")[0] == f"wuji_{plugin_id}" and manager is not None:
            registry = Model.registry  # of which SQLAlchemy has no public way to take a single class out
            registry._managers.pop(manager, None)  # noqa: SLF001
            registry._dispose_manager_and_mapper(manager)  # noqa: SLF001


def _manifest(found: Found) -> Manifest:
    try:
        manifest = read_manifest(found.package / NAME)
    except ManifestError as error:
        raise UnfitPluginError("manifest", str(error)) from error
    if manifest.id != found.id:
        raise UnfitPluginError("manifest", f"the entry point calls it {found.id}, plugin.toml {manifest.id}")
    if not manifest.fits:
        raise UnfitPluginError("api", f"it works with wuji {manifest.wuji}; this is {API}")
    if manifest.id in RESERVED:
        raise UnfitPluginError("name", f"{manifest.id} is a name of the core")
    return manifest


def _load(found: Found, manifest: Manifest, manager: PluginManager, core: Core) -> Plugin:
    before = set(Model.metadata.tables)
    implementation = _import(found)
    _register(manager, implementation, manifest.id)
    try:
        plugin = _ask(manager, found, manifest, implementation)
        check_tables(plugin, before)
        check_declared(plugin, core)
        check_texts(plugin)
    except UnfitPluginError:
        manager.unregister(implementation)
        raise
    return plugin


def _import(found: Found) -> object:
    try:
        loaded: object = found.point.load()
    except Exception as error:
        log.exception("plugin %s cannot be imported", found.id)
        raise UnfitPluginError("import", f"{type(error).__name__}: {error}") from error
    return loaded


def _register(manager: PluginManager, implementation: object, name: str) -> None:
    """Raises for a hook that is not known, or an argument that it does not have."""
    try:
        manager.register(implementation, name)
        manager.check_pending()
    except (PluginValidationError, ValueError) as error:
        manager.unregister(name=name)
        raise UnfitPluginError("hooks", str(error)) from error
    for caller in manager.get_hookcallers(implementation) or ():
        if any(one.plugin is implementation and (one.wrapper or one.hookwrapper) for one in caller.get_hookimpls()):
            manager.unregister(implementation)
            raise UnfitPluginError("hooks", f"{caller.name}: plugins do not wrap each other's hooks")


def _ask(manager: PluginManager, found: Found, manifest: Manifest, implementation: object) -> Plugin:
    """Its declarations."""

    def ask(hook: str, kind: type[Item]) -> tuple[Item, ...]:
        caller = getattr(manager.hook, hook)
        for one in caller.get_hookimpls():
            if one.plugin is implementation:
                return _items(hook, one.function, kind)
        return ()

    def named(hook: str, kind: type[Named]) -> tuple[Named, ...]:
        return tuple(replace(one, name=f"{manifest.id}.{one.name}") for one in ask(hook, kind))

    return Plugin(
        manifest=manifest,
        found=found,
        implementation=implementation,
        features=ask("wuji_routes", Feature),
        permissions=ask("wuji_permissions", Permission),
        settings=ask("wuji_settings", Setting),
        search_kinds=ask("wuji_search_kinds", SearchKind),
        projections=named("wuji_projections", Projection),
        visible=ask("wuji_visible_kinds", VisibleKind),
        ui=ask("wuji_ui", Ui),
        importers=ask("wuji_importers", Importer),
        tasks=ask("wuji_tasks", Task),
        handlers=named("wuji_handlers", Handler),
        schedules=named("wuji_schedules", Schedule),
        figures=named("wuji_figures", Figure),
        topics=named("wuji_topics", Topic),
        channels=named("wuji_channels", Channel),
        live_topics=named("wuji_live_topics", LiveTopic),
        login_kinds=named("wuji_login_kinds", LoginKind),
        happenings=tuple(f"{manifest.id}.{verb}" for verb in ask("wuji_happenings", str)),
    )


def _items(hook: str, function: Callable[[], Sequence[Any]], kind: type[Item]) -> tuple[Item, ...]:
    try:
        given = tuple(function() or ())
    except Exception as error:
        log.exception("%s fails", hook)
        raise UnfitPluginError("hooks", f"{hook}: {type(error).__name__}: {error}") from error
    strange = [one for one in given if not isinstance(one, kind)]
    if strange:
        raise UnfitPluginError("hooks", f"{hook} gives {type(strange[0]).__name__}, not {kind.__name__}")
    return given


def _in_order(loaded: Sequence[Plugin], out: Sequence[Quarantined]) -> Plugins:
    """Each after those it needs; without whatever needs one that is not there."""
    ordered: list[Plugin] = []
    waiting = list(loaded)
    while ready := [p for p in waiting if set(p.manifest.needs) <= {q.id for q in ordered}]:
        ordered += ready
        waiting = [plugin for plugin in waiting if plugin not in ready]
    unmet = [
        Quarantined(p.id, "needs", f"it needs {', '.join(p.manifest.needs)}, not all of which are served", p.manifest)
        for p in waiting
    ]
    return Plugins(tuple(ordered), (*out, *unmet))
