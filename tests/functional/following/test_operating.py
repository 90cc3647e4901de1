"""The operator looks after consumers, over HTTP and at the command line; each change is in the deployment's journal."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from wuji.cli import main
from wuji.cli.program import Program

ABSENT = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def ask(app, world):
    def call(path, body=None, who="operator", method="GET"):
        client = app.test_client()
        client.set_cookie("wuji-8000", world.cookie[who])
        headers = {"X-Wuji-Request": "1", "Accept-Language": "en"}
        return client.open(f"/api/v1/operator/{path}", method=method, json=body, headers=headers)

    return call


@pytest.fixture
def tell(ask):
    return lambda path, body=None, who="operator": ask(path, body, who, "POST")


@pytest.fixture
def wuji(system):
    program = Program()
    program.system = system
    return lambda *words: CliRunner().invoke(main, ["journal", *words], obj=program)


@pytest.fixture
def verbs(world):
    """What the deployment's journal says that was done, by whom."""

    def read():
        asked = (
            "select verb, subject_id, reason from wuji.journal_record where tenant_id is null and "
            "verb in ('journal.consumer.pause', 'journal.consumer.resume', 'journal.consumer.replay', "
            "'journal.consumer.retry', 'journal.poison.retry') order by id"
        )
        return [(verb.removeprefix("journal."), subject) for verb, subject, _ in world.run(asked)]

    return read


def one(ask, name):
    return next(item for item in ask("consumers").json["items"] if item["name"] == name)


def test_how_far_each_has_come(journal, ask):
    name = journal.declare("search.follow", runs="job", kinds=["thing"])
    journal.happen("0")
    journal.follow()
    assert one(ask, name) | {"moved_at": ""} == {
        "name": name,
        "title": "Documents of what visitors and residents write",
        "owner": "search",
        "kinds": ["thing"],
        "runs": "job",
        "paused": False,
        "unread": {"value": 0, "capped": False},
        "lag_seconds": None,
        "fault": None,
        "fault_at": None,
        "moved_at": "",
        "set_aside": 0,
    }
    first = journal.happen("1")
    journal.happen("2", kind="other")
    journal.happen("3")
    journal.world.run("update wuji.journal_record set at = now() - interval '90 s' where id = %s", first)
    found = one(ask, name)
    assert found["unread"] == {"value": 2, "capped": False}
    assert 90 <= found["lag_seconds"] < 120
    journal.world.run(
        "insert into wuji.journal_record(verb, kind) select 'test.thing.made', 'thing' from generate_series(1, 1100)"
    )
    assert one(ask, name)["unread"] == {"value": 1000, "capped": True}


def test_standing_still_and_reading_on(journal, tell, verbs):
    name = journal.declare("test.all", kinds=["thing"])
    assert tell(f"consumers/{name}/pause").json["paused"] is True
    journal.happen("1")
    assert journal.follow() == 0
    assert tell(f"consumers/{name}/resume").json["paused"] is False
    journal.follow()
    assert journal.seen(name) == ["1"]
    assert verbs() == [("consumer.pause", name), ("consumer.resume", name)]


def test_told_again_from_a_time_on(journal, tell, verbs):
    name = journal.declare("test.all", kinds=["thing"])
    records = [journal.happen(subject) for subject in ("1", "2", "3")]
    journal.follow()
    begins = datetime.now(UTC) - timedelta(minutes=30)
    journal.world.run("update wuji.journal_record set at = %s where id = %s", begins - timedelta(hours=1), records[0])
    assert tell(f"consumers/{name}/replay", {"since": begins.isoformat()}).json["unread"]["value"] == 2
    journal.follow()
    assert journal.seen(name) == ["1", "2", "3", "2", "3"]
    assert tell(f"consumers/{name}/replay", {"since": None}).json["unread"]["value"] == 3
    journal.follow()
    assert journal.seen(name)[5:] == ["1", "2", "3"]
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert tell(f"consumers/{name}/replay", {"since": later}).json["unread"]["value"] == 0
    journal.follow()
    assert len(journal.seen(name)) == 8
    assert verbs() == [("consumer.replay", name)] * 3


