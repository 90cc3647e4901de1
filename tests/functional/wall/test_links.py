"""One-time links, states of accounts: who acts upon whom. A village must not take over a city official who lives there."""

from datetime import UTC, datetime, timedelta
from secrets import token_bytes

import pytest

from wuji.testing import Transaction, World

MAKE = "select wuji.link_make(%s, %s, %s, '', %s)"
SUSPEND = "select wuji.account_state_set(%s, 'suspended', null, '', %s)"


def make(world: World, tx: Transaction, whom: str, token: bytes | None = None) -> str | None:
    token = token or token_bytes(32)
    seal = world.server.seal.over("link_make", world.account[whom], token)
    return tx.refused(MAKE, world.account[whom], token, datetime.now(UTC) + timedelta(days=1), seal)


def suspend(world: World, tx: Transaction, whom: str) -> str | None:
    seal = world.server.seal.over("account_state_set", world.account[whom], "suspended")
    return tx.refused(SUSPEND, world.account[whom], seal)


CASES = (  # who acts where upon whom; None = goes through, P0002 = as if there were no such account
    ("official@village", "village", "resident", None),
    ("official@village", "village", "official@grid", None),
    ("official@village", "village", "official@street", "P0002"),
    ("official@village", "village", "neighbour", "P0002"),
    ("official@village", "village", "official@other", "P0002"),
    ("official@village", "village", "operator", "P0002"),
    ("official@village", "village", "stranger", "P0002"),  # holds nothing here
    ("official@village", "village", "expired", "P0002"),
    ("official@village", "village", "official@village", "42501"),  # not upon oneself
    ("official@village", "street", "resident", "P0002"),  # not where the right is held
    ("official@street", "street", "resident", None),
    ("clerk", "village", "resident", "42501"),
    ("resident", "village", "member", "P0002"),
    ("anonymous", "village", "resident", "P0002"),
    (None, None, "resident", "P0002"),
)


@pytest.mark.parametrize("action", [make, suspend])
def test_who_acts_upon_whom(world: World, action):
    for whom in ("resident", "official@grid", "official@street", "neighbour", "official@other", "operator", "stranger"):
        world.run(
            "insert into wuji.credential(account_id, kind, secret) values (%s, 'password', 'x')", world.account[whom]
        )
    for who, at, whom, state in CASES:
        with world.enter(who, at) as tx:
            assert action(world, tx, whom) == state, (who, at, whom, tx.error)


@pytest.mark.parametrize("action", [make, suspend])
def test_one_grant_elsewhere_protects(world: World, action):
    """The city's official also lives in the village."""
    world.person("both", ("village", "resident"), ("city", "head"))
    world.person("two villages", ("village", "resident"), ("sibling", "resident"))
    with world.enter("official@village", "village") as tx:
        assert action(world, tx, "both") == "42501"
        assert action(world, tx, "two villages") == "42501"
    with world.enter("official@street", "street") as tx:
        assert action(world, tx, "two villages") is None
    with world.enter("official@district", "district") as tx:
        assert action(world, tx, "both") == "42501"


@pytest.mark.parametrize("action", [make, suspend])
def test_the_operator_helps_whom_nobody_else_can(world: World, action):
    """Heads of roots, operators, people who hold nothing: a village clerk's password is the business of their own officials."""
    world.person("colleague", (None, "operator"))
    world.person("head and neighbour", ("city", "head"), ("village", "resident"))
    world.person("head of two", ("city", "head"), ("village", "head"))
    cases = {
        "official@city": None,
        "colleague": None,
        "stranger": None,
        "expired": None,
        "head and neighbour": None,
        "head of two": "42501",
        "official@village": "42501",
        "clerk": "42501",
        "resident": "42501",
    }
    for whom, state in cases.items():
        with world.enter("operator", None) as tx:
            assert action(world, tx, whom) == state, whom


def test_a_link_works_once_and_only_the_newest(world: World):
    first, second = token_bytes(32), token_bytes(32)
    redeem = "select wuji.link_redeem(%s, 'hash', %s)"
    seal = world.server.seal
    with world.enter("official@village", "village") as tx:
        assert make(world, tx, "resident", first) is None
        assert make(world, tx, "resident", second) is None
        tx.commit()
    with world.enter("anonymous", None) as tx:
        assert tx.row("select * from wuji.link_find(%s)", first) is None
        assert tx.row("select * from wuji.link_find(%s)", second).login == f"resident-{world.mark}"
        assert tx.one(redeem, first, seal.over("link_redeem", first, "hash")) is None
        assert tx.refused(redeem, second, seal.over("link_redeem", first, "hash")) == "42501"
        assert tx.one(redeem, second, seal.over("link_redeem", second, "hash")) == world.account["resident"]
        assert tx.one(redeem, second, seal.over("link_redeem", second, "hash")) is None
        tx.commit()
    with world.enter() as tx:  # every session of the account ended with the old password
        assert tx.refused("select wuji.enter_session(%s, null)", world.proof("resident")) == "28000"


def test_suspending_ends_sessions_at_once(world: World):
    with world.enter("official@village", "village") as tx:
        assert suspend(world, tx, "resident") is None
        tx.commit()
    with world.enter() as tx:
        assert tx.refused("select wuji.enter_session(%s, null)", world.proof("resident")) == "28000"
        state = world.one("select state from wuji.account where id = %s", world.account["resident"])
        assert state == "suspended"


def test_own_sessions_and_nobody_elses(world: World):
    listing = "select count(*) from wuji.session_list()"
    for who, at, count in (
        ("resident", "village", 1),
        ("official@city", "city", 1),
        ("anonymous", "village", 0),
        (None, None, 0),
    ):
        with world.enter(who, at) as tx:
            assert tx.one(listing) == count, who
    victim = world.one("select id from wuji.account_session where account_id = %s", world.account["member"])
    seal = world.server.seal.over("session_end", world.account["resident"], victim, None)
    with world.enter("resident", "village") as tx:
        assert tx.one("select wuji.session_end(%s, null, %s)", victim, seal) == 0


def test_a_link_ends_where_its_maker_could_not_make_it_any_more(world: World):
    """Somebody who is promoted is out of the village's reach, and so is a link that the village made before."""
    give = "select * from wuji.role_give(%s, %s, %s, null, '')"
    found = "select count(*) from wuji.link_find(%s)"
    token = token_bytes(32)
    with world.enter("official@village", "village") as tx:
        assert make(world, tx, "resident", token) is None
        tx.execute(give, f"resident-{world.mark}", world.role["clerk"], world.tenant["grid"])
        assert tx.one(found, token) == 1  # still within the maker's reach
        tx.commit()
    with world.enter("official@city", "city") as tx:
        tx.execute(give, f"resident-{world.mark}", world.role["clerk"], world.tenant["street"])
        assert tx.one(found, token) == 0
