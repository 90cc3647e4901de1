"""The signed scope: forged, stolen, replayed, expired, it opens nothing; its key changes without hurting anybody."""

import hmac

import pytest

from wuji.kit.db.keys import rotate_scope_key
from wuji.kit.db.model import walls
from wuji.testing import Transaction, World, factories

SETTINGS = ("until", "lo", "hi", "tokens", "anc", "account", "tenant", "operator", "sig")
FILES = "select tenant_id from wuji.file where audience is null"  # other tests show theirs to everybody


def steal(tx: Transaction) -> dict[str, str]:
    return {name: tx.one(f"select current_setting('wuji.{name}', true)") for name in SETTINGS}


def plant(tx: Transaction, values: dict[str, str], *, local: bool = True) -> None:
    for name, value in values.items():
        tx.execute("select set_config(%s, %s, %s)", f"wuji.{name}", value, local)


@pytest.fixture
def prey(world: World) -> World:
    for name in world.tenant:
        factories["wuji.file"](world, name)
    return world


def test_another_backend(prey: World):
    with prey.enter("official@city", "city") as victim, prey.enter("official@village", "village") as thief:
        plant(thief, steal(victim))
        assert thief.refused(FILES) == "42501"
        thief.rollback()
        plant(thief, steal(victim))
        assert thief.refused(FILES) == "42501"


@pytest.mark.parametrize("local", [True, False])
def test_the_next_transaction_of_the_same_backend(prey: World, local):
    """A pooled connection keeps its process: that alone must not make a signature good again."""
    with prey.enter("official@city", "city") as tx:
        loot = steal(tx)
        for end in (tx.commit, tx.rollback):
            end()
            plant(tx, loot, local=local)
            assert tx.refused(FILES) == "42501"


def test_a_scope_ends_with_its_transaction(prey: World):
    with prey.enter("official@city", "city") as tx:
        assert tx.all(FILES)
        for end in (tx.commit, tx.rollback):
            end()
            assert tx.all(FILES) == []
            assert all(value in ("", None) for value in steal(tx).values())


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_field_is_signed(prey: World, setting):
    """One changed field makes every walled table answer with an error, or there was no row to show."""
    city = prey.run("select pos, pos_hi from wuji.tenant where id = %s", prey.tenant["city"]).fetchone()
    forged = {
        "until": "9999999999",
        "lo": str(city[0]),
        "hi": str(city[1]),
        "tokens": f"{{0,{prey.token('city', 3)}}}",
        "anc": f"{{{prey.tenant['other']}}}",
        "account": str(prey.account["resident"]),
        "tenant": str(prey.tenant["city"]),
        "operator": "yes",
        "sig": "0" * 64,
    }
    with prey.enter("official@village", "village") as tx:
        own = sorted(tx.all(FILES))
        assert own == sorted([prey.tenant["village"], prey.tenant["grid"]])
        plant(tx, {setting: forged[setting]})
        assert tx.refused(FILES) == "42501"
        for table in factories:
            if tx.refused(f"select * from {table}") != "42501":
                assert tx.row(f"select * from {table}") is None, table
        made = factories["wuji.file"].columns(prey, "village")
        names = ", ".join(made)
        row = f"insert into wuji.file ({names}) values ({', '.join(['%s'] * len(made))})"
        assert tx.refused(row, *made.values()) == "42501"
        assert tx.refused("select wuji.job_add('x', '{}')") == "42501"


def test_without_a_signature_there_is_no_scope(prey: World):
    with prey.enter("official@village", "village") as tx:
        plant(tx, {"sig": "", "lo": "0", "hi": "999999999999999999", "operator": "yes"})
        for table, wall in walls().items():
            if table in factories and wall.kind != "system" and "select" in wall.write:
                assert tx.all(f"select 1 from {table}") == [], table
        assert tx.refused("select wuji.job_add('x', '{}')") == "42501"
        assert tx.refused("select wuji.record('x', 'y', null, %s, null, null, null)", prey.tenant["village"]) == "42501"


@pytest.mark.parametrize("fault", [None, "ended", "process", "start"])
def test_what_a_genuine_signature_binds(prey: World, fault):
    """Signed with the real key: good over the real facts, worthless over another process, another start, another end."""
    inner, outer = prey.run(
        "select inner_pad, outer_pad from wuji.signing_key where use = 'scope' order by id desc limit 1"
    ).fetchone()
    key = bytes(byte ^ 0x36 for byte in inner)
    assert bytes(byte ^ 0x5C for byte in outer) == key
    with prey.enter("official@village", "village") as tx:
        if fault == "ended":
            plant(tx, {"until": "1"})
        process, start, rest = tx.one("select wuji.scope_text()").split("|", 2)
        said = f"{int(process) + (fault == 'process')}|{float(start) + (fault == 'start'):.6f}|{rest}"
        plant(tx, {"sig": hmac.digest(key, said.encode(), "sha256").hex()})
        assert tx.refused(FILES) == (fault and "42501")


def test_a_rotated_key_spares_transactions_in_flight(prey: World):
    owner = prey.server.engine("wuji_owner", prey.database)
    with prey.enter("official@village", "village") as tx:
        own = tx.all(FILES)
        with owner.begin() as connection:
            rotate_scope_key(connection)
        assert tx.all(FILES) == own
        with owner.begin() as connection:
            rotate_scope_key(connection)
        assert tx.refused(FILES) == "42501"
    with prey.enter("official@village", "village") as tx:
        assert tx.all(FILES) == own
    assert prey.one("select count(*) from wuji.signing_key where use = 'scope' and retired_at is null") == 2
