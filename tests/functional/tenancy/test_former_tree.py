"""The tree as it was on a day, with the names and codes of that day."""

import json
from datetime import date, timedelta

import pytest

LAST_YEAR = date(2025, 6, 1)


@pytest.fixture
def aged(redraw, world):
    """The world has stood like this for a long time."""
    for table in ("tenant_place", "tenant_name", "tenant_code"):
        world.run(
            f"update wuji.{table} set valid_from = %s where tenant_id = any(%s)", LAST_YEAR, list(world.tenant.values())
        )
    world.run(
        "update wuji.role_grant set given_at = %s where tenant_id = any(%s)", LAST_YEAR, list(world.tenant.values())
    )
    return redraw


def tree(ask, day, at="district", query=""):
    answer = ask("official@district", "GET", f"/tree?as_of={day}{query}", at=at)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_tree_of_before_stays_as_it_was(aged, world, ask):
    day = date(2025, 12, 31)
    before = tree(ask, day)
    assert [(row["name"], row["level"], row["parent"]) for row in before["items"] if row["name"] == "village"] == [
        ("village", 4, world.code["street"])
    ]
    assert len(before["items"]) == 7
    code = f"{world.code['second']}777"
    assert aged.apply(aged.wish("move", "village", "second", code=code)).status_code == 201
    renamed = ask(
        "official@district",
        "PUT",
        f"/tenants/{world.tenant['second']}/name",
        at="district",
        version=1,
        json={"name": "新街"},
    )
    assert renamed.status_code == 200
    world.grow("later", "village", 5)
    assert tree(ask, day) == before
    now = {row["name"]: row for row in tree(ask, date(2099, 1, 1))["items"]}
    assert (now["village"]["code"], now["village"]["parent"]) == (code, world.code["second"])
    assert {"新街", "later"} <= set(now)
    assert "second" not in now


def test_what_has_moved_away_is_still_in_the_tree_of_then(aged, ask):
    day = date(2025, 12, 31)
    assert [row["name"] for row in tree(ask, day, "street", "&level=5")["items"]] == ["grid", "niece"]
    assert aged.apply(aged.wish("move", "village", "second")).status_code == 201
    assert [row["name"] for row in tree(ask, day, "street", "&level=5")["items"]] == ["grid", "niece"]
    assert [row["name"] for row in tree(ask, date(2099, 1, 1), "street", "&level=5")["items"]] == ["niece"]


@pytest.mark.usefixtures("aged")
def test_before_there_was_one(ask, faults):
    assert tree(ask, LAST_YEAR - timedelta(days=1))["items"] == []
    missing = ask("official@district", "GET", "/tree", at="district")
    assert "?as_of" in faults(missing)
    assert "?as_of" in faults(ask("official@district", "GET", "/tree?as_of=soon", at="district"))


def held(ask, day, at="district"):
    answer = ask("official@district", "GET", f"/former-grants?as_of={day}", at=at)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_who_held_what_stays_as_it_was(aged, world, ask):
    day = date(2025, 12, 31)
    before = held(ask, day)
    rows = {(row["account_name"], row["tenant_name"]) for row in json.loads(before)["items"]}
    assert ("neighbour", "sibling") in rows
    change = aged.apply(aged.wish("merge", "sibling", "village")).json["id"]
    grant = world.one("select id from wuji.role_grant where account_id = %s", world.account["clerk"])
    taken = ask("official@district", "DELETE", f"/grants/{grant}", at="district", json={"reason": "moved"})
    assert taken.status_code < 300, taken.text
    assert held(ask, day) == before
    now = {(row["account_name"], row["tenant_name"]) for row in json.loads(held(ask, date(2099, 1, 1)))["items"]}
    assert ("neighbour", "village") in now
    assert ("clerk", "village") not in now
    assert aged.undo(change).status_code == 200
    assert held(ask, day) == before
    assert held(ask, LAST_YEAR - timedelta(days=1)) == held(ask, LAST_YEAR - timedelta(days=2))


@pytest.mark.usefixtures("aged")
def test_only_officials_look_back(ask):
    assert ask("resident", "GET", "/tree?as_of=2026-01-01", at="village").status_code == 403
    assert ask("anonymous", "GET", "/tree?as_of=2026-01-01", at="village").status_code == 401
    assert ask("member", "GET", "/former-grants?as_of=2026-01-01", at="village").status_code == 403
