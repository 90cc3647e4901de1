"""The program's seal: what opens a session, reads a password hash or spends a link is refused to SQL that has no key."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_bytes

import pytest

from wuji.installation import install
from wuji.kit.db.doors import Seal
from wuji.testing import World
from wuji.wall import functions

SEALED = {function.name: function for function in functions() if function.args[-1:] == ("seal",) and function.to}
OPEN = "select wuji.session_open(%s, %s, %s, %s, '', '{pwd}', null, %s)"


def test_there_are_sealed_functions():
    assert SEALED.keys() >= {
        "session_open",
        "session_touch",
        "session_end",
        "password_find",
        "password_set",
        "link_make",
        "link_redeem",
    }
    assert all(function.definer and "seal_demand" in function.body for function in SEALED.values())


@pytest.mark.parametrize("name", SEALED)
def test_no_seal_no_answer(stage, name):
    """As nobody, and as everybody who might have slipped SQL into a request."""
    holes = ", ".join(["null"] * (len(SEALED[name].args) - 1) + ["%s"])
    for who, at in (
        (None, None),
        ("anonymous", None),
        ("resident", "village"),
        ("official@city", "city"),
        ("operator", None),
    ):
        with stage.world.enter(who, at) as tx:
            for seal in (None, b"", token_bytes(32)):
                assert tx.refused(f"select wuji.{name}({holes})", seal) == "42501", (who, seal)
                assert "seal" in str(tx.error)


def test_a_seal_is_good_for_its_arguments_alone(stage):
    world, seal = stage.world, stage.world.server.seal
    account, ends = world.account["official@city"], datetime.now(UTC) + timedelta(hours=1)
    token = sha256(world.mark.encode()).digest()
    with world.enter() as tx:
        wrong = (
            Seal(token_bytes(32)).over("session_open", account, token, ends),
            seal.over("session_open", world.account["resident"], token, ends),
            seal.over("session_open", account, sha256(b"other").digest(), ends),
            seal.over("session_open", account, token, ends - timedelta(days=1)),
            seal.over("session_touch", account, token, ends),
            seal.over("session_open", account, token, ends)[:-1],
        )
        for attempt in wrong:
            assert tx.refused(OPEN, account, token, ends, ends, attempt) == "42501"
        assert tx.refused(OPEN, account, token, ends, ends, seal.over("session_open", account, token, ends)) is None
        assert tx.row("select * from wuji.enter_session(%s, %s)", token, world.code["city"]).ranged


def test_python_and_postgresql_print_alike(stage):
    """What the program signs is what format() gives: bytes, times, null, arrays."""
    now = datetime.now(UTC)
    values = (stage.world.account["resident"], b"\x00\xff", now, None, [b"\x01", b"\x02"], "纸", 7)
    with stage.world.enter() as tx:
        printed = tx.one(
            "select format('%%s|%%s|%%s|%%s|%%s|%%s|%%s', %s::uuid, encode(%s, 'hex'), "
            "floor(extract(epoch from %s::timestamptz)), %s::text, %s::bytea[], %s::text, %s::int)",
            *values,
        )
    assert Seal(b"k" * 32).over(*values) == Seal(b"k" * 32).over(printed)


def test_the_newest_seal_counts_alone(make_database, server):
    database, new = make_database(), Seal(token_bytes(32))
    world = World(server, database)
    owner = server.engine("wuji_owner", database)
    find = "select * from wuji.password_find('nobody', %s)"
    with world.enter() as tx:
        assert tx.refused(find, server.seal.over("password_find", "nobody")) is None
        install(owner, new)
        assert tx.refused(find, new.over("password_find", "nobody")) is None
        assert tx.refused(find, server.seal.over("password_find", "nobody")) == "42501"
    install(owner, new)
    assert world.one("select count(*) from wuji.signing_key where use = 'seal'") == 2
    world.close()


@pytest.mark.parametrize("key", [b"", b"x" * 31, b"x" * 65, None])
def test_a_key_that_is_too_short_or_too_long(stage, key):
    with stage.world.enter(login="wuji_owner") as tx:
        tx.execute("set local role wuji_definer")
        assert tx.refused("select wuji.key_put('seal', %s)", key) == "22023"
        assert tx.refused("select wuji.key_put('other', %s)", b"x" * 32) == "23514"
