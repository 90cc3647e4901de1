"""Base backups and the log of changes behind them: the whole server at any moment, proved by the drill."""

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import msgspec
import psutil
import psycopg
import pytest

from wuji.backup.archiving import LOG, REACHED, Archive, Reached, list_log, read_reached
from wuji.backup.bases import BASE, Base
from wuji.backup.drilling import drill_base
from wuji.backup.programs import BackupError, find_programs
from wuji.backup.recovering import find_base, restore_server, url_in
from wuji.backup.replication import SLOT, number, segment_of, written
from wuji.backup.sets import Manifest, begin_set, finish_set, newest_set, prune
from wuji.backup.shelves import FolderShelf
from wuji.backup.taking import Source, take_backup
from wuji.backup.verifying import verify_files
from wuji.cli.keeping import find_unarchived
from wuji.files.store import FolderStore
from wuji.kit import serve
from wuji.kit.clock import now
from wuji.kit.db.cluster import follower
from wuji.kit.db.engine import plain_url
from wuji.kit.embedded.place import find_place
from wuji.kit.embedded.postgres import Postgres
from wuji.kit.options import load

pytestmark = pytest.mark.debian


@pytest.fixture
def replicating_url(server, world):
    """The URL of a login that may replicate and nothing else."""
    name = f"follower_{token_hex(3)}"
    password = server.postgres.passwords([name])[name]
    with server.connect("wuji_stage", "postgres") as stage:
        follower(stage, name, password)
        follower(stage, name, password)
        yield server.url(name, world.database)
        stage.execute(
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = %s", [SLOT]
        )
        stage.execute(f"drop role {name}")


@pytest.fixture
def shelf(backups):
    return FolderShelf(backups)


@pytest.fixture
def source(server, world, files, replicating_url):
    return Source(server.postgres.bin, server.url("wuji_owner", world.database), files, replicating_url, 30)


@pytest.fixture
def archive(server, replicating_url, shelf, tmp_path):
    return Archive(server.postgres.bin, replicating_url, shelf, tmp_path / "wal")


@contextmanager
def running(archive):
    stopping = threading.Event()
    thread = threading.Thread(target=archive.run, args=(stopping, 0.3))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(60)


@pytest.fixture
def options(source, backups, tmp_path, monkeypatch):
    """Of a server that replicates, whose programs are on the path."""
    monkeypatch.setenv("PATH", f"{source.programs}:{os.environ['PATH']}")
    asked = {
        "HOME": tmp_path / "home",
        "FILES_DIR": source.files.folder,
        "REPLICATION_DATABASE_URL": source.replication_url,
        "BACKUP_URL": backups,
        "BROKER_URL": "redis://127.0.0.1:1/0",
    }
    return load({f"WUJI_{name}": str(value) for name, value in asked.items()})


@pytest.mark.timeout(300)  # starts five servers
def test_the_whole_server_comes_back_to_a_moment(ask, program, options, archive, tmp_path):
    """What was written after the base backup is there, what was written after the moment is not."""
    vars(program).update(options=options)
    shelf, home, owner_url = FolderShelf(Path(options.backup_url)), tmp_path / "then", program.logins.owner
    flushed = "-c synchronous_commit=on"  # unlike what else is written in tests: what was answered is in the log
    with running(archive), psycopg.connect(plain_url(owner_url), autocommit=True, options=flushed) as owner:
        made = ask("backup")
        assert "The whole server too" in made.output, made.output
        owner.execute("create table wuji.written as select 'before' as word")
        at = datetime.now(UTC)
        owner.execute("update wuji.written set word = 'after'")
        await_reached(shelf, datetime.now(UTC))
    rows = sum(table.rows for table in newest_set(shelf).manifest.tables.values())
    drilled = ask("drill")
    assert f"with its log of changes: {rows:,} rows are the same" in drilled.output, drilled.output
    assert drilled.output.count("recovery point 0:0") == 2
    files = FolderStore(tmp_path / "then-files")
    data = restore_server(find_base(shelf, at), home, at, owner_url, files)
    assert len(list(files.list_blobs())) == 1
    with started(find_programs(options), home, data), psycopg.connect(plain_url(url_in(home, owner_url))) as there:
        assert there.execute("select word from wuji.written").fetchall() == [("before",)]
    into = tmp_path / "last"
    last = read_reached(shelf).at  # nothing was committed after it
    restored = ask("restore", "--at", last.isoformat(), "--into", str(into))
    shutil.rmtree(find_place(into).root, ignore_errors=True)
    assert "is the server as it was then" in restored.output, restored.output


def test_what_cannot_be_restored_to(ask, program, options, backups):
    vars(program).update(options=options)
    base = Base(sha256="", size=0, segment="0" * 16, ended_at=now())
    FolderShelf(backups).put(REACHED, io.BytesIO(msgspec.json.encode(Reached(now(), 1))))
    finish(backups, base)
    for moment, said in (("2020-01-01", "was ready by 2020"), ("2099-01-01T08:00:00+08:00", "no further")):
        answer = ask("restore", "--at", moment, "--into", str(backups / "new"))
        assert (answer.exit_code, said in answer.output) == (1, True), answer.output
    assert "is not empty" in ask("restore", "--at", "2026-11-22", "--into", str(backups)).output
    assert ask("restore", "--at", "2026-11-22").exit_code == 2
    assert ask("restore", "--at", "yesterday", "--into", "x").exit_code == 2


