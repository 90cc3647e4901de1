"""Nobody sets up a tree, or defines a role, beyond their own rights, whatever they ask the functions for."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from wuji.work.services import acting_as_system

ADD = "select wuji.tenant_add_all(%s, %s, %s, %s, %s, %s, %s, 'test')"
ROLE = "select wuji.role_put(%s, %s, %s, %s, %s, %s, 'test')"
PROFILE = "select wuji.tree_profile_put(%s, 'x', '{}', 'test')"
DENIED = "42501"


@pytest.fixture
def asked(world):
    """Arguments for one new grid of the world's village."""

    def make(root="village", parent="village", level=5, number=1, category="territory"):
        code = f"{world.code[parent]}{900 + number}".ljust(15, "0")
        return (world.tenant[root], level, [world.tenant[parent]], ["新"], ["新"], [code], [category])

    return make


@pytest.mark.parametrize(
    ("entry", "tops"),
    [
        (("official@village", "village"), ("street", "village")),
        (("official@village", "village"), ("village", "sibling")),
        (("official@village", "village"), ("village", "foreign")),
        (("official@sibling", "sibling"), ("village", "village")),
        (("clerk", "village"), ("village", "village")),
        (("resident", "village"), ("village", "village")),
        (("expired", "village"), ("village", "village")),
        (("operator", None), ("city", "village")),
        (("operator", None), ("village", "village")),
        (("anonymous", "village"), ("village", "village")),
        ((None, None), ("village", "village")),
    ],
)
def test_only_who_holds_the_right_at_the_top_adds_below_it(world, asked, entry, tops):
    (who, at), (root, parent) = entry, tops
    with world.enter(who, at) as scope:
        assert scope.refused(ADD, *asked(root, parent)) == DENIED
        assert scope.refused("select wuji.tree_hold(%s)", world.tenant[root]) == (
            None if (who, root) == ("official@village", "village") else DENIED
        )


def test_an_official_adds_below_their_own(world, asked):
    with world.enter("official@street", "street") as scope:
        (made,) = scope.one(ADD, *asked("street", "village"))
        pos, lo, hi, kept = scope.execute(
            "select t.pos, p.pos, p.pos_hi, x.pos from wuji.tenant t join wuji.tenant p on p.id = t.parent_id "
            "join wuji.tenant_profile x on x.tenant_id = t.id where t.id = %s",
            made,
        ).fetchone()
        assert lo < pos <= hi
        assert pos == kept


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"level": 4}, "23514"),
        ({"level": 0}, "23514"),
        ({"level": 6}, "23514"),
        ({"level": None}, "22004"),
        ({"parent": "street", "level": 5, "root": "street", "category": "agency"}, "23514"),
        ({"category": "office"}, "23514"),
        ({"category": None}, "23502"),
    ],
)
def test_what_the_tree_cannot_hold_is_refused(world, asked, changed, state):
    with world.enter("official@street", "street") as scope:
        assert scope.refused(ADD, *asked(**changed)) == state


def test_lists_of_different_length_and_codes_twice_are_refused(world, asked):
    root, level, parents, names, keys, codes, categories = asked()
    with world.enter("official@village", "village") as scope:
        for short in (
            (root, level, parents * 2, names, keys, codes, categories),
            (root, level, parents, names * 2, keys, codes, categories),
            (root, level, parents, names, keys, [codes[0], codes[0] + "1"], categories),
        ):
            assert scope.refused(ADD, *short) == "23502"
        twice = [value * 2 for value in (parents, names, keys, codes, categories)]
        assert scope.refused(ADD, root, level, *twice) == "23505"


