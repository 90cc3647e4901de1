"""Opening hours, said by Python for one station and by SQL for all of a street: the same."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from psycopg.types.json import Jsonb

from wuji_station_watch.opening import open_at

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_python_and_sql_say_the_same_of_opening(watch):
    """Through a week in steps that hit every edge: closed days, breaks, the last minute of a day."""
    hours = {"mon": [["08:00", "12:00"], ["14:00", "24:00"]], "tue": [["00:00", "00:30"]], "sun": []}
    closed = [{"on": "2026-07-27", "reason": "检修"}]
    begin = datetime(2026, 7, 20, tzinfo=SHANGHAI)
    moments = [begin + timedelta(minutes=15 * step, seconds=-1 * (step % 2)) for step in range(8 * 96)]
    at = "plugin_station_watch.{}(h, c, m, 'Asia/Shanghai')"
    asked = f"{at.format('opened_at')} is not null, {at.format('turns_at')}"
    statement = f"select {asked} from (select %s::jsonb h, %s::jsonb c, unnest(%s::timestamptz[]) m) x"  # noqa: S608 - of ours
    said = watch.world.run(statement, Jsonb(hours), Jsonb(closed), moments).fetchall()
    station = SimpleNamespace(state="open", hours=hours, closed_on=closed)
    found = [open_at(station, moment) for moment in moments]
    assert said == [(one.open_now, one.closes or one.opens) for one in found]
    assert open_at(station, begin + timedelta(hours=13)).opens == begin + timedelta(hours=14)
    assert open_at(station, begin + timedelta(hours=15)).closes == begin + timedelta(days=1)
    assert open_at(station, begin + timedelta(days=7, hours=9)).closed_reason == "检修"


@pytest.mark.parametrize(
    ("moment", "since"),
    [
        ("2026-07-21 00:10", "2026-07-20 14:00"),  # Monday's afternoon goes on
        ("2026-07-20 14:30", "2026-07-20 14:00"),
        ("2026-07-22 00:10", None),
        ("2026-07-28 00:10", "2026-07-28 00:00"),  # closed the day before
    ],
)
def test_who_is_open_over_midnight_has_been_so_since_the_day_before(watch, moment, since):
    hours = {"mon": [["08:00", "12:00"], ["14:00", "24:00"]], "tue": [["00:00", "00:30"]]}
    closed = [{"on": "2026-07-27", "reason": "检修"}]
    at, there = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI), since and datetime.fromisoformat(since)
    statement = "select plugin_station_watch.opened_at(%s, %s, %s, 'Asia/Shanghai')"
    found = watch.world.one(statement, Jsonb(hours), Jsonb(closed), at)
    assert found == (there and there.replace(tzinfo=SHANGHAI))
