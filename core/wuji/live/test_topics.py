from uuid import UUID

import pytest

from wuji.live.screen import Screen, Screens
from wuji.live.topics import TOPICS, Held, Key, News, Topics
from wuji.plugin.running import LiveTopic

WHO = UUID(int=7)
BELOW = LiveTopic(name="p.below", of="below", kinds=frozenset({"p.thing"}))
TREE = LiveTopic(name="p.tree", of="tree", kinds=frozenset({"p.thing"}), verbs=frozenset({"p.thing.show"}))
ONE = LiveTopic(name="p.one", of="subject", kinds=frozenset({"p.thing"}))
ALL = Topics(TOPICS, (("p", one) for one in (BELOW, TREE, ONE)))


def news(kind, verb="p.thing.show", ancestors=(1, 2, 3), about=WHO, subject="s"):
    return News(9, verb, kind, ancestors[-1] if ancestors else None, ancestors or None, about, subject)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("inbox", True),
        ("inbox@34", False),
        ("tenants@34", True),
        ("tenants", False),
        ("tenants@34/1", False),
        ("p.one@34/a-b.c", True),
        ("p.one@34", False),
        ("p.none@34", False),
        ("tenants@34 ", False),
        ("", False),
    ],
)
def test_what_can_be_asked(text, found):
    assert (ALL.find(text) is not None) is found


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("inbox", [Key("inbox", str(WHO))]),
        ("tenants@x", [Key("tenants", "3")]),
        ("p.below@x", [Key("p.below", "1"), Key("p.below", "2"), Key("p.below", "3")]),
        ("p.tree@x", [Key("p.tree", "1")]),
        ("p.one@x/s", [Key("p.one", "3/s")]),
    ],
)
def test_under_what_a_page_is_told(text, keys):
    assert ALL.find(text).keys(Held(WHO, [1, 2, 3])) == keys


def test_whom_a_record_touches():
    assert {key for _topic, key in ALL.touched(news("tenant"))} == {Key("tenants", one) for one in "123"}
    touched = {Key("p.below", "3"), Key("p.tree", "1"), Key("p.one", "3/s")}
    assert {key for _topic, key in ALL.touched(news("p.thing"))} == touched
    assert Key("p.tree", "1") not in {key for _topic, key in ALL.touched(news("p.thing", verb="p.thing.draft"))}
    assert [key for _topic, key in ALL.touched(news("account"))] == [Key("access", str(WHO))]
    assert not list(ALL.touched(news("account", about=None)))
    assert not list(ALL.touched(news("p.thing", ancestors=(), about=None)))


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match="called inbox"):
        Topics((*TOPICS, TOPICS[1]))


def test_pages_leave_nothing_behind():
    screens = Screens()
    some = [Screen(b"s", "who", WHO) for _ in range(3)]
    wishes = [ALL.find(text) for text in ("inbox", "p.below@x", "p.below@y")]
    for screen in some:
        screens.add(screen)
        for wish in wishes:
            screens.listen(screen, wish, Held(WHO, [1, 2]))
    assert screens.tell(Key("p.below", "1"), 5) == set(some)
    assert some[0].dirty == {"p.below@x": 5, "p.below@y": 5}
    screens.listen(some[0], wishes[1], Held(WHO, [1, 4]))  # its tenant has moved
    assert some[0] in screens.tell(Key("p.below", "4"), 6)
    screens.stop(some[0], "p.below@y")
    assert some[0] not in screens.tell(Key("p.below", "2"), 7)
    for screen in some:
        screens.remove(screen)
    assert (screens.all, screens.by_key, screens.by_account, dict(screens.each)) == (set(), {}, {}, {})
    assert not any(screens.by_topic.values())


def test_there_is_room_for_twenty_of_one_and_five_thousand_in_all(monkeypatch):
    screens = Screens()
    for _ in range(20):
        screens.add(Screen(None, "one", None))
    assert (screens.room("one"), screens.room("two")) == ("enough", "")
    monkeypatch.setattr("wuji.live.screen.MOST", 20)
    assert screens.room("two") == "full"
