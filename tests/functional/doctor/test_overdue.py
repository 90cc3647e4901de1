"""What `wuji doctor` says of work that does not get done, each by what makes it so."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from wuji.backup.sets import BackupSet, Manifest
from wuji.backup.shelves import FolderShelf
from wuji.cli import keeping, overdue
from wuji.cli.keeping import find_old_backup
from wuji.cli.overdue import find_behind, find_late, find_stopped, find_waiting, with_system
from wuji.cli.program import Program
from wuji.kit.options import load
from wuji.kit.supervisor.record import Entry, Record
from wuji.wall import Logins

JOB = (
    "insert into wuji.job(account_id, kind, state, due_at, begun_at, lease_until, finished_at, fault, lane, attempts) "
    "select id, 'test.thing', {} from wuji.account where type = 'system'"
)
WAITING = "'waiting', now() - interval '{}', null, null, null, null, {}, 0"
RUNNING = "'running', now() - interval '9 hours', now() - interval '1 hour', now() + interval '20 s', null, null, {}, 1"
OLD_RECORD = (
    "insert into wuji.journal_record(account_id, verb, kind, subject_id, fields, reason, at) select id, 'test.a.b', "
    "'tenant', '1', '{}', '', now() - interval '20 minutes' from wuji.account where type = 'system'"
)
SET_ASIDE = (
    f"with made as ({OLD_RECORD} returning id) insert into wuji.poison(consumer, record_id, reason, attempts) "
    "select 'search.follow', id, 'x', 1 from made"
)
DEAD = "'failed', now() - interval '9 hours', now(), null, now(), 'Lapsed', null, 5"


@pytest.fixture
def database(make_database):
    return make_database()


@pytest.fixture
def program(server, database, tmp_path):
    made = Program()
    system = server.url("wuji_system", database)
    vars(made).update(options=load({"WUJI_HOME": str(tmp_path)}), logins=Logins("", system, "", server.seal))
    return made


@pytest.fixture
def stage(server, database):
    with server.connect("wuji_stage", database) as connection:
        yield connection


@pytest.mark.parametrize(
    ("jobs", "said"),
    [
        ([], ""),
        ([WAITING.format("60 s", "null")], ""),
        ([WAITING.format("10 minutes", "null")], "jobs are due since 10 minutes and no worker does any"),
        ([WAITING.format("10 minutes", "null"), RUNNING.format("null")], ""),
        (
            [WAITING.format("50 minutes", "null"), RUNNING.format("null")],
            "the oldest job that could be done has waited for 50 min",
        ),
        ([RUNNING.format("'x'"), WAITING.format("50 minutes", "'x'")], ""),  # behind another one in its lane
        ([DEAD, DEAD], "2 jobs failed at every try"),
    ],
)
def test_jobs(program, stage, jobs, said):
    for job in jobs:
        stage.execute(JOB.format(job))
    found = [finding.what for finding in with_system(program, find_waiting)]
    assert len(found) == bool(said)
    assert "".join(found).startswith(said)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("select 1", ""),
        ("update wuji.consumer set paused = true where name = 'search.follow'", "search.follow stands still"),
        (OLD_RECORD, "minutes behind"),
        (SET_ASIDE, "search.follow has set 1 records aside"),
    ],
)
def test_consumers(program, stage, broken, said):
    stage.execute(broken)
    found = [finding.what for finding in with_system(program, find_behind)]
    assert any(said in one for one in found) if said else found == []


def test_schedules(program, stage):
    stage.execute(
        "insert into wuji.schedule(id, owner, cron, task, missed, per_root) "
        "values ('test.x', '', '0 * * * *', 'test.x', 'skip', false)"
    )
    taken = "insert into wuji.schedule_run(schedule_id, due_at) values ('test.x', now() - interval '{}')"
    assert list(with_system(program, find_late)) == []  # one that is seen for the first time begins now
    stage.execute(taken.format("5 hours"))
    [found] = with_system(program, find_late)
    assert found.what.startswith("test.x should have begun")
    stage.execute(taken.format("1 second"))
    assert list(with_system(program, find_late)) == []


def test_backups(program, monkeypatch, tmp_path):
    [never] = find_old_backup(program, None)
    assert "holds no backup" in never.what
    manifest = Manifest(
        wuji="1",
        postgres="18",
        taken_at=datetime.now(UTC) - timedelta(days=3, hours=1),
        dump_sha256="",
        tables={},
        files={},
        chains=[],
    )
    monkeypatch.setattr(keeping, "find_set", lambda _where: BackupSet(FolderShelf(tmp_path), "x", manifest))
    [old] = find_old_backup(program, str(tmp_path))
    assert old.what == "the newest backup is 3 days old"
    vars(program)["options"] = load({"WUJI_MODE": "demo"})
    assert list(find_old_backup(program, str(tmp_path))) == []


def test_programs(program, monkeypatch):
    assert list(find_stopped(program)) == []
    began = datetime.now(UTC)
    down = Entry(pid=None, started_at=began, restarts=4, ready=False)
    record = Record(pid=1, created=0.0, started_at=began, programs={"relay": down, "web": replace(down, pid=2)})
    monkeypatch.setattr(overdue, "find_record", lambda _home: record)
    assert [finding.what for finding in find_stopped(program)] == ["relay is down and was started again 4 times"]
