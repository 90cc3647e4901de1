"""The monthly issue: to those who chose its crops, of what they may read, once."""

from pathlib import Path

import pytest

from wuji.api import Run, now
from wuji.testing.acting import acting
from wuji.testing.application import make_app
from wuji_agri_tips.tasks import IssueArgs, send_issue

MONTH = now().month


def choose(farm, who: str, *crops: str) -> None:
    farm.world.insert(
        "plugin_agri_tips.crop_choice", {"account_id": farm.world.account[who], "crops": list(crops)}, ("account_id",)
    )


def send(farm, root: str = "city") -> None:
    """As another process does, which has not yet looked where the module is on."""
    app = make_app(farm.world.server)
    with acting(app, farm.world, root) as session:
        send_issue.run(Run(app.extensions["wuji"], session, Path(), lambda _progress: None), IssueArgs())
    app.extensions["wuji"].engine.dispose()


def told(farm, who: str) -> list[tuple[str, str, str]]:
    page = farm.sound(farm.ask(who, "GET", "/api/v1/me/notifications"))
    return [(one["title"], one["body"], one["path"]) for one in page["items"] if one["topic"] == "agri_tips.issue"]


@pytest.fixture
def grown(farm):
    """Two public tips about rice and one about tea for the village, this month."""
    for subject in ("rice", "rice", "tea"):
        farm.publish(subject=subject, months=[MONTH], terms=[])
    return farm


def test_who_chose_its_crops_is_told_once(grown):
    choose(grown, "resident", "rice", "cotton")
    choose(grown, "member", "rice", "tea")
    for _again in range(2):
        send(grown)
    [(title, body, path)] = told(grown, "resident")
    assert ": 2 about what you chose" in title
    assert body == "2 this month at village: Rice."
    assert path == f"/{grown.world.code['village']}/x/agri_tips/months/{MONTH}"
    [(title, body, _)] = told(grown, "member")
    assert ": 3 about" in title
    assert body == "3 this month at village: Rice, Tea."
    assert grown.ask("anonymous", "GET", path).status_code == 200


def test_nobody_else_is(grown):
    choose(grown, "member", "cotton")  # there is nothing about it
    choose(grown, "stranger", "rice")  # belongs nowhere
    choose(grown, "clerk")
    send(grown)
    assert [told(grown, who) for who in ("resident", "member", "stranger", "clerk")] == [[]] * 4


def test_only_of_what_one_may_read(farm):
    farm.publish(subject="rice", months=[MONTH], terms=[], audience="members")
    for who in ("resident", "member", "neighbour"):
        choose(farm, who, "rice")
    send(farm)
    assert [len(told(farm, who)) for who in ("resident", "member", "neighbour")] == [0, 1, 0]


def test_a_month_is_a_month(farm):
    farm.publish(subject="rice", months=[MONTH % 12 + 1], terms=[])
    choose(farm, "resident", "rice")
    send(farm)
    assert told(farm, "resident") == []


def test_where_the_module_is_off_nothing_is_sent(grown):
    choose(grown, "resident", "rice")
    grown.world.rule("village", "agri_tips", rule="forbid")
    send(grown)
    assert told(grown, "resident") == []


def test_each_tree_tells_its_own(grown):
    choose(grown, "resident", "rice")
    send(grown, "other")
    assert told(grown, "resident") == []


@pytest.mark.parametrize(("who", "at"), [("official@city", "city"), ("resident", "village"), ("operator", None)])
def test_nobody_asks_who_chose_what(farm, who, at):
    with farm.world.enter(who, at) as tx:
        assert tx.refused("select plugin_agri_tips.issue_places()") == "42501"
        assert tx.refused("select * from plugin_agri_tips.issue_readers(1, array[1])") == "42501"
        assert tx.refused("select plugin_agri_tips.issue_demand()") == "42501"
