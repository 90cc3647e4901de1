"""Which pages of the front end stand where, and who may open them."""

from wuji.api import Menu, Page, Ui
from wuji_station_watch.permissions import READ, WRITE

UI = Ui(
    module="index.js",
    styles=("style.css",),
    pages=(
        Page(surface="portal", path="", component="StationsNear", title="station_watch.ui.near.title"),
        Page(surface="portal", path="stations/:id", component="StationNow", title="station_watch.ui.near.title"),
        Page(surface="tv", path="", component="StationsOnTv", title="station_watch.ui.near.title"),
        Page(surface="console", path="", component="StationsPage", title="station_watch.title", permission=READ),
        Page(
            surface="console",
            path="stations/new",
            component="StationEditor",
            title="station_watch.ui.new",
            permission=WRITE,
        ),
        Page(
            surface="console",
            path="stations/:id",
            component="StationPage",
            title="station_watch.title",
            permission=READ,
        ),
        Page(
            surface="console",
            path="stations/:id/edit",
            component="StationEditor",
            title="station_watch.title",
            permission=WRITE,
        ),
        Page(
            surface="console",
            path="stations/:id/slots",
            component="SlotsPage",
            title="station_watch.ui.slots.title",
            permission=READ,
        ),
        Page(
            surface="console",
            path="alarms",
            component="AlarmsPage",
            title="station_watch.ui.tabs.alarms",
            permission=READ,
        ),
        Page(
            surface="console",
            path="rules",
            component="RulesPage",
            title="station_watch.ui.tabs.rules",
            permission=READ,
        ),
        Page(
            surface="console",
            path="comparison",
            component="ComparisonPage",
            title="station_watch.ui.tabs.comparison",
            permission=READ,
        ),
        Page(
            surface="console",
            path="planning",
            component="PlanningPage",
            title="station_watch.ui.tabs.planning",
            permission=READ,
        ),
    ),
    menus=(
        Menu(
            surface="portal",
            group="sections",
            label="station_watch.ui.near.title",
            icon="map-pin",
            path="",
            order=20,
        ),
        Menu(
            surface="console",
            group="modules",
            label="station_watch.title",
            icon="activity",
            path="",
            order=20,
            permission=READ,
        ),
    ),
)
