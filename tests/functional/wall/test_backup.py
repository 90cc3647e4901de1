"""Backup, restore, and what the owner can and cannot do: FORCE walls the owner too."""

import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import make_url

from wuji.kit.db.model import walls
from wuji.kit.db.startup import WallOpenError, refuse_to_start
from wuji.kit.rowsec.functions import put
from wuji.testing import Server, World, factories
from wuji.testing.plugins import loaded_plugins
from wuji.wall import declared_wall, functions


def run(server: Server, program: str, database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    url = make_url(server.url("wuji_owner", database))
    command = [str(server.postgres.bin / program), *arguments]
    names = {
        "PGHOST": url.query["host"],
        "PGPORT": url.query["port"],
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
    }
    return subprocess.run(
        command, env={**os.environ, **names, "PGDATABASE": database}, capture_output=True, text=True, check=False
    )


def counts(server: Server, database: str) -> dict[str, int]:
    with server.connect("wuji_stage", database) as stage:
        return {name: stage.execute(f"select count(*) from {name}").fetchone()[0] for name in walls()}


@pytest.fixture
def full(server: Server, make_database):
    database = make_database()
    world = World(server, database)
    for factory in factories.values():
        factory(world, "village")
    world.close()
    return database


def test_as_owner_a_dump_fails_or_is_empty(server: Server, full: str):
    """The trap that the role wuji_backup is for: exit code 0, and not one row."""
    plain = run(server, "pg_dump", full)
    assert plain.returncode
    assert "query would be affected by row-level security policy" in plain.stderr
    empty = run(server, "pg_dump", full, "--enable-row-security", "--data-only", "-t", "wuji.file")
    assert (empty.returncode, "text/plain" in empty.stdout) == (0, False)


def test_as_wuji_backup_it_is_complete(server: Server, full: str, tmp_path: Path):
    """Every row, sequence and revision; after the restore the functions are put back, and the wall is sound."""
    dump = str(tmp_path / "dump")
    made = run(server, "pg_dump", full, "--role=wuji_backup", "--enable-row-security", "-Fc", "-f", dump)
    assert (made.returncode, made.stderr) == (0, "")
    restored = server.make(f"{full}_restored")
    try:
        said = run(server, "pg_restore", restored, "-d", restored, dump)
        assert said.stderr.count("could not execute query") == said.stderr.count("OWNER TO wuji_definer")
        app, owner = server.engine("wuji_app", restored), server.engine("wuji_owner", restored)
        with pytest.raises(WallOpenError):
            refuse_to_start(app, declared_wall(loaded_plugins()))
        with owner.begin() as connection:
            put(connection, functions())
            for plugin in loaded_plugins():
                put(connection, plugin.functions, plugin.schema)
        refuse_to_start(app, declared_wall(loaded_plugins()))
        assert counts(server, restored) == counts(server, full)
        versions = "select version_num from wuji.alembic_version"
        with server.connect("wuji_stage", restored) as new, server.connect("wuji_stage", full) as old:
            assert new.execute(versions).fetchall() == old.execute(versions).fetchall()
            last = "select sequencename, last_value from pg_sequences where schemaname = 'wuji' order by 1"
            assert new.execute(last).fetchall() == old.execute(last).fetchall()
    finally:
        server.drop(restored)


def test_the_backup_role_writes_nothing(server: Server):
    with server.connect("wuji_owner", server.shared) as owner:
        owner.execute("set role wuji_backup")
        for name in walls():
            for privilege in ("insert", "update", "delete", "truncate", "trigger", "references"):
                assert owner.execute("select has_table_privilege(%s, %s)", (name, privilege)).fetchone() == (False,), (
                    name
                )


def test_the_owner_is_walled(world: World):
    key = factories["wuji.file"](world, "village")
    with world.server.connect("wuji_owner", world.database) as owner:
        assert owner.execute("select pg_has_role('wuji_owner', 'wuji_definer', 'usage')").fetchone() == (False,)
        for name in factories:
            assert owner.execute(f"select count(*) from {name}").fetchone() == (0,), name
        change = "update wuji.file set media = 'new' where id = %s"
        assert owner.execute(change, (key,)).rowcount == 0  # a data migration would change nothing, in silence
        with owner.transaction():
            owner.execute("alter table wuji.file no force row level security")
            assert owner.execute(change, (key,)).rowcount == 1
            owner.execute("alter table wuji.file force row level security")
        assert owner.execute("select count(*) from wuji.file").fetchone() == (0,)
