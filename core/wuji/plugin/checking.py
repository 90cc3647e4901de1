"""What a plugin that was imported must be: its tables walled, its names its own, its texts in both languages."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from msgspec import ValidationError, convert
from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError

from wuji.kit.cron import find_cron_fault
from wuji.kit.db.model import Model
from wuji.kit.http.columns import List
from wuji.kit.http.route import Feature
from wuji.kit.texts import LOCALES, Texts
from wuji.plugin.plugins import Plugin, UnfitPluginError
from wuji.plugin.running import channel_key, title_key, topic_key

READER = re.compile(r"plugin_[a-z0-9_]+\.live_of_[a-z0-9_]+")  # as live_bodies takes them


@dataclass(frozen=True)
class Core:
    """What plugins may name of the core."""

    permissions: Collection[str]
    kinds: Collection[str]


def check_tables(plugin: Plugin, before: set[str]) -> None:
    """All of its tables lie in its own schema, each with its wall, and revisions make them."""
    outside = [n for n, t in Model.metadata.tables.items() if n not in before and t.schema != plugin.schema]
    if outside:
        raise UnfitPluginError("tables", f"{', '.join(sorted(outside))}: its tables lie in schema {plugin.schema}")
    tables = [t for t in Model.metadata.tables.values() if t.schema == plugin.schema]
    if unwalled := [t.fullname for t in tables if "wall" not in t.info]:
        raise UnfitPluginError("tables", f"{', '.join(sorted(unwalled))}: a table has a wall")
    if clinging := [t.fullname for t in tables if t.info["wall"].kind == "account" and not _goes(t)]:
        told = "its own column is account_id, and the definer may update and delete: rows go with their account"
        raise UnfitPluginError("tables", f"{', '.join(sorted(clinging))}: {told}")
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


def _goes(table: Table) -> bool:
    """Whether rows of people's own can be erased, and moved to another account of theirs."""
    wall = table.info["wall"]
    return wall.own == "account_id" and {"update", "delete"} <= set(wall.definer.split())


def check_declared(plugin: Plugin, core: Core) -> None:
    """What hooks give is what plugin.toml names, under the plugin's own name."""
    manifest = plugin.manifest
    permissions = {p.name for p in plugin.permissions}
    _equal("permissions", permissions, manifest.permissions)
    _equal("settings", {s.key for s in plugin.settings}, manifest.settings)
    for setting in plugin.settings:
        if setting.permission not in {*permissions, *core.permissions}:
            raise UnfitPluginError("declared", f"{setting.key}: there is no permission {setting.permission}")
    _check_kinds(plugin, core)
    _check_live(plugin, core)
    named = [list_.name for feature in plugin.features for list_ in feature.lists]
    named += [kind.name for kind in plugin.search_kinds] + [kind.name for kind in plugin.visible]
    for name in named:
        if not name.startswith(f"{plugin.id}."):
            raise UnfitPluginError("declared", f"{name}: its lists and kinds begin with {plugin.id}.")
    for feature in plugin.features:
        _check_feature(plugin.id, feature)
    _check_running(plugin)
    _check_topics(plugin, core)
    _check_sensitive(plugin)


def _check_kinds(plugin: Plugin, core: Core) -> None:
    """What follows the journal follows something: nobody would notice one that is never told."""
    recorded = {*plugin.kinds, *core.kinds}
    following = {one.name: frozenset({one.kind}) for one in plugin.projections}
    following |= {handler.name: handler.kinds for handler in plugin.handlers}
    following |= {figure.name: frozenset({figure.kind}) for figure in plugin.figures if figure.kind}
    for name, kinds in following.items():
        if not kinds:
            raise UnfitPluginError("declared", f"{name}: it names no kind")
        if strange := kinds - recorded:
            raise UnfitPluginError("declared", f"{name}: nothing of kind {min(strange)} is recorded")