def finish(backups, base):
    manifest = Manifest(
        wuji="1", postgres="18", taken_at=now(), dump_sha256="", tables={}, files={}, chains=[], base=base
    )
    return finish_set(FolderShelf(backups), begin_set(FolderShelf(backups), now()), manifest)


def test_the_archive_is_a_program_that_ends_when_told(program, options, backups):
    """And what `wuji doctor` says of it, before and after."""
    vars(program).update(options=options)
    finish(backups, None)
    found = [finding.what for finding in find_unarchived(program, None)]
    assert [any(words in one for one in found) for words in ("has not come", "a dump alone")] == [True, True]
    made = serve.archive(options)
    with subprocess.Popen(made.argv, env=made.env, stderr=subprocess.PIPE) as archive:
        await_reached(FolderShelf(backups), datetime.now(UTC) - timedelta(minutes=1))
        receiving = [one for one in psutil.Process(archive.pid).children() if one.name() == "pg_receivewal"]
        archive.send_signal(signal.SIGTERM)
        assert archive.wait(60) == 0, archive.stderr.read()
    assert [one.is_running() for one in receiving] == [False]
    assert [finding.what.split()[-1] for finding in find_unarchived(program, None)] == ["alone"]


@contextmanager
def started(programs, home, data):
    """As an operator would, with what lets in whoever let themselves in before."""
    conf = {
        name: str(data.parent / f"recovered{suffix}.conf")
        for name, suffix in (("config_file", ""), ("hba_file", "_hba"))
    }
    again = Postgres(home, programs, {**conf, "ident_file": conf["config_file"]})
    again.start()
    try:
        yield
    finally:
        again.stop("immediate")
        shutil.rmtree(find_place(home).root, ignore_errors=True)


def await_reached(shelf, at):
    until = time.monotonic() + 60
    while (reached := read_reached(shelf)) is None or reached.at < at:
        assert time.monotonic() < until, "the archive does not follow"
        threading.Event().wait(0.05)


def test_damage_is_named(source, archive, shelf, backups, world):
    with running(archive):
        taken = take_backup(source, shelf)
    system = world.server.url("wuji_system", world.database)
    log = backups / LOG / list_log(shelf)[0].file
    content = log.read_bytes()
    log.write_bytes(content[: len(content) // 2])
    with pytest.raises(BackupError, match=f"{LOG}/.* is damaged"):
        drill_base(taken, source.owner_url, system, now())
    log.write_bytes(content)
    base = backups / taken.name / BASE
    base.write_bytes(base.read_bytes()[:-600])
    with pytest.raises(BackupError, match=f"{BASE} is damaged"):
        drill_base(taken, source.owner_url, system, now())


def test_without_an_archive_the_dump_is_kept_and_the_rest_refused(source, shelf):
    with pytest.raises(BackupError, match=r"has never come there .* run `wuji archive`"):
        take_backup(replace(source, archived_within=0.1), shelf)
    kept = newest_set(shelf)
    assert kept.manifest.base is None
    assert sorted(name for name, _size in shelf.sizes(kept.name)) == [kept.dump, f"{kept.name}/manifest.json"]


def test_of_the_log_only_what_is_needed_is_kept(shelf, backups):
    base = Base(sha256="", size=0, segment="0000000200000010", ended_at=now())
    finish(backups, base)
    old, first, partial = f"00000001{'0' * 8}000000FF", f"00000001{base.segment}", "000000010000000200000011"
    for name in (f"{old}.gz", f"{first}.gz", f"{first}.partial.gz", f"{partial}.partial.gz", "00000002.history.gz"):
        shelf.put(f"{LOG}/{name}", io.BytesIO(b""))
    assert {one.file for one in list_log(shelf)} == {
        f"{old}.gz", f"{first}.gz", f"{partial}.partial.gz", "00000002.history.gz",
    }  # fmt: skip
    assert prune(shelf, 1) == []
    assert not (backups / LOG / f"{old}.gz").exists()
    assert (backups / LOG / f"{first}.gz").exists()


def test_files_that_differ_from_the_list_are_named(tmp_path):
    (tmp_path / "PG_VERSION").write_bytes(b"18")
    files = [
        {"Path": "PG_VERSION", "Size": 2, "Checksum": hashlib.sha256(b"15").hexdigest()},
        {"Encoded-Path": "61", "Size": 1, "Checksum": ""},
    ]
    body = f'{{"Files": {json.dumps(files)},\n'
    (tmp_path / "backup_manifest").write_text(
        f'{body}"Manifest-Checksum": "{hashlib.sha256(body.encode()).hexdigest()}"}}\n'
    )
    with pytest.raises(BackupError, match=r"damaged: PG_VERSION, a$"):
        verify_files(tmp_path)
    (tmp_path / "backup_manifest").write_text('{"Files": [],\n"Manifest-Checksum": "0"}\n')
    with pytest.raises(BackupError, match="damaged: backup_manifest"):
        verify_files(tmp_path)


@pytest.mark.parametrize(
    ("position", "size", "segment"),
    [
        ("0/0", 1 << 24, "0000000000000000"),
        ("16/B374D848", 1 << 24, "00000016000000B3"),
        ("2/40000000", 1 << 30, "0000000200000001"),
    ],
)
def test_where_a_place_in_the_log_lies(position, size, segment):
    assert written(number(position)) == position
    assert segment_of(number(position), size) == segment
