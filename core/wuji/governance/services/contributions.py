"""What active plugins add to the front end for this reader, and the cards they show now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

from wuji.governance.active import ActiveSets
from wuji.kit.db.session import ScopedSession
from wuji.kit.sensitive import root_allows
from wuji.kit.texts import LOCALES
from wuji.plugin.dispatcher import Dispatcher
from wuji.plugin.plugins import Plugin, Plugins
from wuji.plugin.records import Card, Menu, Page, Slot, Surface, Ui

Locale = Literal["zh-CN", "en"]
Shown = Mapping[str, Any]
UNSAID = {"surface", "sensitive"}
Say = Callable[[str], str]


def spoken(locale: str) -> Locale:
    """A locale of ours as hooks have it."""
    return "en" if locale == "en" else "zh-CN"


def assets_url(plugin: Plugin, path: str) -> str:
    """Where a file of a plugin is served; the version stands in it, so that it can be kept for ever."""
    return f"/plugins/{plugin.id}/{plugin.manifest.version}/{path}"


def list_contributions(
    session: ScopedSession, plugins: Plugins, sets: ActiveSets, surface: Surface, say: Say
) -> Sequence[Shown]:
    """One entry for each Ui of an active plugin that has anything here that this reader may use. Titles and labels come in
    words: a navigation then stands without the plugin's catalogue.
    """
    active = sets.find(session).ids
    found = [
        _contribution(session, plugin, ui, surface, say)
        for plugin in plugins
        if plugin.id in active
        for ui in plugin.ui
    ]
    return [one for one in found if one["pages"] or one["menus"] or one["slots"]]


def _contribution(session: ScopedSession, plugin: Plugin, ui: Ui, surface: Surface, say: Say) -> Shown:
    def mine(parts: Sequence[Page | Menu | Slot]) -> list[Shown]:
        here = [part for part in parts if part.surface == surface and _is_usable(session, part)]
        return [{name: value for name, value in asdict(part).items() if name not in UNSAID} for part in here]

    return {
        "id": plugin.id,
        "version": plugin.manifest.version,
        "sdk": ui.sdk,
        "module": assets_url(plugin, ui.module),
        "styles": [assets_url(plugin, style) for style in ui.styles],
        "texts": {locale: assets_url(plugin, f"locales/{locale}.json") for locale in LOCALES},
        "pages": [{**page, "title": say(page["title"])} for page in mine(ui.pages)],
        "menus": [
            {**menu, "label": say(menu["label"])} for menu in sorted(mine(ui.menus), key=lambda menu: menu["order"])
        ],
        "slots": sorted(mine(ui.slots), key=lambda slot: slot["order"]),
    }


def _is_usable(session: ScopedSession, part: Page | Menu | Slot) -> bool:
    """By this reader, at this place."""
    permitted = not part.permission or session.actor.may(part.permission)
    return permitted and (not part.sensitive or root_allows(session, part.sensitive))


def list_cards(session: ScopedSession, dispatcher: Dispatcher, surface: Surface, locale: Locale) -> Shown:
    """Cards of all active plugins by their order, and the names of plugins that should have given some and could not."""
    answers = dispatcher.ask("wuji_cards", session, surface=surface, locale=locale)
    cards: list[tuple[Card, str]] = []
    failed = list(answers.failed)
    for name, given in answers.given:
        mine = list(given) if isinstance(given, Sequence) else [given] if given else []
        if all(isinstance(card, Card) for card in mine):
            cards += [
                (card, name)
                for card in mine
                if card.rows or card.empty or card.text or card.curve or card.place == "head"
            ]
        else:
            dispatcher.blame(name, "wuji_cards", "gives something that is no Card")
            failed.append(name)
    cards.sort(key=lambda one: one[0].order)
    return {"items": [_card(card, name) for card, name in cards], "failed": failed}


def _card(card: Card, plugin: str) -> Shown:
    return {**asdict(card), "plugin": plugin}
