"""SQL that slipped into a request: it admits nobody, lets nobody in, and reads no application of others."""

from secrets import token_bytes

import psycopg
import pytest

from wuji.testing import factories

FALSE_SEAL = b"\x00" * 32
WISH = '{"name": "x", "code": "9", "level": 5, "category": "territory", "wish": "x", "contact_name": "x", "contact_phone": "1"}'


@pytest.fixture
def prey(door):
    """An application and an invitation of the village, whose hashes its officials can read."""
    world = door.world
    hashes = {name: token_bytes(32) for name in ("application", "invitation")}
    ids = {
        name: factories[f"wuji.{name}"](world, "village", token_hash=hashed, **extra)
        for (name, hashed), extra in zip(hashes.items(), ({}, {"role_id": world.role["head"]}), strict=True)
    }
    return door, hashes, ids


SEALED = (
    "select wuji.application_add(%(village)s, %(wish)s::jsonb, %(application)s, %(application)s, %(seal)s)",
    "select wuji.application_amend(%(application)s, %(wish)s::jsonb, %(seal)s)",
    "select wuji.application_withdraw(%(application)s, %(seal)s)",
    "select wuji.application_link(%(application)s, %(application)s, now() + interval '1 day', %(seal)s)",
    "select wuji.invitation_make(%(head)s, 500, now() + interval '1 day', %(application)s, %(seal)s)",
    "select wuji.invitation_redeem(%(invitation)s, %(seal)s)",
    "select wuji.invitation_join(%(invitation)s, 'mallory', 'M', 'm', 'en', 'x', %(seal)s)",
)
INNER = (
    "select wuji.application_hold(%(application_id)s, null)",
    "select wuji.application_wait(%(application)s, 5, %(village)s, null)",
    "select wuji.invitation_use(%(invitation)s, wuji.scope_account())",
    "select wuji.inviter_until(wuji.scope_account(), null::wuji.role, null::wuji.tenant)",
    "select wuji.role_hold(1, 1)",
    "insert into wuji.application(name, code) values ('x', '9')",
    "update wuji.application set state = 'accepted', decided_at = now()",
    "delete from wuji.application",
    "insert into wuji.invitation(tenant_id, role_id, given_by) values (%(village)s, %(head)s, wuji.scope_account())",
    "update wuji.invitation set uses_left = 500",
    "delete from wuji.invitation",
    "update wuji.role set permissions = '{*}'",
)


@pytest.mark.parametrize("statement", [*SEALED, *INNER])
def test_injected_sql_is_refused(prey, statement):
    door, hashes, ids = prey
    values = {
        **hashes,
        "application_id": ids["application"],
        "village": door.world.tenant["village"],
        "head": door.world.role["head"],
        "wish": WISH,
        "seal": FALSE_SEAL,
    }
    for who in ("anonymous", "resident", "clerk", "official@village"):
        with door.world.enter(who, "village") as tx, pytest.raises(psycopg.errors.InsufficientPrivilege):
            tx.connection.execute(statement.encode(), values)


def test_rows_are_read_within_the_range_alone(prey):
    door, _hashes, ids = prey
    count = "select (select count(*) from wuji.application where id = %s), (select count(*) from wuji.invitation where id = %s)"
    seen = {}
    for who, at in (
        ("official@village", "village"),
        ("official@street", "street"),
        ("official@grid", "grid"),
        ("official@sibling", "sibling"),
        ("official@other", "other"),
        ("resident", "village"),
        ("anonymous", "village"),
        ("operator", None),
    ):
        with door.world.enter(who, at) as tx:
            found = tx.execute(count, ids["application"], ids["invitation"]).fetchone()
            seen[who] = tuple(found)
    assert [who for who, found in seen.items() if found == (1, 1)] == ["official@village", "official@street"]
    assert {found for who, found in seen.items() if who not in {"official@village", "official@street"}} == {(0, 0)}


def test_reviewing_takes_the_right_there(prey):
    """Whoever does not see it is told that there is none."""
    door, _hashes, ids = prey
    for who, at, state in (
        ("clerk", "village", "42501"),
        ("official@sibling", "sibling", "P0002"),
        ("official@other", "other", "P0002"),
        ("operator", None, "P0002"),
    ):
        for statement in ("application_reject(%s, null, 'x')", "application_accept(%s, null, '')"):
            with door.world.enter(who, at) as tx:
                assert tx.refused(f"select wuji.{statement}", ids["application"]) == state, who
