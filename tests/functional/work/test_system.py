"""Acting without a person: one unit of work, traceable to its job, whose end is always told."""

import pytest

from wuji.journal.services import record
from wuji.work.services import LeaseLostError, acting_as_system


@pytest.fixture
def system(server, world):
    return server.engine("wuji_system", world.database)


def jobs(world):
    return world.run(
        "select kind, state, fault, progress, args from wuji.job where tenant_id = %s and account_id = %s",
        *(world.tenant["village"], world.system),
    ).fetchall()


def recorded(world):
    return world.one("select count(*) from wuji.journal_record where tenant_id = %s", world.tenant["village"])


def acting(app, world, system):
    return acting_as_system(
        app.extensions["wuji"], system, "cli:test", tenant_id=world.tenant["village"], args={"why": "测试"}
    )


def write(session, world):
    record(session, "test.thing.made", "thing", 1, tenant_id=world.tenant["village"])


def test_what_is_done_is_committed_and_the_job_is_done(app, world, system):
    with acting(app, world, system) as session:
        assert session.actor.may("tenancy.tenant.add")
        assert session.actor.tenant_id == world.tenant["village"]
        write(session, world)
    assert jobs(world) == [("cli:test", "done", None, 100, {"why": "测试"})]
    assert recorded(world) == 1


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_what_fails_is_undone_and_the_job_says_so(app, world, system, error):

    def fail():
        with acting(app, world, system) as session:
            write(session, world)
            raise error

    with pytest.raises(error):
        fail()
    assert jobs(world) == [("cli:test", "failed", error.__name__, 0, {"why": "测试"})]
    assert recorded(world) == 0


def test_a_lease_that_ran_out_undoes_the_work(app, world, system):
    def take_long():
        with acting(app, world, system) as session:
            write(session, world)
            world.run("update wuji.job set lease_until = now() where tenant_id = %s", world.tenant["village"])

    with pytest.raises(LeaseLostError, match="took longer"):
        take_long()
    assert jobs(world) == [("cli:test", "failed", "LeaseLostError", 0, {"why": "测试"})]
    assert recorded(world) == 0
