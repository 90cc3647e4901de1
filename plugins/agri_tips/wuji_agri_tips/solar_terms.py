"""The 24 solar terms (节气) of any year: the moments at which the sun's apparent longitude is a multiple of 15°.

The moments come from tyme4py (the 寿星 series), good to some seconds where the earth's rotation is known and to about a
minute at the end of this century. Printed almanacs round to minutes, so a term within seconds of midnight may stand one
day later there, as 大寒 of 1979 does (23:59:55, printed as 0:00 of the 21st).
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from tyme4py.solar import SolarTerm as TymeTerm

# Since 1645 terms follow the true sun; the earth's rotation is too uncertain to date them after some centuries.
YEARS = range(1645, 3001)
NAMES = (
    ("小寒", "Minor Cold", "xiǎo hán"),
    ("大寒", "Major Cold", "dà hán"),
    ("立春", "Start of Spring", "lì chūn"),
    ("雨水", "Rain Water", "yǔ shuǐ"),
    ("惊蛰", "Awakening of Insects", "jīng zhé"),
    ("春分", "Spring Equinox", "chūn fēn"),
    ("清明", "Pure Brightness", "qīng míng"),
    ("谷雨", "Grain Rain", "gǔ yǔ"),
    ("立夏", "Start of Summer", "lì xià"),
    ("小满", "Grain Buds", "xiǎo mǎn"),
    ("芒种", "Grain in Ear", "máng zhòng"),
    ("夏至", "Summer Solstice", "xià zhì"),
    ("小暑", "Minor Heat", "xiǎo shǔ"),
    ("大暑", "Major Heat", "dà shǔ"),
    ("立秋", "Start of Autumn", "lì qiū"),
    ("处暑", "End of Heat", "chǔ shǔ"),
    ("白露", "White Dew", "bái lù"),
    ("秋分", "Autumn Equinox", "qiū fēn"),
    ("寒露", "Cold Dew", "hán lù"),
    ("霜降", "Frost's Descent", "shuāng jiàng"),
    ("立冬", "Start of Winter", "lì dōng"),
    ("小雪", "Minor Snow", "xiǎo xuě"),
    ("大雪", "Major Snow", "dà xuě"),
    ("冬至", "Winter Solstice", "dōng zhì"),
)
J2000 = 2451545.0
J2000_IN_CHINA = datetime(2000, 1, 1, 12, tzinfo=timezone(timedelta(hours=8)))


@dataclass(frozen=True, slots=True)
class SolarTerm:
    """One term of one year. The index counts through the calendar year: 0 is 小寒 in January, 23 is 冬至 in December."""

    index: int
    zh: str
    en: str
    pinyin: str
    at: datetime
    on: date

    @property
    def longitude(self) -> int:
        """The sun's apparent longitude in degrees: 0 at the spring equinox."""
        return (285 + 15 * self.index) % 360

    @property
    def month(self) -> int:
        """The month, 1 to 12, that holds the term: the first two terms are January's, and so on."""
        return self.index // 2 + 1


def terms_of(year: int, zone: tzinfo) -> tuple[SolarTerm, ...]:
    """The 24 terms of a calendar year, in order, dated by the wall clock of the zone: where that had summer time, as
    China's until 1991, some dates are a day after the almanac's, which never does.
    """
    return tuple(
        SolarTerm(index, *NAMES[index], at=at, on=at.astimezone(zone).date()) for index, at in enumerate(_moments(year))
    )


def terms_of_month(year: int, month: int, zone: tzinfo) -> tuple[SolarTerm, ...]:
    """The two terms of a month."""
    return tuple(term for term in terms_of(year, zone) if term.month == month)


def term_on(day: date, zone: tzinfo) -> SolarTerm:
    """The term that is current on a day: the last that has begun by that day's end."""
    terms = terms_of(day.year, zone)
    place = bisect_right(terms, day, key=lambda term: term.on)
    return terms[place - 1] if place else terms_of(day.year - 1, zone)[-1]


@lru_cache(maxsize=64)
def _moments(year: int) -> tuple[datetime, ...]:
    if year not in YEARS:
        raise ValueError(f"solar terms are computed for {YEARS.start} to {YEARS.stop - 1}, not for {year}")
    return tuple(_moment(year, place) for place in range(1, len(NAMES) + 1))


def _moment(year: int, place: int) -> datetime:
    # tyme4py counts from 冬至 of the year before (place 0) and gives Julian days of China's clock; 24 is this year's 冬至.
    days = TymeTerm.from_index(year, place).get_julian_day().get_day() - J2000
    return (J2000_IN_CHINA + timedelta(seconds=round(days * 86400))).astimezone(UTC)
