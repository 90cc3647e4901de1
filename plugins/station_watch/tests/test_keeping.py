"""Readings lie in the partition of their month: nobody comes to them but through the table, and they end as the setting says."""

from datetime import UTC, datetime, timedelta

from wuji.testing import factories
from wuji_station_watch.models import PARTITIONS

READING = "plugin_station_watch.reading"


def month_of(at):
    return (at.year * 12 + at.month) % 15


def put(watch, device, at, tenant="village"):
    said = {"tenant_id": watch.world.tenant[tenant], "device_id": device, "measure": "in", "value": 1}
    watch.world.insert(READING, {**said, "at": at, "month": month_of(at)}, ("device_id", "measure", "at", "month"))


def times(watch, device):
    found = "select at from plugin_station_watch.reading where device_id = %s order by at"
    return [at for (at,) in watch.world.run(found, device)]


def test_a_partition_by_itself_is_nobodys(watch):
    device = watch.device()
    at = datetime.now(UTC)
    device.push(("in", at, 3))
    own = f"{READING}_{month_of(at):02}"
    assert watch.world.one(f"select count(*) from {own} where device_id = %s", device.id) == 1  # noqa: S608 - a name of ours
    for name in PARTITIONS:
        for who, place in (("official@city", "city"), ("official@village", "village"), ("anonymous", "village")):
            with watch.world.enter(who, place) as tx:
                for statement in (f"select * from {name}", f"delete from {name}", f"truncate {name}"):  # noqa: S608 - a name of ours
                    assert tx.refused(statement) == "42501", (who, statement)
    counted = "select count(*) from plugin_station_watch.reading where device_id = %s"
    for who, place, count in (("official@street", "street", 1), ("official@sibling", "sibling", 0)):
        with watch.world.enter(who, place) as tx:
            assert tx.one(counted, device.id) == count
    # no login writes readings, and none is in another month than its own
    with watch.world.enter("official@village", "village") as tx:
        assert tx.refused("delete from plugin_station_watch.reading") == "42501"
        assert tx.refused("select plugin_station_watch.readings_end(now())") == "42501"


def test_readings_end_as_the_setting_says(watch):
    now, device, other = datetime.now(UTC), watch.device(), watch.device(at="sibling")
    factories["wuji.setting_value"](watch.world, "village", key="station_watch.raw_days", value="7")
    old = (now.replace(day=15) - timedelta(days=150)).replace(hour=12)
    ages = (old, now - timedelta(days=8), now - timedelta(days=6))
    for key, tenant in ((device.id, "village"), (other.id, "sibling")):
        for at in ages:
            put(watch, key, at, tenant)
    assert watch.world.one("select plugin_station_watch.readings_end(%s)", now) >= 1
    assert times(watch, device.id) == [ages[2]]
    assert times(watch, other.id) == [ages[1], ages[2]]
    # a whole month that is over for everybody gives its room back
    emptied = f"{READING}_{month_of(old):02}"
    assert watch.world.one("select pg_relation_size(%s::regclass)", emptied) == 0
