"""Backups: taken while everybody works, complete, proved by a drill, and refused where something is missing."""

import io
import re

import pytest

from wuji.backup.contents import begin, list_differences, read_tables
from wuji.backup.drilling import scratch_server
from wuji.backup.programs import BackupError
from wuji.backup.restoring import complete, restore
from wuji.backup.sets import list_sets
from wuji.backup.shelves import FolderShelf
from wuji.backup.taking import connect
from wuji.files.store import FolderStore
from wuji.journal.tasks import seal
from wuji.kit.db.engine import make_engine
from wuji.kit.embedded.database import make_database
from wuji.testing.plugins import loaded_plugins


def test_a_drill_brings_everything_back(ask, backups, world):
    made = ask("backup", str(backups))
    assert made.exit_code == 0, made.output
    noted = "select subject_id, reason from wuji.journal_record where verb = 'work.backup.take' and tenant_id is null"
    ((name, by),) = world.run(noted).fetchall()
    assert name == list_sets(FolderShelf(backups))[0].name
    assert by.startswith("cli:")
    rows = re.search(r"(\d+) tables, ([\d,]+) rows, 1 files", made.output)
    drilled = ask("drill", str(backups))
    assert drilled.exit_code == 0, drilled.output
    assert rows
    assert f"came back: {rows[1]} tables, {rows[2]} rows, 1 files" in " ".join(drilled.output.split())
    assert re.search(r"[1-9]\d* sealed journal records hold", " ".join(drilled.output.split()))
    assert re.search(r"recovery point 0:\d\d:\d\d", drilled.output)
    assert re.search(r"recovery time +0:\d\d:\d\d", drilled.output)


def test_a_change_after_the_backup_is_seen(server, world, take):
    """Else a comparison that finds nothing would prove nothing."""
    taken = take()
    world.run("update wuji.tenant_profile set about = about || '!'")
    with connect(server.url("wuji_owner", world.database)) as connection:
        begin(connection)
        changed = list_differences(taken.manifest.tables, read_tables(connection))
    changed = [line for line in changed if not line.startswith("wuji.journal_record:")]  # that it was taken
    assert changed == ["wuji.tenant_profile: its rows have other values"]


def test_work_goes_on_meanwhile(server, world, take):
    """What is not committed when the backup begins is not in it, and nobody waits for it."""
    before = world.one("select count(*) from wuji.tenant_profile")
    with server.connect("wuji_stage", world.database, autocommit=False) as other:
        other.execute("delete from wuji.tenant_profile")
        taken = take()
    assert taken.manifest.tables["wuji.tenant_profile"].rows == before > 0


def test_a_file_that_is_lost_is_named_and_no_backup_stays(ask, backups, files):
    (path,) = (path for path in files.folder.rglob("*") if path.is_file() and len(path.name) == 64)
    for broken in (lambda: path.write_bytes(b"x" * path.stat().st_size), path.unlink):
        broken()
        said = ask("backup", str(backups))
        assert said.exit_code == 1
        assert path.name in said.output
        assert list_sets(FolderShelf(backups)) == []
        assert not list(backups.glob("2*"))


def test_a_dump_that_was_damaged_is_refused(ask, take, backups):
    taken = take()
    dump = backups / taken.dump
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)
    said = ask("drill", str(backups))
    assert said.exit_code == 1
    assert "is damaged" in said.output


def test_a_journal_that_was_changed_is_found(ask, world, take, backups):
    world.run(
        "update wuji.journal_record set verb = 'tenancy.tenant.add' where id = (select record_id from wuji.journal_seal limit 1)"
    )
    take()
    said = ask("drill", str(backups))
    assert said.exit_code == 1
    assert "does not hold" in said.output


def test_only_the_newest_are_kept_and_files_are_shared(ask, world, take, backups, files):
    old = take()
    other = files.put(io.BytesIO(b"another letter"))
    world.run("update wuji.file set sha256 = %s, size = %s", other.sha256, other.size)
    take()
    assert len(list(FolderStore(backups / "files").list_blobs())) == 2
    said = ask("backup", str(backups), "--keep", "2")
    assert old.address in said.output.replace("\n", "")
    assert len(list_sets(FolderShelf(backups))) == 2
    assert list(FolderStore(backups / "files").list_blobs()) == [other.sha256]


def test_what_is_not_empty_is_not_restored_into(server, world, take):
    taken = take()
    with pytest.raises(BackupError, match="not empty"):
        restore(server.postgres.bin, server.url("wuji_owner", world.database), taken)


def test_nothing_to_restore(ask, tmp_path):
    for words in (("drill", str(tmp_path)), ("restore", str(tmp_path), "--yes")):
        said = ask(*words)
        assert said.exit_code == 1
        assert "holds no backup" in said.output


def test_another_server_reads_the_journal_on_where_this_one_stopped(server, world, take):
    """Transaction ids begin anew there: without a new place nothing old would ever be read, or nothing new."""
    tenant = world.tenant["village"]
    for _ in range(3):
        world.run(
            "select wuji.journal_add('tenancy.tenant.rename', 'tenant', %s, %s, null, '{name}', null, '')", "x", tenant
        )
    waiting = "select count(*) from wuji.journal_record r where not exists(select from wuji.journal_seal where record_id = r.id)"
    assert world.one(waiting) == 3
    taken = take()
    with scratch_server() as scratch:
        make_database(scratch, "wuji")
        owner_url = scratch.url("wuji_owner", "wuji")
        restore(scratch.bin, owner_url, taken)
        owner = make_engine(owner_url, pooled=False)
        complete(owner, owner_url, server.seal, loaded_plugins())
        there = make_engine(scratch.url("wuji_system", "wuji"), pooled=False)
        assert seal(there) == 3
        assert seal(there) == 0
