"""Every hook there is, with its exact arguments. A hook enters with its first caller; hooks are added, never changed.

A plugin implements those it needs, with `@hook` from `wuji.api`. Arguments may be left out from the right or the middle.
"""

from collections.abc import Sequence
from typing import Any, Literal, Protocol

import pluggy

from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Task
from wuji.kit.http.route import Feature
from wuji.kit.permission import Permission
from wuji.kit.setting import Setting
from wuji.kit.visibility import VisibleKind
from wuji.plugin.figures import Figure
from wuji.plugin.logins import LoginKind
from wuji.plugin.records import Card, Importer, Projection, PublicPage, SearchKind, Surface, TenantChange, Ui
from wuji.plugin.running import Channel, Handler, LiveTopic, Schedule, Topic

NAMESPACE = "wuji"
hookspec = pluggy.HookspecMarker(NAMESPACE)
hook = pluggy.HookimplMarker(NAMESPACE)


class Declarations(Protocol):
    """Asked once, when the program starts."""

    @hookspec
    def wuji_routes(self) -> Sequence[Feature]:
        """Its part of the API: features whose name and plugin are its id. Everything below /tenants/<tenant_code>/<plugin>/."""

    @hookspec
    def wuji_permissions(self) -> Sequence[Permission]:
        """Exactly those that plugin.toml names."""

    @hookspec
    def wuji_settings(self) -> Sequence[Setting[Any]]:
        """Exactly those that plugin.toml names."""

    @hookspec
    def wuji_search_kinds(self) -> Sequence[SearchKind]:
        """What of its rows can be found."""

    @hookspec
    def wuji_projections(self) -> Sequence[Projection]:
        """What runs inside the transaction that records."""

    @hookspec
    def wuji_visible_kinds(self) -> Sequence[VisibleKind]:
        """Rows of which can be asked who sees them, and why."""

    @hookspec
    def wuji_ui(self) -> Sequence[Ui]:
        """Pages, menus and slots of the front end."""

    @hookspec
    def wuji_importers(self) -> Sequence[Importer]:
        """What it reads from a pack's folder `<plugin>/`."""

    @hookspec
    def wuji_tasks(self) -> Sequence[Task]:
        """Its job functions; their kinds begin with `<plugin>.`."""

    @hookspec
    def wuji_handlers(self) -> Sequence[Handler]:
        """What follows the journal after commit, where the plugin is active at the record's tenant."""

    @hookspec
    def wuji_schedules(self) -> Sequence[Schedule]:
        """What the clock starts, for each root."""

    @hookspec
    def wuji_figures(self) -> Sequence[Figure]:
        """What it counts, for every tenant and period."""

    @hookspec
    def wuji_topics(self) -> Sequence[Topic]:
        """What people can be told of."""

    @hookspec
    def wuji_live_topics(self) -> Sequence[LiveTopic]:
        """What open pages are told of as it changes, where the plugin is active."""

    @hookspec
    def wuji_happenings(self) -> Sequence[str]:
        """Verbs of what everybody may know of, without the plugin's id: `tip.publish`."""

    @hookspec
    def wuji_channels(self) -> Sequence[Channel]:
        """Ways to reach a person beside the inbox, e-mail and webhook."""

    @hookspec
    def wuji_login_kinds(self) -> Sequence[LoginKind]:
        """Kinds of identity systems that people can log in with, beside OpenID providers and those the core knows."""


class Events(Protocol):
    """Asked while serving, of plugins that are active at the acting tenant; each call is fenced."""

    @hookspec
    def wuji_public_page(self, session: ScopedSession, path: str, locale: str) -> PublicPage | None:
        """The page at `path` below /<code>/x/<plugin>/ as this visitor may read it; None where there is none. Asked of the
        plugin in the address alone.
        """

    @hookspec
    def wuji_cards(self, session: ScopedSession, surface: Surface, locale: Literal["zh-CN", "en"]) -> Sequence[Card]:
        """Cards of the portal's home, of the console's first page, of the screen or of the TV, at the acting tenant. Nothing for
        a surface that the plugin does not know: more may come.
        """

    @hookspec
    def wuji_tenant_changed(self, session: ScopedSession, change: TenantChange) -> None:
        """In the transaction that changed the tenant, with the scope of whoever did."""
