"""Who can see a row, and why."""

import pytest

from wuji.testing.factories import factories


@pytest.fixture
def explain(people):
    def ask(who, kind, row_id, at="village"):
        return people.ask(who, "GET", people.at(at, "/visibility"), query_string={"kind": kind, "id": str(row_id)})

    return ask


def roles(shown):
    return {
        rung["tenant"]["name"]: {role["name"]: (role["people"], role["names"]) for role in rung["roles"]}
        for rung in shown["ladder"]
    }


def test_the_tenant_itself(people):
    answer = people.ask("official@village", "GET", people.at("village", "/visibility"))
    assert answer.status_code == 200, answer.text
    shown = answer.json
    assert shown["owner"]["name"] == "village"
    assert roles(shown) == {
        "city": {"head": (1, None)},
        "district": {"head": (1, None)},
        "street": {"head": (1, None)},
        "village": {"clerk": (1, ["clerk"]), "head": (1, ["official@village"])},
    }
    assert (shown["audience"], shown["account"]) == ([], None)


def test_persons_are_named_inside_the_own_range_alone(people, explain):
    seen = roles(explain("official@street", "tenant", people.world.tenant["village"], at="street").json)
    assert seen["street"] == {"head": (1, ["official@street"])}
    assert seen["village"]["head"] == (1, ["official@village"])
    assert seen["district"] == {"head": (1, None)}


def test_only_those_with_the_permission_count(people, explain):
    """A role that lacks what reading asks for does not see the row, whatever its range."""
    world = people.world
    labels = '{"zh-CN": "统计员", "en": "Counter"}'
    number = factories["wuji.role"](world, "city", name="counter", labels=labels, reach="subtree", permissions=[])
    world.person("counting", ("village", "clerk"))
    world.run("update wuji.role_grant set role_id = %s where account_id = %s", number, world.account["counting"])
    assert "counter" not in roles(explain("official@village", "tenant", world.tenant["village"]).json)["village"]
    file = factories["wuji.file"](world, "village")
    shown = explain("official@village", "file", file).json
    assert roles(shown)["village"]["counter"] == (1, ["counting"])
    said = {role["name"]: role["labels"] for rung in shown["ladder"] for role in rung["roles"]}
    assert (said["counter"], said["head"]) == ({"zh-CN": "统计员", "en": "Counter"}, {})


def test_the_audience(people, explain):
    world = people.world
    tokens = [0, world.token("village", 0), world.token("village", 1), world.token("street", 2)]
    file = factories["wuji.file"](world, "village", audience=tokens)
    shown = explain("official@village", "file", file).json
    assert [(one["class"], one["tenant"] and one["tenant"]["name"]) for one in shown["audience"]] == [
        ("public", None),
        *sorted((("member", "street"), ("public", "village"), ("resident", "village")), key=lambda one: one[1]),
    ]
    counted = {
        one["class"]: [(role["name"], role["people"], role["names"]) for role in one["roles"]]
        for one in shown["audience"]
    }
    assert counted["resident"] == [("resident", 1, None)]
    assert counted["member"] == [("member", 1, None)], "a member of the village is one of its street"


def test_the_person_it_belongs_to(people, explain):
    world = people.world
    record = factories["wuji.journal_record"](world, "village")
    assert explain("official@village", "journal_record", record).json["account"] == {"name": "resident"}
    elsewhere = factories["wuji.journal_record"](world, "village", account_id=world.account["neighbour"])
    assert explain("official@village", "journal_record", elsewhere).json["account"] == {"name": None}
    grant = people.make_grant("resident")
    assert explain("official@village", "role_grant", grant).json["account"] == {"name": "resident"}


def test_grants_that_are_over_do_not_count(people, explain):
    world = people.world
    shown = explain("official@village", "tenant", world.tenant["grid"]).json
    assert roles(shown)["village"]["head"] == (1, ["official@village"]), "suspended, expired and revoked are not there"


def test_foreign_and_absent_are_the_same(people, explain):
    world = people.world
    absent = explain("official@village", "file", "01890000-0000-7000-8000-000000000000")
    assert absent.status_code == 404
    for tenant in ("sibling", "street", "other"):
        answer = explain("official@village", "file", factories["wuji.file"](world, tenant, audience=[0]))
        assert (answer.status_code, answer.data) == (404, absent.data), tenant
        answer = explain("official@village", "tenant", world.tenant[tenant])
        assert (answer.status_code, answer.data) == (404, absent.data), tenant
    own = factories["wuji.journal_record"](world, "other", account_id=world.account["official@village"])
    assert explain("official@village", "journal_record", own).data == absent.data


@pytest.mark.parametrize("odd", ["x", "", "0", "-1", "9" * 30, "1.5", "null", "1 or 1=1"])
def test_odd_ids(explain, odd):
    for kind in ("tenant", "file"):
        assert explain("official@village", kind, odd).status_code == 404


def test_bad_input(people, explain, faults):
    assert "file" in faults(explain("official@village", "secret", "1"))["?kind"]
    assert "?id" in faults(explain("official@village", "file", "a\x00"))
    assert "?id" in faults(explain("official@village", "file", "1" * 400))
    answer = people.ask("official@village", "GET", people.at("village", "/visibility?page=2"))
    assert "?page" in faults(answer)


def test_who_may_ask(people, explain):
    number = people.world.tenant["village"]
    for who, status in (
        ("clerk", 200),
        ("resident", 403),
        ("official@sibling", 404),
        ("anonymous", 401),
        ("operator", 404),
    ):
        assert explain(who, "tenant", number).status_code == status, who


def test_reading_such_rows_is_asked_too(people, explain):
    world = people.world
    number = factories["wuji.role"](
        world, "city", name="giver", reach="subtree", permissions=["identity.grant.read"], **{"class": 3}
    )
    world.person("giving", ("village", "clerk"))
    world.run("update wuji.role_grant set role_id = %s where account_id = %s", number, world.account["giving"])
    answer = explain("giving", "tenant", world.tenant["village"])
    assert answer.status_code == 403
    assert "tenancy.profile.read" in answer.json["detail"]
