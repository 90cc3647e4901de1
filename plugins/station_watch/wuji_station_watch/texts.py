"""The module's own words, for what it says outside of a route."""

from functools import cache
from pathlib import Path

from wuji.api import Texts

HERE = Path(__file__).parent


@cache
def _texts() -> Texts:
    inside = HERE / "locales"
    return Texts([("station_watch", inside if inside.is_dir() else HERE.parent / "locales")])


def say(locale: str, key: str, **params: object) -> str:
    """A text of the catalogue: `say("en", "step.1")`."""
    return _texts().say(locale, f"station_watch.{key}", params)
