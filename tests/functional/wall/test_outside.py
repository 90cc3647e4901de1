"""Second lines: what holds even where somebody made a mistake, and what other connections of the same login can see."""

from hashlib import sha256

import pytest

from wuji.kit.db.engine import make_engine
from wuji.kit.db.session import unit_of_work
from wuji.kit.rowsec.functions import Function
from wuji.testing import Server, World, factories
from wuji.wall import functions

SHADOWS = (
    "create temp table signing_key(id int, use text, inner_pad bytea, outer_pad bytea, retired_at timestamptz)",
    "insert into pg_temp.signing_key values (9, 'scope', '', '')",
    "create temp table tenant as select * from wuji.tenant",
    "create temp table role_grant as select * from wuji.role_grant",
    "create function pg_temp.sha256(bytea) returns bytea language sql as 'select $1'",
    "create function pg_temp.scope_text() returns text language sql as 'select ''x'''",
    "create function pg_temp.scope_ok() returns boolean language sql as 'select true'",
    "create function pg_temp.plan_lo() returns bigint language sql as 'select 0::bigint'",
    "set local search_path = pg_temp, wuji, pg_catalog",
)


def test_definer_functions_ignore_temporary_objects(server: Server, make_database):
    """`set search_path` names pg_temp last, so shadowing fails even where TEMPORARY was granted."""
    world = World(server, make_database())
    world.run(f"grant temporary on database {world.database} to wuji_app")
    for name in ("village", "sibling"):
        factories["wuji.file"](world, name, name=name)
    with world.enter("official@village", "village") as tx:
        for statement in SHADOWS:
            assert tx.refused(statement) is None, statement
        assert tx.all("select name from wuji.file") == ["village"]
        assert (
            tx.refused("select wuji.tenant_add(%s, 'x', '', 'x', null, 'territory')", world.tenant["sibling"])
            == "42501"
        )
        tx.execute("set local wuji.lo = '0'")
        assert tx.refused("select name from wuji.file") == "42501"
    world.close()


def test_other_connections_see_parameters_and_not_values(world: World):
    """pg_stat_activity shows every statement of the same login: doors take bound parameters, never literals."""
    proof = world.proof("official@city")
    engine = make_engine(world.server.url("wuji_app", world.database), pool_size=1)
    shown = "select query from pg_stat_activity where usename = 'wuji_app'"
    with world.enter("official@village", "village") as thief:
        with unit_of_work(engine, world.door("official@city", "city")):
            seen = str(thief.all(shown))
            assert "enter_session($1" in seen
            assert proof.hex() not in seen
        with world.enter("official@city", "city") as careless:  # the trap, shown
            careless.execute(f"select wuji.enter_session('\\x{proof.hex()}', null)")
            thief.rollback()
            assert proof.hex() in str(thief.all(shown))
    engine.dispose()
    assert sha256(world.cookie["official@city"].encode()).digest() == proof


@pytest.mark.parametrize("function", functions(), ids=lambda function: function.name)
def test_the_form_of_every_function_of_this_release(function: Function):
    """Definer functions pin their search path with pg_temp last; nobody but the logins is named."""
    if function.definer:
        assert "set search_path = pg_catalog, wuji, pg_temp" in function.traits
    assert "wuji_owner" not in function.to or function.name == "fill_pos"
