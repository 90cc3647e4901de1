"""Bounded delegation in the database: nobody gives more than they have, nor for longer; what rested on a right goes too."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from wuji.testing import World

GIVE = "select role_grant_id from wuji.role_give(%s, %s, %s, %s, '')"
TAKE = "select wuji.role_take(%s, '')"


@pytest.fixture
def offer(world: World):
    """The values of one GIVE, by names."""

    def values(who: str, role: str, at: str | None, until: datetime | None = None) -> tuple:
        return f"{who}-{world.mark}", world.role[role], at and world.tenant[at], until

    return values


def give(world: World, who: str, at: str, *offered: object) -> UUID:
    with world.enter(who, at) as tx:
        number: UUID = tx.one(GIVE, *offered)
        tx.commit()
    return number


def live(world: World, who: str) -> list[str | None]:
    rows = world.run(
        "select t.name from wuji.role_grant g left join wuji.tenant t on t.id = g.tenant_id where g.account_id = %s "
        "and g.revoked_at is null order by t.level nulls first",
        world.account[who],
    )
    return [name for (name,) in rows]


def test_who_gives_what_where(world: World, offer):
    cases = (
        ("official@village", "village", ("stranger", "head", "village"), None),
        ("official@village", "village", ("stranger", "clerk", "grid"), None),
        ("official@village", "village", ("stranger", "resident", "village"), None),
        ("official@village", "village", ("stranger", "clerk", "sibling"), "P0002"),
        ("official@village", "village", ("stranger", "clerk", "street"), "P0002"),
        ("official@village", "village", ("stranger", "clerk", "other"), "P0002"),
        ("official@street", "village", ("stranger", "clerk", "sibling"), "P0002"),  # outside the part bound at the door
        ("official@street", "street", ("stranger", "clerk", "sibling"), None),
        ("clerk", "village", ("stranger", "head", "village"), "42501"),
        ("clerk", "village", ("stranger", "clerk", "village"), "42501"),
        ("resident", "village", ("stranger", "resident", "village"), "P0002"),
        ("anonymous", "village", ("stranger", "resident", "village"), "P0002"),
        ("official@city", "city", ("stranger", "operator", None), "42501"),
        ("operator", None, ("stranger", "operator", None), None),
        ("operator", None, ("stranger", "head", "city"), None),
        ("operator", None, ("stranger", "head", "village"), "42501"),
        ("operator", None, ("stranger", "clerk", "city"), "42501"),
        ("official@village", "village", ("official@village", "clerk", "village"), "23514"),  # not to oneself
        ("operator", None, ("operator", "head", "city"), "23514"),
        ("official@city", "city", ("stranger", "operator", "city"), "P0002"),
        ("operator", None, ("stranger", "head", None), "P0002"),
        ("official@village", "village", ("suspended", "clerk", "village"), "P0002"),
        ("official@village", "village", ("resident", "resident", "village"), "23505"),
    )
    for who, at, offered, state in cases:
        with world.enter(who, at) as tx:
            assert tx.refused(GIVE, *offer(*offered)) == state, (who, at, offered)


def test_a_role_with_one_permission_more(world: World):
    """The giver must hold every permission of the role, at that very tenant."""
    role = world.insert(
        "wuji.role",
        {
            "tenant_id": world.tenant["city"],
            "name": "special",
            "label": "x",
            "reach": "subtree",
            "class": 3,
            "permissions": ["test.thing.make"],
        },
    )
    login = f"stranger-{world.mark}"
    with world.enter("official@city", "city") as tx:
        assert tx.refused(GIVE, login, role, world.tenant["village"], None) == "42501"
    world.run("update wuji.role set permissions = '{journal.record.read}' where id = %s", role)
    with world.enter("official@city", "city") as tx:
        assert tx.refused(GIVE, login, role, world.tenant["village"], None) is None
    with world.enter("official@other", "other") as tx:
        assert tx.refused(GIVE, login, role, world.tenant["other"], None) == "P0002"  # a role of another root


def test_a_class_is_never_above_own(world: World):
    """A role without any right still opens what its class may read."""
    official = {"tenant_id": world.tenant["city"], "name": "insider", "label": "x", "reach": "audience", "class": 3}
    adds = {"tenant_id": world.tenant["city"], "name": "adder", "label": "x", "reach": "subtree", "class": 1}
    insider = world.insert("wuji.role", {**official, "permissions": []})
    adder = world.insert("wuji.role", {**adds, "permissions": ["identity.account.add"]})
    world.person("low")
    world.run(
        "insert into wuji.role_grant(tenant_id, account_id, account_name, role_id, given_by) values (%s, %s, 'x', %s, %s)",
        world.tenant["village"], world.account["low"], adder, world.system,
    )  # fmt: skip
    login = f"stranger-{world.mark}"
    with world.enter("low", "village") as tx:
        assert tx.refused(GIVE, login, insider, world.tenant["village"], None) == "42501"
        assert tx.refused(GIVE, login, world.role["resident"], world.tenant["village"], None) is None


def test_roles_of_a_root_out_of_sight_cannot_be_guessed(world: World):
    """One answer for a role that is there and one that is not, wherever the tenant is not the asker's."""
    theirs = world.insert(
        "wuji.role",
        {
            "tenant_id": world.tenant["other"],
            "name": "secret",
            "label": "x",
            "reach": "audience",
            "class": 1,
            "permissions": [],
        },
    )
    login = f"stranger-{world.mark}"
    with world.enter("official@city", "city") as tx:
        answers = {}
        for role in (theirs, 2_000_000_000):
            assert tx.refused(GIVE, login, role, world.tenant["other"], None) == "P0002"
            answers[role] = str(tx.error)
    assert len(set(answers.values())) == 1


