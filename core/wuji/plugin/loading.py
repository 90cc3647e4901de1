"""Imports plugins and checks them against their manifest. Whatever is wrong with one keeps that one out, and is said."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pluggy import PluginManager, PluginValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.attributes import opt_manager_of_class

from wuji.kit.db.model import Model
from wuji.kit.http.columns import List
from wuji.kit.http.route import Feature
from wuji.kit.permission import Permission
from wuji.kit.setting import Setting
from wuji.kit.texts import LOCALES, Texts
from wuji.kit.visibility import VisibleKind
from wuji.plugin.discovery import Found, Missing, discover
from wuji.plugin.hookspecs import NAMESPACE, Declarations, Events
from wuji.plugin.manifest import API, ID, NAME, Manifest, ManifestError, read_manifest
from wuji.plugin.plugins import Plugin, Plugins, Quarantined, UnfitPluginError, schema_of
from wuji.plugin.records import Importer, Menu, Page, Projection, SearchKind, Slot, Ui

log = logging.getLogger(__name__)
Item = TypeVar("Item")
# Features and their folders, and segments of the core's addresses: what no plugin may be called. A test holds it complete.
RESERVED = frozenset(
    ID.findall(
        "accounts all amend api applications backup cards cli code console exchange exports file files governance "
        "grants healthz history host identity inbox invitation invitations jobs join journal kit link live "
        "login me name offline onboarding operator pages password pause places plugin plugins portal profile "
        "ready redeem resume review roles rollup sdk search session sessions settings setup show state status "
        "suggest suspend tenancy tenants testing ui v1 visibility withdraw work wuji"
    )
)


@dataclass(frozen=True)
class Core:
    """What plugins may name of the core."""

    permissions: Collection[str]
    kinds: Collection[str]


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
        _check_tables(plugin, before)
        _check_declared(plugin, core)
        _check_texts(plugin)
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

    return Plugin(
        manifest=manifest,
        found=found,
        implementation=implementation,
        features=ask("wuji_routes", Feature),
        permissions=ask("wuji_permissions", Permission),
        settings=ask("wuji_settings", Setting),
        search_kinds=ask("wuji_search_kinds", SearchKind),
        projections=tuple(replace(p, name=f"{manifest.id}.{p.name}") for p in ask("wuji_projections", Projection)),
        visible=ask("wuji_visible_kinds", VisibleKind),
        ui=ask("wuji_ui", Ui),
        importers=ask("wuji_importers", Importer),
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


def _check_tables(plugin: Plugin, before: set[str]) -> None:
    """All of its tables lie in its own schema, each with its wall, and revisions make them."""
    outside = [n for n, t in Model.metadata.tables.items() if n not in before and t.schema != plugin.schema]
    if outside:
        raise UnfitPluginError("tables", f"{', '.join(sorted(outside))}: its tables lie in schema {plugin.schema}")
    tables = [t for t in Model.metadata.tables.values() if t.schema == plugin.schema]
    if unwalled := [t.fullname for t in tables if "wall" not in t.info]:
        raise UnfitPluginError("tables", f"{', '.join(sorted(unwalled))}: a table has a wall")
    try:
        Model.registry.configure()
    except (SQLAlchemyError, TypeError, AttributeError) as error:
        raise UnfitPluginError("tables", str(error)) from error
    if tables and plugin.lineage is None:
        raise UnfitPluginError("tables", "it has tables, but no folder migrations")
    try:
        _ = plugin.functions
    except (ValueError, OSError) as error:
        raise UnfitPluginError("tables", str(error)) from error


def _check_declared(plugin: Plugin, core: Core) -> None:
    """What hooks give is what plugin.toml names, under the plugin's own name."""
    manifest = plugin.manifest
    permissions = {p.name for p in plugin.permissions}
    _equal("permissions", permissions, manifest.permissions)
    _equal("settings", {s.key for s in plugin.settings}, manifest.settings)
    for setting in plugin.settings:
        if setting.permission not in {*permissions, *core.permissions}:
            raise UnfitPluginError("declared", f"{setting.key}: there is no permission {setting.permission}")
    for projection in plugin.projections:
        if projection.kind not in {*plugin.kinds, *core.kinds}:
            raise UnfitPluginError("declared", f"{projection.name}: nothing of kind {projection.kind} is recorded")
    named = [list_.name for feature in plugin.features for list_ in feature.lists]
    named += [kind.name for kind in plugin.search_kinds] + [kind.name for kind in plugin.visible]
    for name in named:
        if not name.startswith(f"{plugin.id}."):
            raise UnfitPluginError("declared", f"{name}: its lists and kinds begin with {plugin.id}.")
    for feature in plugin.features:
        _check_feature(plugin.id, feature)
    _check_sensitive(plugin)


def _check_feature(plugin_id: str, feature: Feature) -> None:
    if feature.name != plugin_id or feature.plugin != plugin_id:
        raise UnfitPluginError("declared", f"its feature is Feature({plugin_id!r}, plugin={plugin_id!r})")
    start = f"/tenants/<tenant_code>/{plugin_id}"
    for path in feature.paths:
        if path != start and not path.startswith(f"{start}/"):
            raise UnfitPluginError("declared", f"{path}: its routes lie below {start}/")


def _check_sensitive(plugin: Plugin) -> None:
    """What asks for the root's word by itself names a feature that the root is asked for."""
    asked = {name for feature in plugin.features for name in feature.sensitive}
    for ui in plugin.ui:
        parts: tuple[Page | Menu | Slot, ...] = (*ui.pages, *ui.menus, *ui.slots)
        asked |= {part.sensitive for part in parts if part.sensitive}
    if strange := asked - plugin.sensitive:
        raise UnfitPluginError("declared", f"{min(strange)}: plugin.toml has no such [[sensitive]] feature")


def _equal(what: str, given: set[str], named: Sequence[str]) -> None:
    differ = given ^ set(named)
    if differ:
        raise UnfitPluginError("declared", f"{what} of plugin.toml and of its hook differ: {', '.join(sorted(differ))}")


def _check_texts(plugin: Plugin) -> None:
    try:
        texts = Texts([(plugin.id, plugin.locales)])
    except (OSError, ValueError, AttributeError) as error:
        raise UnfitPluginError("texts", f"{plugin.locales}: {error}") from error
    keys = [texts.catalogue(locale).keys() for locale in LOCALES]
    if differ := keys[0] ^ keys[1]:
        raise UnfitPluginError("texts", f"only one language has {', '.join(sorted(differ)[:5])}")
    said = {page.title for ui in plugin.ui for page in ui.pages} | {menu.label for ui in plugin.ui for menu in ui.menus}
    said |= {key for feature in plugin.features for list_ in feature.lists for key in _said_by(list_)}
    if missing := said - keys[0]:
        raise UnfitPluginError(
            "texts", f"its pages, menus and lists say what no catalogue has: {', '.join(sorted(missing)[:5])}"
        )


def _said_by(list_: List) -> Iterator[str]:
    """What an export of it says: its own name and those of its columns."""
    feature, _, name = list_.name.partition(".")
    if list_.exported:
        yield f"{feature}.lists.{name}"
        yield from (f"{feature}.list.{name}.{column.name}" for column in list_.columns if column.exported)


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
