"""The module's own words, for what it says outside of a route."""

from wuji.api import OwnTexts

say = OwnTexts("agri_tips", __file__).say


def say_month(locale: str, month: int) -> str:
    """7月, July."""
    return say(locale, f"month.{month}")
