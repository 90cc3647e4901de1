"""Tips for the portal: of a month here, the one of the season."""

from collections.abc import Mapping, Sequence
from typing import Any

from wuji.api import ScopedSession
from wuji.api.http import read_page
from wuji_agri_tips.almanac import Today, number_of
from wuji_agri_tips.lists import TIPS
from wuji_agri_tips.services.crops import get_crops

Item = Mapping[str, Any]
MOST = 60  # of one page: a village has some in a month


def list_of(session: ScopedSession, months: Sequence[int] = (), terms: Sequence[int] = ()) -> list[Item]:
    """Readable here, of any of the months or terms, newest first and each once."""
    asked = [{"month": month} for month in months] + [{"term": term} for term in terms]
    found = [one for narrowed in asked for one in read_page(session, TIPS, {**narrowed, "limit": MOST})["items"]]
    return sorted({one["id"]: one for one in found}.values(), key=_newest)


def list_for(session: ScopedSession, today: Today) -> list[Item]:
    """Of this month: first what the reader has chosen, then what the season asks for, nearer places before wider ones."""
    chosen = set(get_crops(session)[0]) if session.actor.account_id else set()
    number = number_of(today.term)

    def fit(one: Item) -> tuple[bool, bool, int]:
        return one["subject"] not in chosen, number not in one["terms"], -one["tenant_level"]

    return sorted(list_of(session, today.months), key=fit)


def _newest(one: Item) -> float:
    return -float(one["published_at"].timestamp())


def in_language(one: Item, locale: str) -> tuple[str, str, str]:
    """(title, summary, language): English where the tip has it and the reader asks for it."""
    if locale == "en" and one["title_en"]:
        return one["title_en"], one["summary_en"], "en"
    return one["title"], one["summary"], "zh-CN"
