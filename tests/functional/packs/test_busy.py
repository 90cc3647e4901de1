"""Somebody else works on the same tree at the same moment: one goes through, the other is told so, nothing is doubled."""

from contextlib import contextmanager
from threading import Thread
from time import monotonic

import pytest
from sqlalchemy import text

from wuji.cli.packs import carry_out, make_plan, open_pack
from wuji.tenancy.packs.apply import apply_pack
from wuji.tenancy.packs.finding import PackError
from wuji.work.services import acting_as_system

WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
COUNT = "select count(*) from wuji.tenant_code where code like %s"
LONGEST = 20  # seconds; a lock is waited for 5


@pytest.fixture
def program(make_program, own_database):
    return make_program(own_database)


@pytest.fixture
def stage(server, own_database):
    with server.connect("wuji_stage", own_database) as connection:
        yield connection


@pytest.fixture
def watch(server, own_database):
    """Outside every transaction: inside one, what others do is looked up once."""
    with server.connect("wuji_stage", own_database) as connection:
        yield connection


@pytest.fixture
def carried_out(program, watch):
    """Applies a plan beside the block, which goes on once the other one waits for a lock; yields what becomes of it."""

    @contextmanager
    def begin(pack, plan):
        outcome = []

        def run():
            try:
                outcome.append(carry_out(program, pack, plan))
            except PackError as error:
                outcome.append(error)

        thread = Thread(target=run)
        thread.start()
        until = monotonic() + LONGEST
        while not watch.execute(WAITING).fetchone()[0]:
            assert monotonic() < until
        yield outcome
        thread.join(LONGEST)

    return begin


def test_a_root_that_somebody_else_makes(program, folder, stage, carried_out):
    pack = open_pack(program, folder.path)
    plan = make_plan(program, pack)
    with acting_as_system(program.deployment, program.system, "test") as session:
        apply_pack(session, pack, "test")
        waiting = carried_out(pack, plan)
        outcome = waiting.__enter__()
    waiting.__exit__(None, None, None)
    assert "somebody else took a code" in str(outcome[0])
    assert stage.execute(COUNT, [f"{folder.code}%"]).fetchone() == (6,)
    with pytest.raises(PackError, match="set up"):
        carry_out(program, pack, plan)


@pytest.fixture
def grown(program, folder):
    pack = open_pack(program, folder.path)
    carry_out(program, pack, make_plan(program, pack))
    folder.add("07", "07001")
    pack = open_pack(program, folder.path)
    return pack, make_plan(program, pack)


def test_a_code_that_somebody_else_takes(folder, stage, grown, carried_out):
    with stage.transaction():
        stage.execute("select wuji.tenant_make(null, 'x', 'x', %s, 2, 'territory')", [f"{folder.code}07"])
        waiting = carried_out(*grown)
        outcome = waiting.__enter__()
    waiting.__exit__(None, None, None)
    assert "somebody else took a code" in str(outcome[0])
    assert stage.execute(COUNT, [f"{folder.code}07%"]).fetchone() == (1,)


def test_a_tree_that_somebody_else_holds_for_long(folder, stage, grown, carried_out):
    with stage.transaction():
        stage.execute("select from wuji.tenant where parent_id is null for no key update")
        with carried_out(*grown) as outcome:
            pass
    assert "somebody else is changing this tree" in str(outcome[0])
    assert stage.execute(COUNT, [f"{folder.code}07%"]).fetchone() == (0,)


def test_a_tree_that_changed_since_it_was_shown(program, grown):
    pack, plan = grown
    carry_out(program, pack, plan)
    with pytest.raises(PackError, match="since it was compared"):
        carry_out(program, pack, plan)


def test_a_tenant_without_a_free_place(program, folder, stage, grown):
    stage.execute("update wuji.tenant set next_child[2] = 1000 where parent_id is null")
    with pytest.raises(PackError, match="no free place below"):
        carry_out(program, *grown)
    assert stage.execute(COUNT, [f"{folder.code}07%"]).fetchone() == (0,)


def test_what_is_no_matter_of_packs_is_not_hidden(program, stage, grown):
    stage.execute("revoke execute on function wuji.tree_hold from wuji_app")
    with pytest.raises(Exception, match="permission denied") as error:
        carry_out(program, *grown)
    assert not isinstance(error.value, PackError)
    with program.deployment.engine.connect() as connection:
        assert connection.execute(text("select count(*) from wuji.journal_record")).scalar_one() == 0
