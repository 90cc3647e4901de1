"""What a notification says, in the reader's language: the topic's texts with the notification's values."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from wuji.kit.texts import LOCALES, Texts
from wuji.plugin.running import topic_key

SEPARATORS = {"zh-CN": "、", "en": ", "}


class Message(NamedTuple):
    """A notification in words."""

    title: str
    body: str


class _Values(dict[str, str]):
    """A text of today may ask for a value that a notification of last year does not have."""

    def __missing__(self, key: str) -> str:
        return ""


def render(texts: Texts, locale: str, topic: str, told: Mapping[str, Any], place: str | None) -> Message:
    """Of a topic that nobody declares any more only that there was something: its plugin was taken away.

    `place` is where it happened; None: at no tenant, but the deployment itself.
    """
    known = locale if locale in LOCALES else LOCALES[0]
    start = topic_key(topic)
    if f"{start}.title" not in texts.catalogue(known):
        start = "inbox.gone"
    here = texts.catalogue(known)["inbox.platform"] if place is None else place
    values = _Values({name: _say(texts, known, value) for name, value in told.items()}, place=here)
    title, body = (texts.catalogue(known)[f"{start}.{part}"].format_map(values) for part in ("title", "body"))
    return Message(title, body)


def _say(texts: Texts, locale: str, value: object) -> str:
    """A value as it is; {"text": key}, or the first of several keys that is there, in the reader's words; of {"zh-CN": …,
    "en": …} the fitting one; of a list each.
    """
    match value:
        case list():
            return SEPARATORS[locale].join(_say(texts, locale, one) for one in value)
        case {"text": str(key)}:
            return texts.catalogue(locale).get(key, "")
        case {"text": list(keys)}:
            said = texts.catalogue(locale)
            return next((said[key] for key in keys if key in said), "")
        case dict():
            return str(value.get(locale) or next(iter(value.values()), ""))
        case _:
            return str(value)
