from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuji_agri_tips.solar_terms import NAMES, YEARS, term_on, terms_of, terms_of_month

CHINA = ZoneInfo("Asia/Shanghai")
# As printed in China for the year 2026: month, then its two days.
DAYS_OF_2026 = {
    1: (5, 20),
    2: (4, 18),
    3: (5, 20),
    4: (5, 20),
    5: (5, 21),
    6: (5, 21),
    7: (7, 23),
    8: (7, 23),
    9: (7, 23),
    10: (8, 23),
    11: (7, 22),
    12: (7, 22),
}
# Dates of China's almanacs, chosen where a formula or a clumsy sun goes wrong.
PUBLISHED = [
    ("立春", date(1984, 2, 4)),
    ("立春", date(2017, 2, 3)),
    ("立春", date(2021, 2, 3)),
    ("立春", date(2025, 2, 3)),
    ("雨水", date(2026, 2, 18)),
    ("惊蛰", date(2014, 3, 6)),
    ("春分", date(2000, 3, 20)),
    ("清明", date(2021, 4, 4)),
    ("清明", date(2024, 4, 4)),
    ("清明", date(2026, 4, 5)),
    ("立夏", date(2009, 5, 5)),
    ("立夏", date(2023, 5, 6)),
    ("小满", date(2008, 5, 21)),
    ("夏至", date(2020, 6, 21)),
    ("小暑", date(2016, 7, 7)),
    ("大暑", date(1922, 7, 24)),
    ("秋分", date(1942, 9, 24)),
    ("立冬", date(2089, 11, 7)),
    ("小雪", date(1978, 11, 23)),
    ("冬至", date(1918, 12, 22)),
    ("冬至", date(2021, 12, 21)),
    ("冬至", date(2028, 12, 21)),
]
# Moments in UTC from the JPL ephemeris (1979) and from tables of equinoxes and solstices, to the minute.
MOMENTS = [
    ("大寒", datetime(1979, 1, 20, 15, 59, 55, tzinfo=UTC), 3),
    ("春分", datetime(2001, 3, 20, 13, 31, tzinfo=UTC), 60),
    ("夏至", datetime(2002, 6, 21, 13, 25, tzinfo=UTC), 60),
    ("冬至", datetime(2004, 12, 21, 12, 42, tzinfo=UTC), 60),
    ("清明", datetime(2025, 4, 4, 12, 49, tzinfo=UTC), 60),
    ("立春", datetime(2026, 2, 3, 20, 2, tzinfo=UTC), 60),
    ("冬至", datetime(2021, 12, 21, 15, 59, 9, tzinfo=UTC), 20),
    ("春分", datetime(2099, 3, 20, 7, 17, tzinfo=UTC), 120),
    ("冬至", datetime(2099, 12, 21, 14, 4, tzinfo=UTC), 120),
]


def named(year, name):
    return next(term for term in terms_of(year, CHINA) if term.zh == name)


def test_every_term_of_2026():
    terms = terms_of(2026, CHINA)
    assert [term.index for term in terms] == list(range(24))
    expected = [date(2026, month, day) for month, days in DAYS_OF_2026.items() for day in days]
    assert [term.on for term in terms] == expected
    assert (terms[0].zh, terms[2].pinyin, terms[6].en, terms[23].zh) == ("小寒", "lì chūn", "Pure Brightness", "冬至")


@pytest.mark.parametrize(("name", "day"), PUBLISHED)
def test_published_dates(name, day):
    assert named(day.year, name).on == day
    assert term_on(day, CHINA).zh == name
    assert term_on(day - timedelta(days=1), CHINA).zh != name


@pytest.mark.parametrize(("name", "moment", "seconds"), MOMENTS)
def test_published_moments(name, moment, seconds):
    assert abs(named(moment.year, name).at - moment) <= timedelta(seconds=seconds)


def test_the_first_and_the_last_year_of_the_printed_tables():
    assert [term.on.day for term in terms_of(1900, CHINA)][:12] == [6, 20, 4, 19, 6, 21, 5, 20, 6, 21, 6, 22]
    assert [term.on.day for term in terms_of(2099, CHINA)][-6:] == [8, 23, 7, 22, 7, 21]


def test_the_zone_decides_the_date_and_not_the_moment():
    there, here = terms_of(2021, ZoneInfo("Asia/Tokyo"))[23], terms_of(2021, CHINA)[23]
    assert there.at == here.at
    assert (there.on, here.on) == (date(2021, 12, 22), date(2021, 12, 21))


def test_the_year_begins_within_the_term_of_the_year_before():
    assert term_on(date(2026, 1, 1), CHINA).on == date(2025, 12, 21)
    assert term_on(date(2026, 12, 31), CHINA).zh == "冬至"


def test_a_month_holds_two_terms():
    assert [term.zh for term in terms_of_month(2026, 7, CHINA)] == ["小暑", "大暑"]


@pytest.mark.parametrize("year", [YEARS.start - 1, YEARS.stop])
def test_years_out_of_range_are_refused(year):
    with pytest.raises(ValueError, match=str(year)):
        terms_of(year, CHINA)


@given(st.sampled_from(YEARS[:-1]))
def test_terms_ascend_by_15_degrees_and_join_the_next_year(year):
    terms = (*terms_of(year, CHINA), terms_of(year + 1, CHINA)[0])
    assert len({term.zh for term in terms}) == len(NAMES)
    for one, other in pairwise(terms):
        assert (other.longitude - one.longitude) % 360 == 15
        # The earth is fastest in January and slowest in July: 14.7 and 15.8 days.
        assert timedelta(days=14.6) < other.at - one.at < timedelta(days=15.9)
    # The calendar drifts by a day or two over these centuries, yet every term keeps its month.
    assert all((term.on.year, term.on.month) == (year, term.month) for term in terms[:-1])