def _check_live(plugin: Plugin, core: Core) -> None:
    """Who may listen can be said, and what is told to all alike is read by a function of its own."""
    words = {"account", "public", *core.permissions, *(permission.name for permission in plugin.permissions)}
    readers = {"", *(f"{plugin.schema}.{function.name}" for function in plugin.functions)}
    for topic in plugin.live_topics:
        if not topic.kinds and not topic.body:
            raise UnfitPluginError("declared", f"{topic.name}: it names neither a kind nor a body")
        if strange := topic.kinds - {*plugin.kinds, *core.kinds}:
            raise UnfitPluginError("declared", f"{topic.name}: nothing of kind {min(strange)} is recorded")
        if topic.permission not in words:
            raise UnfitPluginError("declared", f"{topic.name}: there is no permission {topic.permission}")
        if topic.body not in readers or (topic.body and not READER.fullmatch(topic.body)):
            raise UnfitPluginError(
                "declared", f"{topic.name}: {topic.body} is no function live_of_… of its functions.sql"
            )


def _check_topics(plugin: Plugin, core: Core) -> None:
    words = {"", *core.permissions, *(permission.name for permission in plugin.permissions)}
    for topic in plugin.topics:
        if topic.permission not in words:
            raise UnfitPluginError("declared", f"{topic.name}: there is no permission {topic.permission}")


def _check_running(plugin: Plugin) -> None:
    """Jobs are called by the plugin's name, and what the clock starts is one of them, at times that come."""
    tasks = {task.kind: task for task in plugin.tasks}
    for kind in tasks:
        if not kind.startswith(f"{plugin.id}."):
            raise UnfitPluginError("declared", f"{kind}: its tasks begin with {plugin.id}.")
    for schedule in plugin.schedules:
        if fault := find_cron_fault(schedule.cron):
            raise UnfitPluginError("declared", f"{schedule.name}: {schedule.cron}: {fault}")
        if schedule.task not in tasks:
            raise UnfitPluginError("declared", f"{schedule.name}: there is no task {schedule.task}")
        try:
            convert(dict(schedule.args), tasks[schedule.task].args)
        except ValidationError as error:
            raise UnfitPluginError(
                "declared", f"{schedule.name}: {schedule.task} does not take that: {error}"
            ) from error


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
        asked |= {page.sensitive for page in ui.pages if page.sensitive}
        asked |= {menu.sensitive for menu in ui.menus if menu.sensitive}
        asked |= {slot.sensitive for slot in ui.slots if slot.sensitive}
    if strange := asked - plugin.sensitive:
        raise UnfitPluginError("declared", f"{min(strange)}: plugin.toml has no such [[sensitive]] feature")


def _equal(what: str, given: set[str], named: Sequence[str]) -> None:
    differ = given ^ set(named)
    if differ:
        raise UnfitPluginError("declared", f"{what} of plugin.toml and of its hook differ: {', '.join(sorted(differ))}")


def check_texts(plugin: Plugin) -> None:
    try:
        texts = Texts([(plugin.id, plugin.locales)])
    except (OSError, ValueError, AttributeError) as error:
        raise UnfitPluginError("texts", f"{plugin.locales}: {error}") from error
    keys = [texts.catalogue(locale).keys() for locale in LOCALES]
    if differ := keys[0] ^ keys[1]:
        raise UnfitPluginError("texts", f"only one language has {', '.join(sorted(differ)[:5])}")
    said = {page.title for ui in plugin.ui for page in ui.pages} | {menu.label for ui in plugin.ui for menu in ui.menus}
    said |= {key for feature in plugin.features for list_ in feature.lists for key in _said_by(list_)}
    said |= {title_key(handler.name) for handler in plugin.handlers}
    said |= {key for figure in plugin.figures for key in (figure.title, figure.unit)}
    said |= {f"{topic_key(topic.name)}.{part}" for topic in plugin.topics for part in ("label", "title", "body")}
    said |= {channel_key(channel.name) for channel in plugin.channels}
    said |= {verb.replace(".", ".verb.", 1) for verb in plugin.happenings}
    if missing := said - keys[0]:
        raise UnfitPluginError("texts", f"what it shows says what no catalogue has: {', '.join(sorted(missing)[:5])}")


def _said_by(list_: List) -> Iterator[str]:
    """What an export of it says: its own name and those of its columns."""
    feature, _, name = list_.name.partition(".")
    if list_.exported:
        yield f"{feature}.lists.{name}"
        yield from (f"{feature}.list.{name}.{column.name}" for column in list_.columns if column.exported)
