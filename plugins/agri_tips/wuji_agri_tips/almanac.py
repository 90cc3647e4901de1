"""What day, month and solar term it is for the readers of a tree: by the wall clock of its time zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from wuji.api import ScopedSession, now, read_setting, read_zone
from wuji_agri_tips.models import MONTHS
from wuji_agri_tips.settings import MONTHS_AHEAD
from wuji_agri_tips.solar_terms import NAMES, SolarTerm, term_on, terms_of


@dataclass(frozen=True)
class Today:
    """The day at the acting tenant, and the months that count as this one."""

    day: date
    zone: ZoneInfo
    term: SolarTerm
    months: tuple[int, ...]


def read_today(session: ScopedSession) -> Today:
    """By the settings of the acting tenant."""
    zone = read_zone(session)
    day = now().astimezone(zone).date()
    ahead = read_setting(session, MONTHS_AHEAD)
    months = tuple((day.month - 1 + step) % len(MONTHS) + 1 for step in range(ahead + 1))
    return Today(day, zone, term_on(day, zone), months)


def number_of(term: SolarTerm) -> int:
    """1 is 小寒 in January, 24 is 冬至 in December."""
    return term.index + 1


def say_term(locale: str, number: int) -> str:
    """A term by its number: 大暑, Major Heat."""
    zh, en, _pinyin = NAMES[number - 1]
    return en if locale == "en" else zh


def show_terms(session: ScopedSession, year: int) -> Sequence[dict[str, object]]:
    """The 24 terms of a year; `current` is true of the one that counts today."""
    today = read_today(session)
    return [
        {
            "number": number_of(term),
            "zh": term.zh,
            "en": term.en,
            "pinyin": term.pinyin,
            "month": term.month,
            "on": term.on,
            "at": term.at,
            "current": term == today.term,
        }
        for term in terms_of(year, today.zone)
    ]
