"""What is loaded and what is not: the plugins of one program."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from wuji.kit.db.migrate import Lineage
from wuji.kit.db.model import Model
from wuji.kit.deployment import Task
from wuji.kit.http.route import Feature
from wuji.kit.permission import Permission
from wuji.kit.rowsec.functions import Function, read
from wuji.kit.setting import Setting
from wuji.kit.visibility import VisibleKind
from wuji.plugin.discovery import Found
from wuji.plugin.figures import Figure
from wuji.plugin.logins import LoginKind
from wuji.plugin.manifest import Manifest
from wuji.plugin.records import Importer, Projection, SearchKind, Ui
from wuji.plugin.running import Channel, Handler, LiveTopic, Schedule, Topic

# Why a plugin is not served; `detail` of the quarantine says the rest to whoever mends it.
Cause = Literal["manifest", "api", "name", "import", "hooks", "tables", "declared", "texts", "needs", "schema"]


class UnfitPluginError(ValueError):
    """A plugin cannot be served; only that one is not."""

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause


@dataclass(frozen=True)
class Quarantined:
    """A plugin that is there and is not served."""

    id: str
    cause: Cause
    detail: str
    manifest: Manifest | None = None


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """A plugin that was imported and checked. `implementation` is the object whose methods are its hooks."""

    manifest: Manifest
    found: Found
    implementation: object
    features: tuple[Feature, ...] = ()
    permissions: tuple[Permission, ...] = ()
    settings: tuple[Setting[Any], ...] = ()
    search_kinds: tuple[SearchKind, ...] = ()
    projections: tuple[Projection, ...] = ()
    visible: tuple[VisibleKind, ...] = ()
    ui: tuple[Ui, ...] = ()
    importers: tuple[Importer, ...] = ()
    tasks: tuple[Task, ...] = ()
    handlers: tuple[Handler, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    figures: tuple[Figure, ...] = ()
    topics: tuple[Topic, ...] = ()
    channels: tuple[Channel, ...] = ()
    live_topics: tuple[LiveTopic, ...] = ()
    login_kinds: tuple[LoginKind, ...] = ()
    happenings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.manifest.id

    @property
    def schema(self) -> str:
        return schema_of(self.id)

    @property
    def locales(self) -> Path:
        return self.found.beside("locales")

    @cached_property
    def sensitive(self) -> frozenset[str]:
        """Its sensitive features: `<plugin>.<feature>`."""
        return frozenset(f"{self.id}.{one.id}" for one in self.manifest.sensitive)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Under which changes of its rows are recorded: `<plugin>.<table>`."""
        return frozenset(f"{self.id}.{t.name}" for t in Model.metadata.tables.values() if t.schema == self.schema)

    @cached_property
    def lineage(self) -> Lineage | None:
        """Its revisions; None: it has no tables."""
        folder = self.found.package / "migrations"
        return Lineage(self.schema, Model.metadata, folder) if folder.is_dir() else None

    @cached_property
    def functions(self) -> list[Function]:
        """The SQL functions of its schema."""
        forms = ("functions.sql", "functions/*.sql")
        return read([path for form in forms for path in sorted(self.found.package.glob(form))], self.schema)


def schema_of(plugin_id: str) -> str:
    return f"plugin_{plugin_id}"


@dataclass(frozen=True)
class Plugins:
    """Loaded ones in an order in which each comes after those it needs."""

    loaded: tuple[Plugin, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()

    def __iter__(self) -> Iterator[Plugin]:
        return iter(self.loaded)

    @cached_property
    def by_id(self) -> Mapping[str, Plugin]:
        return {plugin.id: plugin for plugin in self.loaded}

    def without(self, unfit: Iterable[Quarantined]) -> "Plugins":
        """The same where some more are not served, and with them whatever needs those."""
        out = {one.id: one for one in unfit}
        stay: list[Plugin] = []
        for plugin in self.loaded:
            lost = [need for need in plugin.manifest.needs if need in out]
            if plugin.id not in out and lost:
                detail = f"it needs {', '.join(lost)}, which is not served"
                out[plugin.id] = Quarantined(plugin.id, "needs", detail, plugin.manifest)
            if plugin.id not in out:
                stay.append(plugin)
        return replace(self, loaded=tuple(stay), quarantined=(*self.quarantined, *out.values()))


NONE = Plugins()
