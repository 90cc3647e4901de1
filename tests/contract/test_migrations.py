"""Revisions: up from nothing to exactly what the models and the declared wall say, again without a trace, and down to nothing."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from wuji.installation import CORE, install
from wuji.kit.db.migrate import compare, downgrade, pending, sql
from wuji.kit.rowsec.catalogue import differences, digest, present
from wuji.kit.rowsec.functions import put
from wuji.testing import Server
from wuji.testing.plugins import loaded_plugins
from wuji.wall import declared_wall, foundation, functions

WALL = declared_wall()
SQUAWK = Path(sys.executable).with_name("squawk")
ROOT = Path(__file__).parents[2]
LEFT = (  # anything of ours but the empty schema and alembic's table
    "select 'relation ' || relname from pg_class where relnamespace = 'wuji'::regnamespace "
    "and relname not like 'alembic\\_version%' "
    "union all select 'function ' || proname from pg_proc where pronamespace = 'wuji'::regnamespace "
    "union all select 'type ' || typname from pg_type where typnamespace = 'wuji'::regnamespace "
    "and typname not like '%alembic\\_version' "
    "union all select 'row ' || version_num from wuji.alembic_version"
)


@pytest.fixture
def empty(server: Server):
    """The owner's engine on a database without anything in it."""
    name = server.make("empty")
    engine = server.engine("wuji_owner", name)
    yield engine
    engine.dispose()
    server.drop(name)


def wall(engine: Engine) -> list[str]:
    with engine.begin() as connection:
        return present(connection)


def left(connection: Connection) -> list[str]:
    return list(connection.execute(text(LEFT)).scalars())


def test_up_from_nothing(server: Server, empty: Engine):
    with empty.begin() as connection:
        assert pending(connection, CORE) == [r.revision for r in revisions()]
    install(empty, server.seal)
    with empty.begin() as connection:
        assert pending(connection, CORE) == []
        assert compare(connection, CORE) == []
        assert differences(connection, WALL) == []
        assert digest(present(connection)) == digest(WALL)


def test_again_changes_nothing(server: Server, empty: Engine):
    """A second run, and functions put anew by themselves, leave the same wall, the same keys, the same built-in rows."""
    rows = text(
        "select (select count(*) from wuji.signing_key), (select array_agg(r::text order by id) from wuji.role r), "
        "(select count(*) from wuji.account)"
    )
    install(empty, server.seal)
    stage = server.engine("wuji_stage", empty.url.database)
    with stage.connect() as connection:
        before = connection.execute(rows).one()
    for again in (lambda: install(empty, server.seal), lambda: put_functions(empty)):
        again()
        assert digest(wall(empty)) == digest(WALL)
        with stage.connect() as connection:
            assert connection.execute(rows).one() == before


def put_functions(engine: Engine) -> None:
    with engine.begin() as connection:
        put(connection, functions())


def test_what_was_tampered_with_is_mended(server: Server, empty: Engine):
    """An upgrade brings functions back: changed, added, dropped, handed on."""
    install(empty, server.seal)
    with server.connect("wuji_stage", empty.url.database or "") as stage:
        for statement in (
            "create function wuji.extra() returns int language sql as 'select 1'",
            "alter function wuji.extra() owner to wuji_owner",
            "drop function wuji.purge(int)",
            "alter function wuji.enter_public(text) owner to wuji_owner",
            "grant execute on function wuji.key_rotate() to wuji_app",
            "alter function wuji.scope_ok() owner to wuji_owner",
            "create or replace function wuji.scope_lo() returns bigint language sql stable parallel safe as 'select 0::bigint'",
        ):
            stage.execute(statement)
    with empty.begin() as connection:
        assert len(differences(connection, WALL)) > 5
    install(empty, server.seal)
    assert digest(wall(empty)) == digest(WALL)


