"""What plugins declare of jobs and schedules: checked before they are served, and in the database as long as they are."""

import pytest

from wuji.installation import install, install_one, remove_one
from wuji.testing import World

TIDY = """
from msgspec import Struct

class Args(Struct):
    days: int = 30

@task("{name}.tidy", Args)
def tidy(run, args):
    pass
"""
HOOKS = """
@hook
def wuji_tasks(self):
    return [tidy]

@hook
def wuji_schedules(self):
    return [Schedule(**{said})]
"""
GOOD = {"name": "nightly", "cron": "0 3 * * *", "task": "{name}.tidy", "args": {"days": 7}}


def write(workshop, name, **changed):
    said = {**GOOD, **changed}
    said["task"] = said["task"].format(name=name)
    return workshop.write(HOOKS.format(said=said), before=TIDY.replace("{name}", name), name=name)


@pytest.fixture
def world(server, make_database):
    made = World(server, make_database())
    yield made
    made.close()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"cron": "0 3 * *"}, "five fields"),
        ({"cron": "0 0 3 * * *"}, "five fields"),
        ({"cron": "61 3 * * *"}, "minute"),
        ({"cron": "0 0 31 2 *"}, "Bad day"),
        ({"task": "somebody.else"}, "there is no task somebody.else"),
        ({"args": {"days": "seven"}}, "does not take that"),
    ],
)
def test_what_cannot_be_is_not_served(workshop, changed, words):
    name = write(workshop, "tidies_badly", **changed)
    (out,) = workshop.load().quarantined
    assert (out.id, out.cause) == (name, "declared")
    assert words in out.detail


def test_tasks_are_called_by_their_plugin(workshop):
    workshop.write(
        "@hook\ndef wuji_tasks(self):\n    return [tidy]",
        before=TIDY.replace("{name}", "other"),
        name="tidies_strangely",
    )
    (out,) = workshop.load().quarantined
    assert "other.tidy" in out.detail


def test_rows_come_change_stay_paused_and_go(workshop, server, world):
    """An upgrade writes them; what the operator paused stays so, and what is not declared any more goes."""
    rows = "select id, owner, cron, task, args, missed, paused from wuji.schedule where owner = 'tidies'"
    owner = server.engine("wuji_owner", world.database)
    write(workshop, "tidies")
    plugins = workshop.load()
    assert install(owner, server.seal, plugins) == []
    row = ("tidies.nightly", "tidies", "0 3 * * *", "tidies.tidy", {"days": 7}, "once")
    assert world.run(rows).fetchall() == [(*row, False)]
    world.run("update wuji.schedule set paused = true, cron = '1 1 * * *' where owner = 'tidies'")
    install_one(owner, plugins, plugins.by_id["tidies"])
    assert world.run(rows).fetchall() == [(*row, True)]
    remove_one(owner, plugins, "tidies")
    assert world.run(rows).fetchall() == []
    owner.dispose()