def test_nothing_outlives_what_it_rests_on(world: World, offer):
    soon = datetime.now(UTC) + timedelta(days=1)
    world.person("temporary")
    world.grant("temporary", "village", "head", expires_at=soon)
    with world.enter("temporary", "village") as tx:
        assert tx.refused(GIVE, *offer("stranger", "clerk", "village", soon + timedelta(hours=1))) == "23514"
        assert (
            tx.refused(GIVE, *offer("stranger", "clerk", "village", datetime.now(UTC) - timedelta(hours=1))) == "23514"
        )
        number = tx.one(GIVE, *offer("stranger", "clerk", "village"))
        assert tx.one("select expires_at from wuji.role_grant where id = %s", number) == soon
    with world.enter("official@village", "village") as tx:
        number = tx.one(GIVE, *offer("stranger", "clerk", "village"))
        assert tx.one("select expires_at from wuji.role_grant where id = %s", number) is None


def test_taking_cascades(world: World, offer):
    """street → a (head of the village) → b (clerk of the grid); a resident that a made belongs there whoever said so."""
    for who in ("a", "b", "c"):
        world.person(who)
    first = give(world, "official@street", "street", *offer("a", "head", "village"))
    give(world, "a", "village", *offer("b", "clerk", "grid"))
    give(world, "a", "village", *offer("c", "resident", "village"))
    with world.enter("b", "grid") as tx:
        assert tx.actor.ranged
    with world.enter("official@street", "street") as tx:
        assert tx.one(TAKE, first) == 2
        assert tx.one(TAKE, first) == 0
        tx.commit()
    assert (live(world, "a"), live(world, "b"), live(world, "c")) == ([], [], ["village"])
    for who in ("a", "b"):
        with world.enter(who, "grid") as tx:
            assert not tx.actor.ranged
    events = world.run(
        "select count(*), count(distinct event_id) from wuji.journal_record where verb = 'identity.grant.take' "
        "and root_id = %s",
        world.tenant["city"],
    )
    assert events.fetchone() == (2, 1)


def test_a_gift_stays_where_its_giver_holds_another_right(world: World, offer):
    for who in ("a", "b"):
        world.person(who)
    first = give(world, "official@city", "city", *offer("a", "head", "village"))
    give(world, "official@city", "city", *offer("a", "head", "street"))
    give(world, "a", "village", *offer("b", "clerk", "grid"))
    with world.enter("official@city", "city") as tx:
        assert tx.one(TAKE, first) == 1
        tx.commit()
    assert live(world, "b") == ["grid"]


def test_who_takes(world: World):
    numbers = {
        who: world.one("select id from wuji.role_grant where account_id = %s", world.account[who])
        for who in world.account
        if live(world, who)
    }
    cases = (
        ("official@village", "village", "official@grid", None),
        ("official@village", "village", "resident", None),
        ("official@village", "village", "official@street", "P0002"),
        ("official@village", "village", "official@sibling", "P0002"),
        ("official@village", "village", "official@other", "P0002"),
        ("official@village", "village", "operator", "P0002"),
        ("clerk", "village", "resident", "42501"),
        ("resident", "village", "member", "P0002"),
        ("anonymous", "village", "member", "P0002"),
        ("operator", None, "member", "P0002"),
        (None, None, "member", "P0002"),
    )
    for who, at, whose, state in cases:
        with world.enter(who, at) as tx:
            assert tx.refused(TAKE, numbers[whose]) == state, (who, at, whose)
    with world.enter("official@city", "city") as tx:
        assert tx.refused(TAKE, uuid4()) == "P0002"


def test_what_a_door_reads_is_not_written_past_the_functions(stage):
    world = stage.world
    with world.enter("official@city", "city") as tx:
        for statement in (
            "update wuji.role_grant set revoked_at = null",
            "update wuji.role set permissions = '{x}'",
            "update wuji.account set state = 'active'",
            "update wuji.account set login = 'x'",
            "insert into wuji.account_session values ('x')",
            "delete from wuji.role_grant",
        ):
            assert tx.refused(statement) == "42501", statement
        assert tx.run("update wuji.account set locale = 'en', name = 'new'") == 1
