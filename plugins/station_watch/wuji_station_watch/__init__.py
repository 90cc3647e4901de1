"""驿站态势: service stations, how busy they are now and when, from counts alone."""

from collections.abc import Sequence
from typing import Any, Literal

from wuji.api import (
    Card,
    Figure,
    Importer,
    LiveTopic,
    Permission,
    PublicPage,
    Schedule,
    ScopedSession,
    SearchKind,
    Setting,
    Surface,
    Task,
    Topic,
    Ui,
    VisibleKind,
    hook,
)
from wuji.api.http import Feature
from wuji_station_watch.cards import list_cards
from wuji_station_watch.counting import FIGURES
from wuji_station_watch.importing import import_stations
from wuji_station_watch.pages import find_page
from wuji_station_watch.permissions import PERMISSIONS, READ
from wuji_station_watch.routes import feature
from wuji_station_watch.search import KIND
from wuji_station_watch.settings import SETTINGS
from wuji_station_watch.surfaces import UI
from wuji_station_watch.tasks import LIVE, SCHEDULES, TASKS, TOPICS


class StationWatch:
    """The hooks that the module joins."""

    @hook
    def wuji_routes(self) -> Sequence[Feature]:
        return (feature,)

    @hook
    def wuji_permissions(self) -> Sequence[Permission]:
        return PERMISSIONS

    @hook
    def wuji_settings(self) -> Sequence[Setting[Any]]:
        return SETTINGS

    @hook
    def wuji_visible_kinds(self) -> Sequence[VisibleKind]:
        return (VisibleKind("station_watch.station", "plugin_station_watch.station", "id", READ),)

    @hook
    def wuji_ui(self) -> Sequence[Ui]:
        return (UI,)

    @hook
    def wuji_search_kinds(self) -> Sequence[SearchKind]:
        return (KIND,)

    @hook
    def wuji_importers(self) -> Sequence[Importer]:
        return (Importer(title="station_watch.import.title", run=import_stations),)

    @hook
    def wuji_tasks(self) -> Sequence[Task]:
        return TASKS

    @hook
    def wuji_schedules(self) -> Sequence[Schedule]:
        return SCHEDULES

    @hook
    def wuji_figures(self) -> Sequence[Figure]:
        return FIGURES

    @hook
    def wuji_topics(self) -> Sequence[Topic]:
        return TOPICS

    @hook
    def wuji_live_topics(self) -> Sequence[LiveTopic]:
        return LIVE

    @hook
    def wuji_happenings(self) -> Sequence[str]:
        return ("station.add", "station.silent", "station.back")

    @hook
    def wuji_public_page(self, session: ScopedSession, path: str, locale: str) -> PublicPage | None:
        return find_page(session, path, locale)

    @hook
    def wuji_cards(self, session: ScopedSession, surface: Surface, locale: Literal["zh-CN", "en"]) -> Sequence[Card]:
        return list_cards(session, surface, locale)


plugin = StationWatch()
