"""Who reads what happened where, and whose names they see."""

from datetime import UTC, datetime, timedelta

import pytest


@pytest.fixture
def history(happen):
    return {name: happen(name) for name in ("city", "village", "grid", "sibling", "foreign")}


def seen(answer):
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json["items"] if item["verb"].startswith("test.")]


def at(world, tenant):
    return f"/tenants/{world.code[tenant]}/journal"


@pytest.mark.parametrize(
    "case",
    [
        ("official@city", "city", ["sibling", "grid", "village", "city"]),
        ("official@city", "village", ["grid", "village"]),
        ("official@village", "village", ["grid", "village"]),
        ("clerk", "village", ["grid", "village"]),
        ("official@grid", "grid", ["grid"]),
        ("official@other", "other", ["foreign"]),
    ],
)
def test_the_subtree_newest_first(world, ask, history, case):
    who, tenant, expected = case
    assert seen(ask(who, at(world, tenant))) == [str(history[name]) for name in expected]


@pytest.mark.parametrize(
    ("who", "tenant", "status"),
    [
        ("anonymous", "village", 401),
        ("stranger", "village", 404),
        ("official@sibling", "village", 404),
        ("official@other", "village", 404),
        ("operator", "village", 404),
        ("resident", "village", 403),
    ],
)
def test_nobody_else(world, ask, who, tenant, status):
    assert ask(who, at(world, tenant)).status_code == status


def test_a_record_says_what_happened(world, ask, history):
    item = ask("official@village", at(world, "village"), sort="at").json["items"][0]
    when = datetime.fromisoformat(item.pop("at"))
    assert timedelta() <= datetime.now(UTC) - when < timedelta(minutes=1)
    assert item == {
        "id": str(history["village"]),
        "verb": "test.thing.made",
        "kind": "thing",
        "subject_id": "7",
        "author": "person",
        "account": "official@village",
        "tenant_code": world.code["village"],
        "tenant_name": "village",
        "fields": ["a", "b"],
        "reason": "why",
    }


def test_people_are_named_within_the_reader_s_range_alone(world, ask):
    """An official of the city does something in the village: there, nobody else learns the name."""
    with world.enter("official@city", "village") as tx:
        tx.one("select wuji.record('test.thing.made', 'thing', '7', %s, null, null, null)", world.tenant["village"])
        tx.commit()
    assert [i["account"] for i in ask("clerk", at(world, "village")).json["items"]] == [None]
    assert [i["account"] for i in ask("official@city", at(world, "city")).json["items"]] == ["official@city"]
    assert [i["account"] for i in ask("official@village", at(world, "village")).json["items"]] == [None]


def test_the_command_line_is_said_in_words_and_nobody_can_pass_for_it(world, ask):
    """The row keeps `cli:root`; only account system is believed."""
    village = world.tenant["village"]
    add = "select wuji.journal_add('test.thing.made', 'thing', '7', %s, %s, '{}', null, %s)"
    world.run(add, village, world.system, "cli:root")
    world.run(add, village, world.system, "")
    world.run(add, village, None, "cli:root")
    world.run(add, village, world.account["clerk"], "cli:root")
    world.run(add, village, world.account["official@city"], "cli:root")
    items = ask("official@village", at(world, "village"), sort="at").json["items"]
    assert [(item["author"], item["account"], item["reason"]) for item in items] == [
        ("command_line", "root", ""),
        ("system", None, ""),
        ("visitor", None, "cli:root"),
        ("person", "clerk", "cli:root"),
        ("person", None, "cli:root"),
    ]
    assert (
        world.one("select count(*) from wuji.journal_record where tenant_id = %s and reason = 'cli:root'", village) == 4
    )


def test_who_has_left_is_still_named(world, ask, happen):
    happen("grid")
    world.run("update wuji.role_grant set revoked_at = now() where account_id = %s", world.account["official@grid"])
    assert [i["account"] for i in ask("official@village", at(world, "village")).json["items"]] == ["official@grid"]


def test_filters(world, ask, history, happen):
    other = happen("grid", "test.thing.lost")
    assert seen(ask("official@city", at(world, "city"), verb="test.thing.lost")) == [str(other)]
    assert seen(ask("official@city", at(world, "city"), kind="tip")) == []
    first, last = (
        world.one("select at from wuji.journal_record where id = %s", one) for one in (history["village"], other)
    )
    found = seen(ask("official@city", at(world, "city"), since=first.isoformat(), until=last.isoformat(), sort="at"))
    assert found == [str(history[name]) for name in ("village", "grid", "sibling")]
    answer = ask("official@city", at(world, "city"), since="2026-03-01")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "?since"


def test_pages(world, ask, happen):
    made = [str(happen("grid")) for _ in range(7)]
    for sort, expected in (("at", made), ("-at", made[::-1])):
        found, cursor = [], {}
        while cursor is not None:
            answer = ask("official@grid", at(world, "grid"), limit=3, sort=sort, **cursor)
            assert answer.json["total"] == {"value": 7, "capped": False}
            found += seen(answer)
            cursor = {"cursor": answer.json["next"]} if answer.json["next"] else None
        assert found == expected


def test_the_deployment_s_own(world, ask, history):
    with world.enter("resident", None) as tx:
        made = tx.one("select wuji.record('test.thing.made', 'thing', '8', null, null, null, null)")
        tx.commit()
    assert str(made) in seen(ask("operator", "/operator/journal"))
    assert not {str(one) for one in history.values()} & set(seen(ask("operator", "/operator/journal")))
    for who, status in (("official@city", 404), ("resident", 404), ("anonymous", 401)):
        assert ask(who, "/operator/journal").status_code == status


def test_everybody_s_own(world, ask, history):
    assert seen(ask("official@village", "/me/journal")) == [str(history["village"])]
    with world.enter("resident", "village") as tx:
        mine = tx.one("select wuji.record('test.tip.read', 'tip', '9', %s, null, null, null)", world.tenant["village"])
        tx.commit()
    assert seen(ask("resident", "/me/journal")) == [str(mine)]
    assert ask("anonymous", "/me/journal").status_code == 401