def test_what_was_set_aside_is_listed_and_told_again(journal, ask, tell, verbs):
    name = journal.declare("test.all", kinds=["thing"])
    sound = journal.followers[name]

    def fails(connection, records):
        sound(connection, records)
        if any(one.subject_id.startswith("bad") for one in records):
            raise ValueError("it cannot be read")

    journal.followers[name] = fails
    for subject in ("bad1", "ok", "bad2", "bad3"):
        journal.happen(subject)
    journal.follow()
    page = ask("poison").json
    assert page["total"] == {"value": 3, "capped": False}
    newest = page["items"][0]
    assert (newest["consumer"], newest["verb"], newest["reason"], newest["attempts"], newest["tenant_code"]) == (
        name,
        "test.thing.made",
        "ValueError: it cannot be read",
        1,
        journal.world.code["village"],
    )
    assert len(ask("poison?consumer=nobody").json["items"]) == 0
    assert len(ask("poison?limit=2").json["items"]) == 2
    assert one(ask, name)["set_aside"] == 3
    journal.followers[name] = sound
    assert tell(f"poison/{newest['id']}/retry").json == {"asked": 1}
    assert ask("poison").json["items"][0]["state"] == "asked"
    journal.follow()
    assert len(journal.seen(name)) == 2
    assert tell("poison/retry", {"consumer": name}).json == {"asked": 2}
    journal.follow()
    assert ask("poison").json["items"] == []
    assert verbs() == [("poison.retry", newest["id"]), ("consumer.retry", name)]


def test_what_is_not_there(journal, tell):
    journal.world.run("insert into wuji.consumer(name) values ('journal.seal') on conflict do nothing")
    for name in ("nobody", "journal.seal"):
        assert tell(f"consumers/{name}/pause").status_code == 404
        assert tell(f"consumers/{name}/replay", {"since": None}).status_code == 404
    assert tell("poison/retry", {"consumer": "nobody"}).status_code == 404
    assert tell(f"poison/{ABSENT}/retry").status_code == 404
    name = journal.declare("test.all")
    assert tell(f"consumers/{name}/replay", {"since": "yesterday"}).status_code == 422
    assert tell(f"consumers/{name}/replay", {}).status_code == 422


def test_only_operators(journal, ask, tell):
    name = journal.declare("test.all")
    for who in ("official@city", "resident"):
        assert ask("consumers", who=who).status_code == 404
        assert ask("poison", who=who).status_code == 404
        assert tell(f"consumers/{name}/pause", who=who).status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "select * from wuji.consumer_list()",
        "select * from wuji.poison_list()",
        "select wuji.consumer_pause('test.all', true)",
        "select wuji.consumer_replay('test.all', null, null)",
        f"select wuji.poison_ask('{ABSENT}', null)",
        f"select wuji.poison_put('test.all', '{ABSENT}', 'x')",
        f"select wuji.poison_drop('test.all', '{{{ABSENT}}}')",
        "select * from wuji.consumer",
        "select * from wuji.poison",
        "update wuji.bell set asleep = true",
        "select wuji.consumers_put('[]', '{}')",
    ],
)
def test_the_database_refuses_everybody_else(journal, statement):
    journal.declare("test.all")
    for who, at in ((None, None), ("official@city", "city"), ("resident", "village")):
        with journal.world.enter(who, at) as tx, pytest.raises(Exception, match=r"permission|no job of the system"):
            tx.execute(statement)


def test_at_the_command_line(journal, wuji, verbs):
    name = journal.declare("test.all", kinds=["thing"])
    records = [journal.happen(subject) for subject in ("1", "2")]
    listed = wuji("consumers")
    assert listed.exit_code == 0, listed.output
    assert name in listed.output
    assert wuji("pause", name).output == f"{name} stands still.\n"
    assert "paused" in wuji("consumers").output
    assert journal.follow() == 0
    assert wuji("resume", name).output == f"{name} reads on.\n"
    journal.follow()
    assert wuji("replay", name, "--from", str(records[1])).exit_code == 0
    journal.follow()
    assert journal.seen(name) == ["1", "2", "2"]
    assert wuji("replay", name).exit_code == 0
    journal.follow()
    assert journal.seen(name)[3:] == ["1", "2"]
    assert wuji("replay", name, "--from", "2020-01-01").exit_code == 0
    assert wuji("retry", name).output == f"0 records of {name} will be told again.\n"
    done = ["consumer.pause", "consumer.resume", *["consumer.replay"] * 3]
    assert verbs() == [(verb, name) for verb in done]
    reasons = (
        "select distinct reason from wuji.journal_record where verb like 'journal.consumer.%%' and tenant_id is null"
    )
    assert [reason.partition(":")[0] for (reason,) in journal.world.run(reasons, *())] == ["cli"]


@pytest.mark.parametrize(
    "words",
    [
        ("pause", "nobody"),
        ("replay", "nobody"),
        ("replay", "test.all", "--from", ABSENT),
        ("replay", "test.all", "--from", "soon"),
        ("retry", "nobody"),
    ],
)
def test_the_command_line_says_what_is_wrong(journal, wuji, words):
    journal.declare("test.all")
    done = wuji(*words)
    assert done.exit_code == 2
    assert "there is no consumer" in done.output or "neither a time nor" in done.output
