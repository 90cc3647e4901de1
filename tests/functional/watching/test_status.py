"""`wuji status`: says what it can, whatever is down."""

import io
import json
import os
from datetime import UTC, datetime

import msgspec
import psutil
import pytest
from click.testing import CliRunner

from wuji.backup.archiving import REACHED, Reached
from wuji.backup.shelves import FolderShelf
from wuji.backup.taking import Source, take_backup
from wuji.cli import main
from wuji.cli.program import Program
from wuji.files.store import FolderStore
from wuji.journal.tasks import seal
from wuji.kit.options import load
from wuji.kit.supervisor.record import Entry, Record, write_record
from wuji.testing import World, factories
from wuji.testing.plugins import loaded_plugins
from wuji.wall import Logins


@pytest.fixture
def world(server, make_database):
    made = World(server, make_database())
    yield made
    made.close()


@pytest.fixture
def program(server, world, tmp_path):
    made = Program()
    app, system, owner = (server.url(login, world.database) for login in ("wuji_app", "wuji_system", "wuji_owner"))
    options = load({"WUJI_HOME": str(tmp_path)})
    vars(made).update(options=options, logins=Logins(app, system, owner, server.seal), plugins=loaded_plugins())
    return made


def ask(program, *words):
    answer = CliRunner().invoke(main, ["status", *words], obj=program)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_everything_that_can_be_known(program, world, server, tmp_path):
    factories["wuji.journal_record"](world, "village")
    world.run(
        "insert into wuji.job(tenant_id, account_id, kind, due_at) values (%s, %s, 'x.y', now())",
        world.tenant["city"],
        world.system,
    )
    owner_url = server.url("wuji_owner", world.database)
    source = Source(server.postgres.bin, owner_url, FolderStore(tmp_path / "files"))
    take_backup(source, FolderShelf(tmp_path / "backups"))
    system = server.engine("wuji_system", world.database)
    seal(system)
    system.dispose()
    began = datetime(2026, 11, 1, tzinfo=UTC)
    web = Entry(pid=4711, started_at=began, restarts=2, ready=True)
    created = psutil.Process().create_time()
    write_record(tmp_path, Record(pid=os.getpid(), created=created, started_at=began, programs={"web": web}))
    said = json.loads(ask(program, "--json"))
    assert said["processes"] == [{"role": "web", "pid": 4711, "started_at": "2026-11-01T00:00:00Z", "restarts": 2}]
    sealer = next(one for one in said["consumers"] if one["name"] == "journal.seal")
    assert (sealer["unread"], sealer["lag"], sealer["paused"]) == (0, 0, False)
    assert said["jobs"]["waiting"] == 1
    assert datetime.fromisoformat(said["last_seal_at"]) <= datetime.fromisoformat(said["at"])
    assert datetime.fromisoformat(said["last_backup_at"]) <= datetime.fromisoformat(said["at"])
    assert said["problems"] == []


def test_without_a_database_the_rest_is_said(program):
    nowhere = "postgresql+psycopg://wuji_system:x@127.0.0.1:1/none"
    vars(program).update(logins=Logins("", nowhere, "", program.logins.seal))
    said = json.loads(ask(program, "--json"))
    assert said["processes"] == []
    assert said["consumers"] is said["jobs"] is said["last_seal_at"] is said["last_backup_at"] is None
    assert len(said["problems"]) == 2
    assert "no supervisor" in said["problems"][0]
    assert "PostgreSQL" in said["problems"][1]
    assert "no supervisor" in ask(program)


def test_for_people(program):
    seal(program.system)
    said = ask(program)
    assert "journal.seal" in said
    assert "last backup: never" in said


def test_how_far_the_log_of_changes_is_archived(program, tmp_path):
    asked = {
        "HOME": str(tmp_path),
        "REPLICATION_DATABASE_URL": "postgresql://x@127.0.0.1:1/x",
        "BROKER_URL": "redis://x",
    }
    vars(program).update(options=load({f"WUJI_{name}": value for name, value in asked.items()}))
    assert json.loads(ask(program, "--json"))["last_archived_at"] is None
    reached = Reached(at=datetime(2026, 11, 22, 12, tzinfo=UTC), position=1)
    FolderShelf(tmp_path / "backups").put(REACHED, io.BytesIO(msgspec.json.encode(reached)))
    assert json.loads(ask(program, "--json"))["last_archived_at"] == "2026-11-22T12:00:00Z"
    assert "archived until" in ask(program)
