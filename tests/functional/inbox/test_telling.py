"""Telling people: once, only those who are to be told, only from where it may come, at the time that they chose."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from sqlalchemy.exc import DBAPIError

from wuji.inbox.services import notify
from wuji.testing import ANONYMOUS, World, factories
from wuji.testing.acting import acting

SHANGHAI = ZoneInfo("Asia/Shanghai")
TELL = "select wuji.notify(%s, array[%s::uuid], 'cause', '{}', '', %s)"


def rows(post, who: str) -> list:
    return post.world.run(
        "select topic, shown from wuji.notification where account_id = %s order by id", post.world.account[who]
    ).fetchall()


def test_one_message_once(post):
    assert post.tell("resident", "member", cause="one") == 2
    assert post.tell("resident", "member", "neighbour", cause="one") == 1
    assert post.tell("resident", "resident", cause="two") == 1
    assert rows(post, "resident") == [("inbox.grant_given", True)] * 2


def test_who_cannot_log_in_is_told_nothing(post):
    assert post.tell("suspended") == 0


def test_a_topic_that_nobody_declares_is_refused(post):
    with pytest.raises(DBAPIError, match="nobody declares topic"):
        post.tell("resident", topic="no.such")


@pytest.mark.parametrize("who", ["official@city", "official@village", "resident", "operator", ANONYMOUS])
def test_nobody_but_the_system_tells_anybody_anything(post, who):
    world = post.world
    at = None if who == "operator" else "village"
    with world.enter(who, at) as tx:
        assert tx.refused(TELL, "inbox.trouble", world.account["resident"], world.tenant["village"]) == "42501"
        assert tx.refused("select wuji.holders('identity.grant.give', %s)", world.tenant["village"]) == "42501"


def test_a_tree_tells_nothing_about_another(post):
    world = post.world
    with acting(post.app, world, "other") as session:
        session.begin_nested()
        with pytest.raises(DBAPIError, match="nobody can be told from there"):
            notify(session, "inbox.grant_given", [world.account["resident"]], "x", tenant_id=world.tenant["village"])
        session.rollback()


def test_whoever_wants_it_nowhere_has_no_row(post):
    post.choose("resident", choices=Jsonb({"inbox.grant_given": {"inbox": "off"}}))
    assert post.tell("resident", "member") == 1
    assert rows(post, "resident") == []


def test_whoever_wants_it_by_mail_alone_finds_nothing_in_the_inbox(post):
    post.named("resident", "email", "r@example.org")
    post.choose("resident", choices=Jsonb({"inbox.grant_given": {"inbox": "off", "email": "now"}}))
    assert post.tell("resident", cause="one") == 1
    assert post.tell("resident", cause="one") == 0
    assert rows(post, "resident") == [("inbox.grant_given", False)]
    assert post.ask("resident", "GET", "/me/notifications").json["items"] == []
    assert post.work("resident") == ["done"]
    assert len(post.letters.to("r@example.org")) == 1


def test_nothing_goes_where_nobody_proved_to_read(post):
    post.named("resident", "email", "r@example.org", verified=False)
    post.tell("resident", topic="inbox.decision")
    assert post.deliveries("resident") == []


def test_what_is_usual_until_somebody_chooses(post):
    post.named("resident", "email", "r@example.org")
    post.named("resident", "webhook", post.receiver.url)
    post.tell("resident", topic="inbox.decision", values={"name": "x", "result": "y"})
    post.tell("resident", topic="inbox.grant_given")
    post.tell("resident", topic="inbox.job_done", values={"kind": "x"})
    assert [(channel, digest) for _, channel, _, digest, _ in post.deliveries("resident")] == [
        ("email", False),
        ("email", True),
    ]


def test_a_digest_gathers_and_goes_once(post):
    post.named("resident", "email", "r@example.org")
    for _ in range(3):
        post.tell("resident")
    [(_, _, _, _, due)] = post.deliveries("resident")
    wall = due.astimezone(SHANGHAI)
    assert (wall.hour, wall.minute) == (8, 0)
    assert timedelta(0) < due - datetime.now(UTC) <= timedelta(days=1)
    assert post.work("resident") == ["done"]
    [letter] = post.letters.to("r@example.org")
    assert letter["Subject"] == "3 条新消息"
    assert letter.get_content().count("您在village的新身份：居民") == 3
    post.tell("resident")  # what has gone out is not added to
    assert [state for _, _, state, _, _ in post.deliveries("resident")] == ["sent", "waiting"]


def test_quiet_hours_put_off_what_goes_out_not_what_is_in_the_inbox(post):
    now = datetime.now(SHANGHAI)
    begin, end = (now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time().replace(second=0, microsecond=0)
    post.named("resident", "email", "r@example.org")
    post.choose("resident", quiet_from=begin, quiet_until=end)
    post.tell("resident", topic="inbox.decision", values={"name": "x", "result": "y"})
    [(_, _, _, _, due)] = post.deliveries("resident")
    assert due.astimezone(SHANGHAI).time() == end
    assert post.world.one("select due_at from wuji.job where id = %s", post.jobs("resident")[0]) == due
    assert len(post.ask("resident", "GET", "/me/notifications").json["items"]) == 1


def test_the_zone_is_the_persons_else_that_of_the_tree(post):
    world = post.world
    world.insert(
        "wuji.setting_value",
        {
            "tenant_id": world.tenant["city"],
            "key": "tenancy.time_zone",
            "mode": "set",
            "value": Jsonb("Asia/Urumqi"),
        },
        ("tenant_id", "key"),
    )
    for who in ("resident", "member"):
        post.named(who, "email", f"{who}@example.org")
    post.choose("member", zone="Europe/Berlin")
    post.tell("resident", "member")
    for who, zone in (("resident", "Asia/Urumqi"), ("member", "Europe/Berlin")):
        [(_, _, _, _, due)] = post.deliveries(who)
        assert due.astimezone(ZoneInfo(zone)).hour == 8


ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
HOURS = st.times().map(lambda at: at.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - hypothesis asks for naive bounds


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=MOMENTS, zone=ZONES, begin=HOURS, end=HOURS)
def test_after_quiet_hours(world, at, zone, begin, end):
    """Never earlier, less than a day later, outside quiet hours by the clock on the wall; what lies outside is not moved."""
    found = world.one("select wuji.after_quiet(%s, %s, %s, %s)", at, zone, begin, end)
    wall, moved = at.astimezone(ZoneInfo(zone)).time(), found.astimezone(ZoneInfo(zone)).time()
    assert at <= found <= at + timedelta(hours=25)
    assert (found == at) if not is_quiet(wall, begin, end) else not is_quiet(moved, begin, end)


def is_quiet(at: time, begin: time, end: time) -> bool:
    return begin <= at < end if begin <= end else at >= begin or at < end


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=MOMENTS, zone=ZONES, hour=HOURS)
def test_the_next_digest_is_always_later(world, at, zone, hour):
    found = world.one("select wuji.next_digest(%s, %s, %s)", at, zone, hour)
    assert at < found <= at + timedelta(hours=25)


def test_what_was_read_goes_after_half_a_year(server, make_database):
    own = World(server, make_database())
    make, old = factories["wuji.notification"], "now() - interval '181 days'"
    kept = [make(own, "village"), make(own, "village", read_at=datetime.now(UTC) - timedelta(days=179))]
    make(own, "village", read_at=datetime.now(UTC) - timedelta(days=181))
    own.run(f"update wuji.notification set created_at = {old}")
    with own.enter(login="wuji_system") as tx:
        assert dict(tx.execute("select * from wuji.purge()").fetchall())["wuji.notification"] == 1
        tx.commit()
    assert set(own.one("select array_agg(id) from wuji.notification")) == set(kept)
    own.close()
