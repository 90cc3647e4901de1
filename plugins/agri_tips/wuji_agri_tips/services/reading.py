"""Tips for the portal: of a month here, the one of the season."""

from collections.abc import Mapping
from typing import Any

from wuji.api import ScopedSession
from wuji.api.http import read_page
from wuji_agri_tips.almanac import Today, number_of
from wuji_agri_tips.lists import TIPS
from wuji_agri_tips.services.crops import get_crops

Item = Mapping[str, Any]
MOST = 60  # of one page: a village has some in a month


def list_of(session: ScopedSession, **asked: int) -> list[Item]:
    """The first page of the list that the API gives: readable here, newest first."""
    found: list[Item] = read_page(session, TIPS, {**asked, "limit": MOST})["items"]
    return found


def list_now(session: ScopedSession, today: Today) -> list[Item]:
    """Of the months that count as this one."""
    return list_of(session, month=today.months[0], ahead=len(today.months) - 1)


def list_for(session: ScopedSession, today: Today) -> list[Item]:
    """The same for one reader: first what they have chosen, then what the season asks for, nearer places before wider ones."""
    chosen = set(get_crops(session)[0]) if session.actor.account_id else set()
    number = number_of(today.term)

    def fit(one: Item) -> tuple[bool, bool, int]:
        return one["subject"] not in chosen, number not in one["terms"], -one["tenant_level"]

    return sorted(list_now(session, today), key=fit)


def in_language(one: Item, locale: str) -> tuple[str, str, str]:
    """(title, summary, language): English where the tip has it and the reader asks for it."""
    if locale == "en" and one["title_en"]:
        return one["title_en"], one["summary_en"], "en"
    return one["title"], one["summary"], "zh-CN"
