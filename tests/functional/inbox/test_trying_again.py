"""A message that does not go out is tried again as Standard Webhooks has it, or within a day; then somebody learns of it."""

from datetime import timedelta

import pytest
from psycopg.types.json import Jsonb

from wuji.inbox.channels import THREE_DAYS
from wuji.plugin.running import A_DAY

MINE = "r.wu@example.org"
NEAR = timedelta(seconds=20)  # between reckoning and asking


@pytest.fixture
def told(post):
    """Of a decision, by webhook and by letter."""
    post.named("resident", "webhook", post.receiver.url)
    post.named("resident", "email", MINE)
    post.choose("resident", choices=Jsonb({"inbox.decision": {"webhook": "now"}}))
    post.tell("resident", topic="inbox.decision", values={"name": "某村", "result": {"text": "inbox.result.accepted"}})
    return post


def job_of(post, channel):
    """Of the one message that goes by it."""
    [delivery] = [one[0] for one in post.deliveries("resident") if one[1] == channel]
    asked = "select id from wuji.job where args ->> 'delivery_id' = %s"
    return post.world.one(asked, str(delivery))


def waits(post, job):
    """Tries until nothing is tried any more; how long it waits after each time, and how the last one leaves it."""
    found = []
    while (left := post.do(job)) == "waiting":
        found.append(post.world.one("select due_at - clock_timestamp() from wuji.job where id = %s", job))
    return found, left


def same(found, wanted):
    return len(found) == len(wanted) and all(
        want - NEAR < wait <= want for wait, want in zip(found, wanted, strict=True)
    )


def address_of(post, channel):
    return next(one for one in post.ask("resident", "GET", "/me/addresses").json["items"] if one["channel"] == channel)


def test_a_webhook_is_tried_for_three_days_and_then_no_more(told):
    told.receiver.status = 503
    found, left = waits(told, job_of(told, "webhook"))
    assert same(found, THREE_DAYS)
    assert sum(found, timedelta()) > timedelta(days=3)
    assert (left, len({call.headers["webhook-id"] for call in told.receiver.got})) == ("done", 1)
    assert len(told.receiver.got) == len(THREE_DAYS) + 1
    lost = address_of(told, "webhook")
    assert (lost["state"], "503" in lost["fault"]) == ("refused", True)
    page = told.ask("resident", "GET", "/me/notifications").json["items"]
    assert [one["title"] for one in page if one["topic"] == "inbox.address_lost"] == [
        "Webhook: messages no longer go to your address"
    ]
    told.tell("resident", topic="inbox.decision", values={"name": "x", "result": {"text": "inbox.result.accepted"}})
    assert "webhook" not in {one[1] for one in told.deliveries("resident") if one[2] == "waiting"}


def test_a_receiver_that_comes_back_gets_it(told):
    job = job_of(told, "webhook")
    told.receiver.status = 500
    assert [told.do(job), told.do(job)] == ["waiting", "waiting"]
    told.receiver.status = 204
    assert told.do(job) == "done"
    assert address_of(told, "webhook")["state"] == "verified"


def test_a_letter_is_tried_for_a_day_and_its_address_stays(told):
    told.letters.answers[MINE] = "451 busy"
    job = job_of(told, "email")
    found, left = waits(told, job)
    assert same(found, A_DAY)
    assert timedelta(hours=23) < sum(found, timedelta()) <= timedelta(days=1)
    assert (left, address_of(told, "email")["state"], address_of(told, "email")["fault"]) == (
        "failed",
        "verified",
        "451",
    )
    told.letters.answers.clear()
    assert told.do(job) == "done"  # the operator has the dead letter done again
    assert len(told.letters.to(MINE)) == 1
