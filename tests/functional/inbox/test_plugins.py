"""Topics and ways to be reached that a plugin brings."""

import json
import sys
from secrets import token_hex

import pytest

from wuji.inbox.topics import TOPICS, put_topics
from wuji.installation import topics
from wuji.plugin.plugins import NONE
from wuji.testing import Server
from wuji.testing.plugins import loaded_plugins

BEFORE = """
SENT = []

def check(address):
    if not address.isdecimal():
        raise invalid(Fault("#/address", "inbox.invalid.email"))

def send(outgoing):
    if outgoing.address.startswith("0"):
        raise RefusedError("there is no such number")
    SENT.append(outgoing)
"""
HOOKS = """
@hook
def wuji_topics(self):
    return (Topic(name="reminder"),)

@hook
def wuji_channels(self):
    return (Channel(name="sms", check=check, send=send),)
"""
TEXTS = json.dumps(
    {
        "topic": {"reminder": {"label": "Reminders", "title": "{thing} on {day}", "body": "At {place}."}},
        "channel": {"sms": {"label": "Text message"}},
    }
)


@pytest.fixture
def sms(post, workshop, serve):
    """The post of a deployment with such a plugin; its id."""
    name = workshop.write(HOOKS, before=BEFORE, texts=TEXTS)
    plugins = workshop.load()
    assert plugins.quarantined == ()
    post.app = serve(plugins, mode="development")
    post.world.insert("wuji.topic", {"name": f"{name}.reminder", "email": "off"})
    yield name
    post.world.run("delete from wuji.topic where name = %s", f"{name}.reminder")


def test_a_topic_is_chosen_and_read_in_the_plugins_words(post, sms):
    [shown] = [
        one
        for one in post.ask("resident", "GET", "/me/notification-settings").json["topics"]
        if one["topic"].startswith(sms)
    ]
    assert (shown["label"], shown["timings"][f"{sms}.sms"]) == ("Reminders", "off")
    post.tell("resident", topic=f"{sms}.reminder", values={"thing": "Bins", "day": {"zh-CN": "周一", "en": "Monday"}})
    [item] = post.ask("resident", "GET", "/me/notifications").json["items"]
    assert (item["title"], item["body"]) == ("Bins on Monday", "At village.")


def test_a_channel_proves_its_addresses_and_carries_messages(post, sms):
    assert (
        post.ask("resident", "POST", "/me/addresses", json={"channel": f"{sms}.sms", "address": "x"}).status_code == 422
    )
    added = post.ask("resident", "POST", "/me/addresses", json={"channel": f"{sms}.sms", "address": "139"})
    assert (added.status_code, added.json["secret"]) == (201, "")
    assert post.work("resident") == ["done"]
    sent = sys.modules[f"wuji_{sms}"].SENT
    code = {"code": sent[0].values["data"]["code"]}
    assert post.ask("resident", "POST", f"/me/addresses/{added.json['id']}/verification", json=code).status_code == 200
    post.choose("resident", choices=json.dumps({f"{sms}.reminder": {f"{sms}.sms": "now"}}))
    post.tell("resident", topic=f"{sms}.reminder", values={"thing": "垃圾", "day": "x"})
    assert post.work("resident") == ["done"]
    assert (sent[1].address, sent[1].subject, sent[1].locale) == ("139", "垃圾 on x", "zh-CN")


def test_what_it_refuses_ends_the_address(post, sms):
    post.named("resident", f"{sms}.sms", "0139")
    post.choose("resident", choices=json.dumps({f"{sms}.reminder": {f"{sms}.sms": "now"}}))
    post.tell("resident", topic=f"{sms}.reminder", values={"thing": "x", "day": "x"})
    assert post.work("resident") == ["done"]
    [address] = post.ask("resident", "GET", "/me/addresses").json["items"]
    assert (address["state"], address["fault"]) == ("refused", "there is no such number")


@pytest.mark.parametrize(
    ("hooks", "texts", "cause"),
    [
        (HOOKS, "{}", "texts"),
        (HOOKS.replace('name="reminder"', 'name="reminder", permission="no.such.thing"'), TEXTS, "declared"),
    ],
)
def test_what_is_declared_badly_is_not_served(workshop, hooks, texts, cause):
    name = workshop.write(hooks, before=BEFORE, texts=texts)
    assert [(one.id, one.cause) for one in workshop.load().quarantined] == [(name, cause)]


def test_rows_follow_what_is_declared(server: Server, make_database):
    """What a plugin that is not read just now has declared stays, what the core no longer declares goes."""
    database, lost = make_database(), f"p{token_hex(4)}"
    owner = server.engine("wuji_owner", database)
    stage = server.connect("wuji_stage", database)
    for name in ("inbox.bygone", f"{lost}.thing", "nobody.thing"):
        stage.execute("insert into wuji.topic(name, email) values (%s, 'now')", (name,))
    stage.execute("insert into wuji.plugin(id, version) values (%s, '1.0.0')", (lost,))
    stage.execute("update wuji.topic set email = 'off' where name = 'inbox.decision'")
    with owner.begin() as connection:
        put_topics(connection, topics(NONE), ())
    found = dict(stage.execute("select name, email from wuji.topic").fetchall())
    core = {topic.name: topic.email for topic in TOPICS}
    shipped = loaded_plugins().by_id
    assert {name: email for name, email in found.items() if name.partition(".")[0] not in shipped} == {
        **core,
        f"{lost}.thing": "now",
    }
    stage.close()
    owner.dispose()