def test_down_leaves_an_empty_schema(server: Server, empty: Engine):
    install(empty, server.seal)
    downgrade(empty, CORE, foundation())
    with empty.begin() as connection:
        assert left(connection) == []
        assert set(inspect(connection).get_schema_names()) <= {"information_schema", "public", "wuji"}
        roles = "select count(*) from pg_roles where rolname ~ '^wuji_(owner|app|system|definer|backup)$'"
        assert connection.scalar(text(roles)) == 5
    install(empty, server.seal)  # and up again
    assert digest(wall(empty)) == digest(WALL)


def test_each_revision_goes_down_and_up(server: Server, empty: Engine):
    install(empty, server.seal)
    for revision in [r.revision for r in revisions()][-2::-1]:
        downgrade(empty, CORE, foundation(), revision)
        with empty.begin() as connection:
            assert pending(connection, CORE)[0] > revision
    install(empty, server.seal)
    with empty.begin() as connection:
        assert compare(connection, CORE) == []
        assert differences(connection, WALL) == []


def test_a_run_that_fails_leaves_nothing(server: Server, empty: Engine, monkeypatch):
    def fail(*_arguments: object) -> None:
        raise RuntimeError("cut short")

    monkeypatch.setattr("wuji.installation.put_built_in", fail)
    with pytest.raises(RuntimeError, match="cut short"):
        install(empty, server.seal)
    with empty.begin() as connection:
        assert "wuji" not in inspect(connection).get_schema_names()


def revisions() -> list:
    """Oldest first."""
    return list(ScriptDirectory.from_config(CORE.config(None)).walk_revisions())[::-1]


def test_the_chain_is_one_line():
    chain = revisions()
    assert [r.revision for r in chain] == [f"{number:04}" for number in range(1, len(chain) + 1)]
    assert [r.down_revision for r in chain] == [None, *(r.revision for r in chain[:-1])]
    assert all(r.doc for r in chain)


def test_squawk(tmp_path: Path):
    """A linter for migrations that lock or break a running program; what it may not say is in .squawk.toml, with reasons."""
    path = tmp_path / "core.sql"
    path.write_text(sql(CORE), encoding="utf-8")
    done = subprocess.run(
        [str(SQUAWK), "--config", str(ROOT / ".squawk.toml"), "--assume-in-transaction", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.fixture
def founded(server: Server, empty: Engine) -> Engine:
    """The core and every plugin that is found."""
    assert install(empty, server.seal, loaded_plugins()) == []
    return empty


def test_plugins_up_from_nothing(server: Server, founded: Engine):
    wall = declared_wall(loaded_plugins())
    for _again in range(2):
        with founded.begin() as connection:
            assert differences(connection, wall) == []
            for plugin in loaded_plugins():
                if plugin.lineage:
                    assert compare(connection, plugin.lineage) == []
                    assert pending(connection, plugin.lineage) == []
        assert install(founded, server.seal, loaded_plugins()) == []


def test_plugins_go_down_and_up(server: Server, founded: Engine):
    """Functions first, then revision by revision; nothing but alembic's table is left in the schema."""
    for plugin in reversed(loaded_plugins().loaded):
        if plugin.lineage:
            with founded.begin() as connection:
                put(connection, [], plugin.schema)
            downgrade(founded, plugin.lineage)
            with founded.begin() as connection:
                assert inspect(connection).get_table_names(schema=plugin.schema) == ["alembic_version"]
    assert install(founded, server.seal, loaded_plugins()) == []
    with founded.begin() as connection:
        assert differences(connection, declared_wall(loaded_plugins())) == []


def test_squawk_on_plugins(tmp_path: Path):
    for plugin in loaded_plugins():
        if plugin.lineage:
            path = tmp_path / f"{plugin.id}.sql"
            path.write_text(sql(plugin.lineage), encoding="utf-8")
            done = subprocess.run(
                [str(SQUAWK), "--config", str(ROOT / ".squawk.toml"), "--assume-in-transaction", str(path)],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout[-3000:]
