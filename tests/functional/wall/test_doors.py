"""The four doors: what they ask for, what they refuse, what they answer."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from wuji.testing import World

ENTER = "select wuji.enter_session(%s, %s)"


def test_guesses(stage):
    world = stage.world
    code = world.code["village"]
    with world.enter() as tx:
        for proof in (b"", b"guess", sha256(b"guess").digest(), None):
            assert tx.refused(ENTER, proof, code) == "28000"
            assert tx.refused(ENTER, proof, None) == "28000"
        assert (
            tx.refused(ENTER, world.cookie["official@city"].encode(), code) == "28000"
        )  # the cookie itself is no proof
        assert tx.refused(ENTER, world.proof("suspended"), code) == "28000"
        for absent in ("", "no such code", "0"):
            assert tx.refused(ENTER, world.proof("official@village"), absent) == "P0002"
            assert tx.refused("select wuji.enter_public(%s)", absent) == "P0002"
        assert tx.refused("select wuji.enter_job(%s, %s)", uuid4(), b"guess") == "28000"
        assert tx.refused("select wuji.enter_job(null, null)") == "28000"
        assert tx.refused("select wuji.enter_system()") == "42501"


@pytest.mark.parametrize("column", ["revoked_at", "ends_at", "idle_at"])
def test_a_dead_session(world: World, column):
    world.run(
        f"update wuji.account_session set {column} = now() - interval '1 s' where account_id = %s",
        world.account["resident"],
    )
    with world.enter() as tx:
        assert tx.refused(ENTER, world.proof("resident"), world.code["village"]) == "28000"


@pytest.mark.parametrize("state", ["suspended", "archived"])
def test_a_tenant_that_is_not_active(world: World, state):
    """Shut with everything below; the parent still sees the rows; a grant below it is worth nothing elsewhere."""
    world.run("update wuji.tenant set state = %s where id = %s", state, world.tenant["village"])
    with world.enter() as tx:
        for code in ("village", "grid"):
            for who in ("official@street", "official@village", "official@grid", "resident"):
                assert tx.refused(ENTER, world.proof(who), world.code[code]) == "P0002"
            assert tx.refused("select wuji.enter_public(%s)", world.code[code]) == "P0002"
        assert tx.all("select name from wuji.tenant where id = %s", world.tenant["village"]) == []
    with world.enter("official@street", "street") as tx:
        assert tx.all("select tenant_id from wuji.tenant_profile where tenant_id = %s", world.tenant["village"])
        assert tx.all("select name from wuji.tenant where id = %s", world.tenant["village"]) == ["village"]
    for who in ("official@village", "official@grid", "resident"):
        with world.enter(who, "street") as tx:
            assert tx.one("select wuji.scope_tokens()") == [0, *(world.token(t, 0) for t in world.path("street"))], who


def test_old_codes_open_no_door(world: World):
    world.run("update wuji.tenant_code set valid_to = current_date where code = %s", world.code["village"])
    world.run(
        "insert into wuji.tenant_code(tenant_id, code) values (%s, %s)", world.tenant["village"], f"{world.mark}new"
    )
    with world.enter() as tx:
        assert tx.refused(ENTER, world.proof("official@village"), world.code["village"]) == "P0002"
        assert tx.refused(ENTER, world.proof("official@village"), f"{world.mark}new") is None


def test_nothing_signed_outlives_what_it_rests_on(world: World):
    soon = datetime.now(UTC) + timedelta(minutes=2)
    ends = "select to_timestamp(current_setting('wuji.until')::bigint)"
    with world.enter("resident", "village") as tx:
        assert tx.one(ends) - datetime.now(UTC) < timedelta(minutes=10, seconds=1)
    world.grant("resident", "sibling", "resident", expires_at=soon)
    with world.enter("resident", "village") as tx:
        assert abs(tx.one(ends) - soon) <= timedelta(seconds=1)
    world.run(
        "update wuji.account_session set idle_at = %s where account_id = %s",
        soon - timedelta(minutes=1),
        world.account["resident"],
    )
    with world.enter("resident", "village") as tx:
        assert abs(tx.one(ends) - soon + timedelta(minutes=1)) <= timedelta(seconds=1)


def test_what_a_door_answers(stage):
    world = stage.world
    with world.enter("official@village", "grid") as tx:
        actor = tx.actor
        assert (actor.account_name, actor.locale, actor.tenant_name, actor.level) == (
            "official@village",
            "zh-CN",
            "grid",
            5,
        )
        assert (actor.root_id, actor.ranged, actor.held, actor.operator) == (world.tenant["city"], True, True, False)
        assert "identity.grant.give" in actor.permissions
        assert actor.session_id
    for who, at, held in (
        ("resident", "village", True),
        ("stranger", "village", False),
        ("resident", "street", False),
        ("operator", None, True),
    ):
        with world.enter(who, at) as tx:
            assert tx.actor.held is held, who
    with world.enter("resident", "village") as tx:
        assert tx.actor.permissions == []
    with world.enter("operator", "village") as tx:
        assert (tx.actor.operator, tx.actor.permissions) == (False, [])
    with world.enter("anonymous", None) as tx:
        assert (tx.actor.account_id, tx.actor.tenant_id, tx.actor.session_id, tx.actor.held) == (
            None,
            None,
            None,
            False,
        )


def test_the_second_door_of_a_transaction_replaces_the_first(stage):
    """Whoever reaches the connection may give rights up, never add some: what the next door signs is all there is."""
    world = stage.world
    with world.enter("official@city", "city") as tx:
        tx.execute("select wuji.enter_public(%s)", world.code["village"])
        assert tx.one("select count(*) from wuji.role_grant") == 0
        assert tx.one("select wuji.scope_account()") is None


def test_the_system_login(stage):
    with stage.world.enter(login="wuji_system") as tx:
        assert tx.one("select count(*) from wuji.tenant") >= 9
        for statement in (
            "select * from wuji.file",
            "select * from wuji.account_session",
            "select * from wuji.role_grant",
            "select wuji.enter_session('x', 'y')",
            "select wuji.enter_public(null)",
        ):
            assert tx.refused(statement) == "42501", statement
        scope = tx.row("select * from wuji.enter_system()")
        assert (scope.account_id, scope.ranged, scope.operator) == (stage.world.system, False, False)
        assert tx.one("select wuji.record('system.tick', 'deployment', null, null, null, null, null)")
        assert (
            tx.one(
                "select count(*) from wuji.journal_record where verb = 'system.tick' and account_id = %s",
                stage.world.system,
            )
            >= 1
        )
