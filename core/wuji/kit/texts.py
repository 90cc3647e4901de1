"""Texts in two languages: one JSON catalogue per feature and language, read by Python and the front end alike.

Keys are dotted: <feature>.<path in the file>. A text takes named parameters in braces, as vue-i18n does.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

LOCALES = ("zh-CN", "en")


class MissingTextError(KeyError):
    """A key that no catalogue holds: a fault of the program, found by the test of catalogues before anybody reads it."""


class Texts:
    """All catalogues of a deployment."""

    def __init__(self, folders: Iterable[tuple[str, Path]]) -> None:
        self._texts: dict[str, dict[str, str]] = {locale: {} for locale in LOCALES}
        for feature, folder in folders:
            for locale in LOCALES:
                tree = json.loads((folder / f"{locale}.json").read_text(encoding="utf-8"))
                self._texts[locale].update(flatten(tree, feature))

    def catalogue(self, locale: str) -> Mapping[str, str]:
        """Every key with its text."""
        return self._texts[locale]

    def say(self, locale: str, key: str, params: Mapping[str, object] | None = None) -> str:
        """The text in the reader's language, parameters filled in."""
        try:
            text = self._texts[locale][key]
        except KeyError:
            raise MissingTextError(f"{locale}: {key}") from None
        return text.format_map(params or {}) if "{" in text else text


def flatten(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Nested groups of texts as (dotted key, text)."""
    for name, value in tree.items():
        key = f"{prefix}.{name}"
        if isinstance(value, str):
            yield key, value
        else:
            yield from flatten(value, key)
