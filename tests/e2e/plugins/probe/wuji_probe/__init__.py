"""A plugin for tests of the browser: its pages are one hand-written module, good ones and bad ones."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import text

from wuji.api import Card, CardRow, Handler, Happened, Menu, Page, ScopedSession, Slot, Surface, Ui, hook

PAGES = {"": "Home", "rows/:row": "Row", "throws": "Throws", "absent": "Absent"}
NAME = text("select name from wuji.tenant where id = :tenant_id")
UNKNOWN = "绊一下"
SURFACES: tuple[Surface, ...] = ("portal", "console")


def stumble(session: ScopedSession, happened: Happened) -> None:
    """Takes every tenant but one of that name; once it is called otherwise, it is as good as any."""
    if session.execute(NAME, {"tenant_id": happened.tenant_id}).scalar_one() == UNKNOWN:
        raise ValueError("the probe knows no such name")


class Probe:
    """Pages on both surfaces, a menu on each, a place on a person's page, a card, and a handler that can fail."""

    @hook
    def wuji_ui(self) -> Sequence[Ui]:
        pages = [
            Page(surface=surface, path=path, component=component, title="probe.title")
            for surface in SURFACES
            for path, component in PAGES.items()
        ]
        menus = (
            Menu(surface="portal", group="sections", label="probe.title", icon="flask-conical", path=""),
            Menu(surface="console", group="modules", label="probe.title", icon="flask-conical", path=""),
        )
        mine = Slot(surface="portal", name="me", component="Mine")
        return (Ui(module="index.js", styles=("style.css",), pages=tuple(pages), menus=menus, slots=(mine,)),)

    @hook
    def wuji_cards(self, session: ScopedSession, surface: Surface, locale: Literal["zh-CN", "en"]) -> Sequence[Card]:
        del session, surface
        title = "Probe's card" if locale == "en" else "探针的卡片"
        rows = (CardRow(title="第一行", text="往里看", path="rows/1", icon="flask-conical"),)
        return (Card(name="rows", place="main", title=title, rows=rows),)

    @hook
    def wuji_handlers(self) -> Sequence[Handler]:
        return (Handler(name="stumble", kinds=frozenset({"tenant"}), handle=stumble),)


plugin = Probe()
