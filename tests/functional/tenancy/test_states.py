"""Suspending, archiving and restoring; and what lies below."""

import pytest


def change(ask, world, state, version, *, who="official@street", at="street", name="village"):
    sent = {"state": state, "reason": "验收"}
    return ask(who, "PUT", f"/tenants/{world.tenant[name]}/state", at=at, version=version, json=sent)


def test_the_whole_way(ask, world, journal):
    for number, (state, verb) in enumerate(
        (("suspended", "suspend"), ("archived", "archive"), ("active", "restore")), start=1
    ):
        answer = change(ask, world, state, number)
        assert (answer.status_code, answer.json["state"], answer.json["version"]) == (200, state, number + 1)
        assert journal("village")[-1][0] == f"tenancy.tenant.{verb}"
        assert journal("village")[-1][2:] == (["state"], "验收")


@pytest.mark.parametrize(("before", "after"), [("active", "archived"), ("active", "active"), ("archived", "suspended")])
def test_what_cannot_follow(ask, world, before, after):
    world.run("update wuji.tenant set state = %s where id = %s", before, world.tenant["village"])
    answer = change(ask, world, after, 1)
    assert (answer.status_code, answer.json["type"]) == (409, "urn:wuji:problem:tenancy.state_order")


def test_a_reason_is_needed(ask, world, faults):
    for sent in ({"state": "suspended"}, {"state": "suspended", "reason": " "}):
        answer = ask(
            "official@street", "PUT", f"/tenants/{world.tenant['village']}/state", at="street", version=1, json=sent
        )
        assert "#/reason" in faults(answer)


def test_suspended_means_closed_and_is_restored_from_above(ask, world):
    assert change(ask, world, "suspended", 1).status_code == 200
    for name in ("village", "grid"):
        assert ask("anonymous", "GET", at=name).status_code == 404
        assert ask("anonymous", "GET", "/history", at=name).status_code == 404
        assert ask("official@village", "GET", "/tenants", at=name).status_code == 404
    found = ask("anonymous", "GET", f"/tenants?q={world.code['village']}").json["items"]
    assert found == [], "what lies below a suspended tenant is out of the directory too"
    listed = ask("official@street", "GET", "/tenants?state=suspended", at="street").json["items"]
    assert [(row["id"], row["state"], row["children"]) for row in listed] == [(world.tenant["village"], "suspended", 1)]
    assert change(ask, world, "active", listed[0]["version"]).status_code == 200
    assert ask("anonymous", "GET", at="grid").status_code == 200


def test_the_list(ask, world):
    rows = ask("official@street", "GET", "/tenants", at="street").json
    assert [row["name"] for row in rows["items"]] == ["village", "sibling"]
    assert rows["total"] == {"value": 2, "capped": False}
    assert "pos" not in rows["items"][0]
    by_name = ask("official@street", "GET", "/tenants?sort=name", at="street").json["items"]
    assert [row["name"] for row in by_name] == ["sibling", "village"]
    lower = ask("official@street", "GET", f"/tenants?parent={world.code['village']}", at="street").json["items"]
    assert [(row["name"], row["parent"]) for row in lower] == [("grid", world.code["village"])]
    assert [row["name"] for row in ask("official@city", "GET", "/tenants?q=niec", at="city").json["items"]] == ["niece"]
    foreign = ask("official@street", "GET", f"/tenants?parent={world.code['other']}", at="street").json["items"]
    assert foreign == []
    page = ask("official@street", "GET", "/tenants?limit=1", at="street").json
    rest = ask("official@street", "GET", f"/tenants?limit=1&cursor={page['next']}", at="street").json
    assert [row["name"] for row in page["items"] + rest["items"]] == ["village", "sibling"]
    assert ask("official@street", "GET", "/tenants?state=gone", at="street").status_code == 422


def test_one(ask, world):
    answer = ask("clerk", "GET", f"/tenants/{world.tenant['grid']}", at="village")
    assert answer.headers["ETag"] == '"1"'
    assert answer.json["below"] == []
    there = ask("official@city", "GET", f"/tenants/{world.tenant['district']}", at="city").json
    assert there["below"] == [
        {"level": 3, "tenants": 1},
        {"level": 4, "tenants": 2},
        {"level": 5, "tenants": 2},
    ]
    assert there["parent"]["code"] == world.code["city"]
