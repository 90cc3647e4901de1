"""Backups: taken while everybody works, complete, proved by a drill, and refused where something is missing."""

import io
import re

import pytest
from click.testing import CliRunner

from wuji.backup.contents import begin, list_differences, read_tables
from wuji.backup.drilling import scratch_server
from wuji.backup.programs import BackupError
from wuji.backup.restoring import complete, restore
from wuji.backup.sets import list_sets
from wuji.backup.taking import connect, take_backup
from wuji.cli import main
from wuji.cli.program import Program
from wuji.files.store import FolderStore
from wuji.journal.tasks import seal
from wuji.kit.db.engine import make_engine
from wuji.kit.embedded.database import make_database
from wuji.kit.options import load
from wuji.testing import World, factories
from wuji.testing.plugins import loaded_plugins
from wuji.wall import Logins

LETTER = b"what a village keeps"


@pytest.fixture
def files(tmp_path):
    return FolderStore(tmp_path / "files")


@pytest.fixture
def world(server, make_database, files):
    """A database with a row in every table, whose files lie where its rows say, and a journal that is sealed."""
    database = make_database()
    world = World(server, database)
    for factory in factories.values():
        factory(world, "village")
    blob = files.put(io.BytesIO(LETTER))
    world.run("delete from plugin_agri_tips.tip_media")
    world.run("delete from wuji.journal_seal")  # the factory's are no chain
    system = server.engine("wuji_system", database)
    seal(system)
    system.dispose()
    world.run("update wuji.file set sha256 = %s, size = %s", blob.sha256, blob.size)
    yield world
    world.close()


@pytest.fixture
def backups(tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def program(server, world, files, tmp_path):
    """`wuji` on that database."""
    made = Program()
    app, system, owner = (server.url(login, world.database) for login in ("wuji_app", "wuji_system", "wuji_owner"))
    options = load({"WUJI_HOME": str(tmp_path / "home"), "WUJI_FILES_DIR": str(files.folder)})
    vars(made).update(options=options, logins=Logins(app, system, owner, server.seal), plugins=loaded_plugins())
    return made


@pytest.fixture
def take(server, world, files, backups):
    """Takes a backup as the owner's login does."""
    url = server.url("wuji_owner", world.database)
    return lambda: take_backup(server.postgres.bin, url, files, backups)


def ask(program, *words):
    return CliRunner().invoke(main, ["db", *words], obj=program)


def test_a_drill_brings_everything_back(program, backups):
    made = ask(program, "backup", str(backups))
    assert made.exit_code == 0, made.output
    rows = re.search(r"(\d+) tables, ([\d,]+) rows, 1 files", made.output)
    drilled = ask(program, "drill", str(backups))
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
    assert changed == ["wuji.tenant_profile: its rows have other values"]


def test_work_goes_on_meanwhile(server, world, take):
    """What is not committed when the backup begins is not in it, and nobody waits for it."""
    before = world.one("select count(*) from wuji.tenant_profile")
    with server.connect("wuji_stage", world.database, autocommit=False) as other:
        other.execute("delete from wuji.tenant_profile")
        taken = take()
    assert taken.manifest.tables["wuji.tenant_profile"].rows == before > 0


def test_a_file_that_is_lost_is_named_and_no_backup_stays(program, backups, files):
    (path,) = (path for path in files.folder.rglob("*") if path.is_file() and len(path.name) == 64)
    for broken in (lambda: path.write_bytes(b"x" * len(LETTER)), path.unlink):
        broken()
        said = ask(program, "backup", str(backups))
        assert said.exit_code == 1
        assert path.name in said.output
        assert list_sets(backups) == []
        assert not list(backups.glob("draft-*"))


def test_a_dump_that_was_damaged_is_refused(program, take, backups):
    taken = take()
    content = bytearray(taken.dump.read_bytes())
    content[len(content) // 2] ^= 1
    taken.dump.write_bytes(content)
    said = ask(program, "drill", str(backups))
    assert said.exit_code == 1
    assert "is damaged" in said.output


def test_a_journal_that_was_changed_is_found(program, world, take, backups):
    world.run(
        "update wuji.journal_record set verb = 'tenancy.tenant.add' where id = (select record_id from wuji.journal_seal limit 1)"
    )
    take()
    said = ask(program, "drill", str(backups))
    assert said.exit_code == 1
    assert "does not hold" in said.output


def test_only_the_newest_are_kept_and_files_are_shared(program, world, take, backups, files):
    old = take()
    other = files.put(io.BytesIO(b"another letter"))
    world.run("update wuji.file set sha256 = %s, size = %s", other.sha256, other.size)
    take()
    assert len(list(FolderStore(backups / "files").list_blobs())) == 2
    said = ask(program, "backup", str(backups), "--keep", "2")
    assert str(old.path) in said.output.replace("\n", "")
    assert len(list_sets(backups)) == 2
    assert list(FolderStore(backups / "files").list_blobs()) == [other.sha256]


def test_what_is_not_empty_is_not_restored_into(server, world, take):
    taken = take()
    with pytest.raises(BackupError, match="not empty"):
        restore(server.postgres.bin, server.url("wuji_owner", world.database), taken)


def test_nothing_to_restore(program, tmp_path):
    for words in (("drill", str(tmp_path)), ("restore", str(tmp_path), "--yes")):
        said = ask(program, *words)
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
