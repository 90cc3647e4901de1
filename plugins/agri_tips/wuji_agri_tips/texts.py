"""The module's own words, for what it says outside of a route."""

from functools import cache
from pathlib import Path

from wuji.api import Texts

HERE = Path(__file__).parent


@cache
def _texts() -> Texts:
    inside = HERE / "locales"
    return Texts([("agri_tips", inside if inside.is_dir() else HERE.parent / "locales")])


def say(locale: str, key: str, **params: object) -> str:
    """A text of the catalogue: `say("en", "page.month", month="July")`."""
    return _texts().say(locale, f"agri_tips.{key}", params)


def say_month(locale: str, month: int) -> str:
    """7月, July."""
    return say(locale, f"month.{month}")
