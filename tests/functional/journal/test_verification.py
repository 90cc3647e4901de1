"""Verifying: whatever a superuser changes in what is sealed is found, and named."""

import pytest

from wuji.journal import verification
from wuji.journal.chain import FIELDS
from wuji.journal.tasks import seal
from wuji.journal.verification import Finding, NoSuchTenantError, verify

# What the stage, past every wall, writes over a sealed record.
TAMPERED = {
    "id": "wuji.new_id()",
    "root_id": "null",
    "tenant_id": "{tenant}",
    "account_id": "null",
    "event_id": "wuji.new_id()",
    "verb": "'test.thing.unmade'",
    "kind": "'thinG'",
    "subject_id": "null",
    "fields": "'{{a,c}}'",
    "reason": "'other'",
    "at": "at + interval '1 microsecond'",
}


@pytest.fixture
def chain(system, happen):
    """Five records of the city, sealed."""
    made = [happen(name) for name in ("city", "village", "grid", "village", "street")]
    seal(system)
    return made


def look(world, system, root="city"):
    (found,) = verify(system, world.code[root])
    return found


def change(world, record_id, assignment):
    assert world.run(f"update wuji.journal_record set {assignment} where id = %s", record_id).rowcount == 1


def test_a_sound_chain(world, system, chain, happen):
    happen("grid")
    found = look(world, system)
    assert (found.code, found.name, found.sealed, found.waiting) == (world.code["city"], "city", 5, 1)
    assert found.last == world.one("select hash from wuji.journal_seal where record_id = %s", chain[-1])
    assert found.finding is None


def test_a_chain_is_read_in_parts(world, system, chain, monkeypatch):
    monkeypatch.setattr(verification, "BATCH", 2)
    assert (look(world, system).sealed, look(world, system).finding) == (5, None)
    change(world, chain[3], "reason = 'other'")
    assert look(world, system).finding == Finding(4, "changed", chain[3])


@pytest.mark.usefixtures("chain")
def test_a_tenant_stands_for_its_root(world, system):
    assert verify(system, world.code["grid"]) == verify(system, world.code["city"])
    with pytest.raises(NoSuchTenantError):
        verify(system, "000000")


@pytest.mark.usefixtures("chain")
def test_everything_at_once(world, system):
    found = {one.chain: one for one in verify(system)}
    assert found[world.tenant["city"]].sealed == 5
    assert found[world.tenant["other"]].sealed == 0
    assert found[0].code is None


def test_every_hashed_column_is_tried():
    assert tuple(TAMPERED) == FIELDS


@pytest.mark.parametrize("column", FIELDS)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_changed_record(world, system, chain, column, place):
    value = TAMPERED[column].format(tenant=world.tenant["sibling"])
    change(world, chain[place], f"{column} = {value}")
    wrong = "missing" if column == "id" else "changed"
    found = look(world, system)
    assert found.finding == Finding(place + 1, wrong, chain[place])
    assert found.sealed == place


@pytest.mark.parametrize("at", ["'infinity'", "'-infinity'", "'0044-03-15 BC'", "'290000-01-01'"])
def test_a_time_that_no_calendar_of_ours_holds(world, system, chain, at):
    change(world, chain[1], f"at = {at}")
    assert look(world, system).finding == Finding(2, "changed", chain[1])


def test_a_removed_record(world, system, chain):
    world.run("delete from wuji.journal_record where id = %s", chain[3])
    assert look(world, system).finding == Finding(4, "missing", chain[3])


def test_records_in_another_order(world, system, chain):
    """Their seals stand still and name each other's records."""
    world.run("update wuji.journal_seal set record_id = wuji.new_id() where record_id = %s", chain[1])
    world.run("update wuji.journal_seal set record_id = %s where record_id = %s", chain[1], chain[3])
    world.run(
        "update wuji.journal_seal set record_id = %s where tenant_id = %s and seq = 2", chain[3], world.tenant["city"]
    )
    assert look(world, system).finding == Finding(2, "reordered", chain[3])


def test_seals_in_another_order(world, system, chain):
    city = world.tenant["city"]
    for seq, to in ((2, 99), (4, 2), (99, 4)):
        world.run("update wuji.journal_seal set seq = %s where tenant_id = %s and seq = %s", to, city, seq)
    assert look(world, system).finding == Finding(2, "reordered", chain[3])


@pytest.mark.parametrize("column", ["hash", "prev"])
@pytest.mark.parametrize("place", [0, 2])
def test_a_changed_seal(world, system, chain, column, place):
    world.run(f"update wuji.journal_seal set {column} = sha256({column}) where record_id = %s", chain[place])
    assert look(world, system).finding == Finding(place + 1, "seal changed", chain[place])


def test_a_record_changed_together_with_its_seal(world, system, chain):
    """Somebody who knows the encoding mends one link; the next one does not fit any more."""
    change(world, chain[1], "reason = 'other'")
    world.run("delete from wuji.journal_seal where tenant_id = %s", world.tenant["city"])
    world.run("update wuji.consumer set xid = '0'")
    before = look(world, system)
    seal(system)
    after = look(world, system)
    assert (before.sealed, after.sealed, after.finding) == (0, 5, None)  # all of it anew: only the last hash tells
    assert after.last != before.last


def test_a_removed_seal(world, system, chain):
    world.run("delete from wuji.journal_seal where record_id = %s", chain[2])
    assert look(world, system).finding == Finding(3, "seal missing", chain[3])


@pytest.mark.parametrize("case", [(-5, 1, "reordered"), (0, 1, "reordered"), (7, 5, "seal missing")])
def test_a_seal_under_a_number_that_is_not_its_turn(world, system, chain, case):
    seq, first, wrong = case
    world.run("update wuji.journal_seal set seq = %s where record_id = %s", seq, chain[4])
    assert look(world, system).finding == Finding(first, wrong, chain[4])


def test_a_record_put_in_behind_the_seal(world, system, chain):
    xid = world.one("select xid::text from wuji.journal_record where id = %s", chain[2])
    made = world.one(
        "insert into wuji.journal_record(xid, root_id, tenant_id, verb, kind) "
        "select cast(%s as xid8), root_id, tenant_id, 'a.b.c', 'x' from wuji.journal_record where id = %s returning id",
        xid,
        chain[2],
    )
    found = look(world, system)
    assert found.finding == Finding(4, "inserted", made)
    assert found.sealed == 5
    assert seal(system) == 0


def test_seals_cut_off_at_the_end(world, system, chain):
    world.run("delete from wuji.journal_seal where record_id = %s", chain[4])
    assert look(world, system).finding == Finding(5, "inserted", chain[4])
