"""Sealing: every record once, in the order of transactions, whoever commits when and however many seal."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from wuji.journal.tasks import HEADS, seal, seal_batch

pytestmark = pytest.mark.usefixtures("all_sealed")
SEALED = "select s.record_id from wuji.journal_seal s where s.tenant_id = %s order by s.seq"


@pytest.fixture
def all_sealed(system):
    """Nothing that tests before this one have left is waiting."""
    seal(system)


def sealed(world, root="city"):
    return [row[0] for row in world.run(SEALED, world.tenant[root])]


def test_each_root_has_a_chain_of_its_own(world, system, happen):
    mine = [happen(name) for name in ("village", "city", "grid")]
    theirs = [happen("foreign"), happen("other")]
    assert seal(system) >= 5
    assert sealed(world) == mine
    assert sealed(world, "other") == theirs
    rows = world.run(
        "select seq, prev, hash from wuji.journal_seal where tenant_id = %s order by seq", world.tenant["city"]
    ).fetchall()
    assert [seq for seq, _, _ in rows] == [1, 2, 3]
    assert [prev for _, prev, _ in rows] == [bytes(32), rows[0][2], rows[1][2]]
    assert len({hash_ for _, _, hash_ in rows}) == 3


def test_what_belongs_to_no_tenant_is_chained_too(world, system):
    before = world.one("select count(*) from wuji.journal_seal where tenant_id is null")
    with world.enter("resident", None) as tx:
        tx.one("select wuji.record('test.thing.made', 'thing', '7', null, null, null, null)")
        tx.commit()
    assert seal(system) == 1
    assert world.one("select count(*) from wuji.journal_seal where tenant_id is null") == before + 1
    assert world.one("select max(seq) from wuji.journal_seal where tenant_id is null") == before + 1


def test_it_goes_on_where_it_stopped(world, system, happen):
    first = [happen("city") for _ in range(5)]
    assert seal(system, batch=2) == 5
    assert seal(system) == 0
    then = [happen("city") for _ in range(3)]
    assert seal(system, batch=1) == 3
    assert sealed(world) == first + then


def test_a_record_that_is_committed_late_is_not_skipped(world, system, happen):
    statement = "select wuji.record('test.thing.made', 'thing', '7', %s, null, null, null)"
    with world.enter("official@city", "city") as tx:
        early = tx.one(statement, world.tenant["city"])
        late = [happen("village"), happen("grid")]
        assert seal(system) == 0  # nothing behind a transaction that is still open
        assert sealed(world) == []
        tx.commit()
    assert seal(system) == 3
    assert sealed(world) == [early, *late]


def test_what_is_rolled_back_was_never_there(world, system, happen):
    with world.enter("official@city", "city") as tx:
        tx.one("select wuji.record('test.thing.made', 'thing', '7', %s, null, null, null)", world.tenant["city"])
        tx.rollback()
    kept = happen("city")
    assert seal(system) == 1
    assert sealed(world) == [kept]


def test_two_sealers_share_the_work(world, system, happen):
    made = [happen("city") for _ in range(30)]
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: seal(system, batch=3), range(4)))
    assert sum(counts) == 30
    assert sealed(world) == made


def test_while_one_seals_the_other_waits(world, system, happen):
    happen("city")
    with system.begin() as one:
        assert seal_batch(one, 10) == (1, 1)
        with system.connect() as other:
            other.exec_driver_sql("set local lock_timeout = '50ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                seal_batch(other, 10)
    assert len(sealed(world)) == 1


def test_a_restored_database_is_read_again_and_sealed_once(world, system, happen):
    """Its transactions are numbered anew, so the place is set back; seals that are there count."""
    made = [happen("city") for _ in range(3)]
    assert seal(system) == 3
    world.run("update wuji.consumer set xid = '0'")
    made.append(happen("city"))
    assert seal(system, batch=2) == 1
    assert sealed(world) == made


def test_the_end_of_a_chain_is_looked_up_however_long_it_is(system):
    """It was sorted for every batch: the longer the journal, the slower it was sealed."""
    with system.begin() as connection:
        connection.exec_driver_sql("set local enable_seqscan = off")  # which is cheaper in a small table
        plan = connection.execute(text(f"explain {HEADS.text}"), {"chains": [0, 1]}).scalars().all()
    assert not [line for line in plan if "Sort" in line], plan


def test_only_the_relay_seals(world, happen):
    happen("city")
    for who, at in (("official@city", "city"), ("operator", None), (None, None)):
        with world.enter(who, at) as tx:
            assert tx.refused("insert into wuji.consumer(name) values ('x')") == "42501"
            assert tx.refused("select * from wuji.consumer") == "42501"
    with world.enter(login="wuji_system") as tx:
        for statement in (
            "update wuji.journal_seal set seq = seq",
            "delete from wuji.journal_seal",
            "delete from wuji.consumer",
            "update wuji.journal_record set reason = ''",
        ):
            assert tx.refused(statement) == "42501", statement
