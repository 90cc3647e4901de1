"""每月农话: farming advice by month and solar term, written in villages, reviewed by the level above."""

from collections.abc import Sequence
from typing import Any, Literal

from wuji.api import (
    Card,
    Figure,
    Importer,
    LiveTopic,
    Menu,
    Page,
    Permission,
    PublicPage,
    Schedule,
    ScopedSession,
    SearchKind,
    Setting,
    Slot,
    Surface,
    Task,
    TenantChange,
    Topic,
    Ui,
    VisibleKind,
    hook,
)
from wuji.api.http import Feature
from wuji_agri_tips.cards import list_cards
from wuji_agri_tips.counting import FIGURES
from wuji_agri_tips.importing import import_tips
from wuji_agri_tips.pages import find_page
from wuji_agri_tips.permissions import PERMISSIONS, READ, REVIEW, WRITE
from wuji_agri_tips.routes import feature
from wuji_agri_tips.search import KIND
from wuji_agri_tips.services.reviewing import rest_tips
from wuji_agri_tips.settings import SETTINGS
from wuji_agri_tips.tasks import SCHEDULES, TASKS, TOPICS

# Where a tip is shown is written in its audience: often in the villages around as well.
LIVE = LiveTopic(
    name="tips",
    of="tree",
    kinds=frozenset({"agri_tips.tip"}),
    verbs=frozenset(f"agri_tips.tip.{verb}" for verb in ("publish", "withdraw", "import")),
)
RESTING = {"deactivate", "suspend", "archive"}
UI = Ui(
    module="index.js",
    styles=("style.css",),
    pages=(
        Page(surface="portal", path="", component="TipsPage", title="agri_tips.title"),
        Page(surface="portal", path="tips/:id", component="TipPage", title="agri_tips.title"),
        Page(surface="portal", path="months/:month", component="TipsPage", title="agri_tips.title"),
        Page(surface="portal", path="terms/:term", component="TipsPage", title="agri_tips.title"),
        Page(surface="tv", path="", component="TipsOnTv", title="agri_tips.title"),
        Page(surface="tv", path="months/:month", component="TipsOnTv", title="agri_tips.title"),
        Page(surface="tv", path="tips/:id", component="TipOnTv", title="agri_tips.title"),
        Page(surface="console", path="", component="TipsConsole", title="agri_tips.title", permission=READ),
        Page(surface="console", path="new", component="TipEditor", title="agri_tips.ui.new", permission=WRITE),
        Page(surface="console", path="review", component="TipsConsole", title="agri_tips.ui.review", permission=REVIEW),
        Page(surface="console", path=":id", component="TipEditor", title="agri_tips.title", permission=READ),
    ),
    menus=(
        Menu(surface="portal", group="sections", label="agri_tips.title", icon="sprout", path="", order=10),
        Menu(surface="portal", group="tabs", label="agri_tips.ui.tab", icon="sprout", path="", order=30),
        Menu(
            surface="console",
            group="modules",
            label="agri_tips.title",
            icon="sprout",
            path="",
            order=10,
            permission=READ,
        ),
    ),
    slots=(Slot(surface="portal", name="me", component="CropChoice", order=20),),
)


class AgriTips:
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
    def wuji_search_kinds(self) -> Sequence[SearchKind]:
        return (KIND,)

    @hook
    def wuji_visible_kinds(self) -> Sequence[VisibleKind]:
        return (VisibleKind("agri_tips.tip", "plugin_agri_tips.tip", "id", READ),)

    @hook
    def wuji_ui(self) -> Sequence[Ui]:
        return (UI,)

    @hook
    def wuji_importers(self) -> Sequence[Importer]:
        return (Importer(title="agri_tips.import.title", run=import_tips),)

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
        return (LIVE,)

    @hook
    def wuji_public_page(self, session: ScopedSession, path: str, locale: str) -> PublicPage | None:
        return find_page(session, path, locale)

    @hook
    def wuji_happenings(self) -> Sequence[str]:
        return ("tip.publish",)

    @hook
    def wuji_cards(self, session: ScopedSession, surface: Surface, locale: Literal["zh-CN", "en"]) -> Sequence[Card]:
        return list_cards(session, surface, locale)

    @hook
    def wuji_tenant_changed(self, session: ScopedSession, change: TenantChange) -> None:
        """Nothing of a tip is lost when the module is switched off; what waits for a decision goes back to its authors."""
        if change.what in RESTING:
            rest_tips(session, change.tenant_id)


plugin = AgriTips()