def test_a_place_is_never_given_twice_and_they_end(world, asked):
    village = world.tenant["village"]
    with world.enter("official@village", "village") as scope:
        scope.one(ADD, *asked(number=1))
        scope.one("select wuji.tenant_add(%s, 'x', 'x', 'x1', 5, 'territory')", village)
        scope.one(ADD, *asked(number=2))
        scope.commit()
    found = world.run("select pos from wuji.tenant where parent_id = %s order by id", village).fetchall()
    assert [pos for (pos,) in found] == list(range(found[0][0], found[0][0] + 4))
    world.run("update wuji.tenant set next_child[5] = 9999 where id = %s", village)
    with world.enter("official@village", "village") as scope:
        root, level, *columns = asked(number=3)
        two = [value * 2 for value in columns]
        two[3] = [two[3][0], two[3][0][:-1] + "7"]
        assert scope.refused(ADD, root, level, *two) == "23514"
        assert scope.error.diag.constraint_name == "tenant_slot"
        assert scope.one(ADD, root, level, *columns)


def test_the_command_line_sets_up_only_what_it_made_in_the_same_transaction(program, asked):
    values = dict(zip("rlpnkcg", asked("city", "village"), strict=True))
    add = text("select wuji.tenant_add_all(:r, :l, :p, :n, :k, :c, :g, 'test')")
    with (
        pytest.raises(ProgrammingError, match="permission tenancy"),
        acting_as_system(program.deployment, program.system, "test") as session,
    ):
        session.execute(add, values)


@pytest.mark.parametrize(("who", "at"), [("official@district", "district"), ("clerk", "village"), ("operator", None)])
def test_words_of_a_root_are_its_own(world, who, at):
    with world.enter(who, at) as scope:
        assert scope.refused(PROFILE, world.tenant["city"]) == DENIED


def role(world, tenant, name="helper", permissions=("tenancy.tenant.add",), number=3):
    return (world.tenant[tenant], name, json.dumps({"zh-CN": "帮手"}), list(permissions), "subtree", number)


def test_the_head_of_a_root_defines_roles_up_to_their_own_rights(world):
    with world.enter("official@city", "city") as scope:
        scope.one(ROLE, *role(world, "city"))
        scope.one(ROLE, *role(world, "city", number=2))
        found = scope.execute(
            "select label, class from wuji.role where tenant_id = %s", world.tenant["city"]
        ).fetchall()
        assert found == [("帮手", 2)]
        assert scope.refused(ROLE, *role(world, "city", permissions=["work.job.invented"])) == DENIED
        assert scope.refused(ROLE, *role(world, "city", name="head")) == "23514"
        assert scope.refused(ROLE, *role(world, "district")) == "P0002"
        assert scope.refused(ROLE, *role(world, "other")) == DENIED


def test_nobody_else_defines_roles_of_a_root(world):
    for who, at in (("official@district", "district"), ("clerk", "village"), ("operator", None), (None, None)):
        with world.enter(who, at) as scope:
            assert scope.refused(ROLE, *role(world, "city")) == DENIED


def test_a_role_above_own_rights_is_not_theirs_to_change(world):
    world.grant("stranger", "city", "clerk")
    writer = world.insert(
        "wuji.role",
        {
            "tenant_id": world.tenant["city"],
            "name": "writer",
            "label": "写",
            "reach": "subtree",
            "class": 2,
            "permissions": ["identity.role.write", "identity.grant.give", "tenancy.tenant.add"],
        },
    )
    world.insert(
        "wuji.role_grant",
        {
            "tenant_id": world.tenant["city"],
            "account_id": world.account["stranger"],
            "account_name": "stranger",
            "role_id": writer,
            "given_by": world.system,
        },
    )
    with world.enter("stranger", "city") as scope:
        assert scope.refused(ROLE, *role(world, "city", number=2)) is None
        assert scope.refused(ROLE, *role(world, "city", number=3)) == DENIED
        assert scope.error.diag.constraint_name == "role_class"
    with world.enter("official@city", "city") as scope:
        scope.one(ROLE, *role(world, "city", name="higher", permissions=["tenancy.tenant.suspend"], number=2))
        scope.commit()
    with world.enter("stranger", "city") as scope:
        assert scope.refused(ROLE, *role(world, "city", name="higher", number=2)) == DENIED
