"""A plugin's own words, for what it says outside of a route: cards, pages, documents for search."""

from functools import cached_property
from pathlib import Path

from wuji.kit.texts import Texts
from wuji.plugin.discovery import beside


class OwnTexts:
    """Of the plugin with that id: `say = OwnTexts("agri_tips", __file__).say` in a module right in its package. Read when the
    first is said.
    """

    def __init__(self, plugin: str, module: str) -> None:
        self._plugin, self._package = plugin, Path(module).parent

    @cached_property
    def _texts(self) -> Texts:
        return Texts([(self._plugin, beside(self._package, "locales"))])

    def say(self, locale: str, key: str, /, **params: object) -> str:
        """A text of its catalogue, parameters filled in: `say("en", "page.month", month="July")`."""
        return self._texts.say(locale, f"{self._plugin}.{key}", params)
