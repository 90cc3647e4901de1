"""What projectors do is done with the change, or undone with it."""

import pytest

from wuji.journal.projectors import Projection, register_projections
from wuji.journal.services import record
from wuji.kit.db.session import Recorded, unit_of_work
from wuji.tenancy.models import TenantProfile


class StoppedError(RuntimeError):
    pass


def work(world, server, projectors):
    return unit_of_work(
        server.engine("wuji_app", world.database), world.door("official@village", "village"), projectors=projectors
    )


def change(session):
    """The contact of the village, and that it changed."""
    profile = session.query(TenantProfile).filter_by(tenant_id=session.actor.tenant_id).one()
    profile.contact = "new"
    record(session, "test.profile.write", "tenant_profile", profile.id, tenant_id=profile.tenant_id, fields=["contact"])


def state(world):
    return (
        world.one("select contact from wuji.tenant_profile where tenant_id = %s", world.tenant["village"]),
        world.one("select count(*) from wuji.journal_record where tenant_id = %s", world.tenant["village"]),
    )


def test_a_projector_sees_the_change_and_is_told_of_it(world, server):
    told = []

    def look(session, recorded):
        contact = session.connection().exec_driver_sql("select contact from wuji.tenant_profile").scalars().all()
        told.append((recorded, "new" in contact))

    with work(
        world, server, register_projections([Projection("look", "tenant_profile", look)], {"tenant_profile"})
    ) as s:
        change(s)
    (recorded, saw), village = told[0], world.tenant["village"]
    assert recorded == Recorded("test.profile.write", "tenant_profile", recorded.subject_id, village)
    assert saw
    assert state(world) == ("new", 1)


def test_a_projector_that_fails_rolls_the_change_back(world, server):
    def fail(_session, _recorded):
        raise StoppedError

    projectors = register_projections([Projection("fail", "tenant_profile", fail)], {"tenant_profile"})
    with pytest.raises(StoppedError), work(world, server, projectors) as session:
        change(session)
    assert state(world) == ("", 0)


def test_a_projector_of_another_kind_hears_nothing(world, server):
    def fail(_session, _recorded):
        raise StoppedError

    with work(world, server, register_projections([Projection("fail", "tip", fail)], {"tip"})) as session:
        change(session)
    assert state(world) == ("new", 1)
