"""The program does not start behind a wall that is open: every reason, shown by breaking a sound database."""

import pytest
from sqlalchemy import text

from wuji.kit.db.startup import WallOpenError, refuse_to_start
from wuji.kit.rowsec.catalogue import differences, digest, present
from wuji.testing import Server, World, factories
from wuji.testing.plugins import loaded_plugins
from wuji.wall import declared_wall

WALL = declared_wall(loaded_plugins())
FILE = "create policy p on wuji.file for select to wuji_app using"
SQL = "returns boolean language sql stable parallel safe as"
LOW = "returns bigint language sql stable parallel safe as 'select 0::bigint'"
BREAKS = {  # what is done to the database: what is said of it
    "create table wuji.loose(id int)": "table wuji.loose kind=?",
    "create table wuji.named(id int); comment on table wuji.named is 'kind=global'": "table wuji.named kind=global",
    "alter table wuji.file no force row level security": "table wuji.file kind=tenant owner=wuji_owner row_security=t",
    "alter table wuji.file disable row level security": "wuji.file shows rows without a scope",
    "alter table wuji.file owner to wuji_dba": "table wuji.file kind=tenant owner=wuji_dba",
    "alter table wuji.file owner to wuji_app": "login wuji_app owns tables",
    "comment on table wuji.file is 'kind=global'": "table wuji.file kind=global",
    f"{FILE} (tenant_id is not null)": "wuji.file shows rows without a scope",
    f"{FILE} (media = 'nothing yet')": "policy wuji.file p permissive",
    "drop policy wuji_app_select on wuji.file": "missing: policy wuji.file wuji_app_select",
    "alter policy wuji_app_update on wuji.file using (media = 'x')": "policy wuji.file wuji_app_update",
    "alter policy wuji_app_select on wuji.file to public": "policy wuji.file wuji_app_select permissive select public",
    f"create or replace function wuji.scope_ok() {SQL} 'select true'": "wuji.role shows rows without a scope",
    f"create or replace function wuji.scope_lo() {LOW}": "function scope_lo",
    f"create or replace function wuji.plan_lo() {LOW}": "function plan_lo",
    "create function wuji.extra() returns int language sql as 'select 1'": "not declared: function extra",
    "alter function wuji.enter_public owner to wuji_owner": "function enter_public(code) owner=wuji_owner",
    "alter function wuji.enter_public security invoker": "function enter_public(code) owner=wuji_definer definer=False",
    "alter function wuji.enter_public reset search_path": "definer=True v u set=plan_cache_mode=",
    "drop function wuji.purge": "missing: function purge",
    "grant select on wuji.account_session to wuji_app": "grant wuji.account_session wuji_app SELECT",
    "grant update (state) on wuji.account to wuji_app": "grant wuji.account(state) wuji_app UPDATE",
    "grant select on wuji.file to public": "grant wuji.file PUBLIC SELECT",
    "revoke select on wuji.file from wuji_app": "missing: grant wuji.file wuji_app",
    "grant execute on function wuji.key_rotate to wuji_app": "to=wuji_app",
    "grant execute on all functions in schema wuji to public": "missing: function account_",
    "grant create on schema wuji to wuji_app": "schema wuji wuji_app CREATE",
    "grant usage on sequence wuji.tenant_id_seq to wuji_app": "grant wuji.tenant_id_seq wuji_app USAGE",
    "create view wuji.v as select * from wuji.file": "table wuji.v kind=?",
    "create materialized view wuji.m as select * from wuji.tenant": "table wuji.m kind=?",
    "drop trigger fill_pos on wuji.file": "missing: trigger wuji.file fill_pos",
    "alter table wuji.file disable trigger fill_pos": "trigger wuji.file fill_pos wuji.fill_pos D",
    "create trigger t after insert on wuji.file for each row execute function wuji.next_version()": "trigger wuji.file t",
    "create rule r as on insert to wuji.job do also delete from wuji.file": "rule wuji.job r",
    "create schema plugin_evil; create table plugin_evil.t(id int)": "table plugin_evil.t kind=?",
}


def said(server: Server, database: str) -> str:
    with pytest.raises(WallOpenError) as refused:
        refuse_to_start(server.engine("wuji_app", database), WALL)
    return str(refused.value)


@pytest.mark.parametrize("statement", BREAKS)
def test_a_broken_database(server: Server, make_database, statement):
    database = make_database()
    app = server.engine("wuji_app", database)
    refuse_to_start(app, WALL)  # the clone itself is sound
    world = World(server, database)
    factories["wuji.file"](world, "village")
    refuse_to_start(app, WALL)
    world.run(statement)
    world.close()
    assert BREAKS[statement] in said(server, database)


ROLES = {  # done and undone: roles are the whole server's
    "grant wuji_definer to wuji_app": ("revoke wuji_definer from wuji_app", "is a member of another role"),
    "grant wuji_owner to wuji_system": ("revoke wuji_owner from wuji_system", "role wuji_system"),
    "alter role wuji_app bypassrls": ("alter role wuji_app nobypassrls", "bypasses row security"),
    "alter role wuji_app superuser": ("alter role wuji_app nosuperuser", "is superuser"),
    "alter role wuji_app createrole": ("alter role wuji_app nocreaterole", "makes roles"),
    "alter role wuji_app replication": ("alter role wuji_app noreplication", "wuji_app"),
    "alter role wuji_app createdb": ("alter role wuji_app nocreatedb", "createdb=t"),
    "alter role wuji_app inherit": ("alter role wuji_app noinherit", "inherit=t"),
    "alter role wuji_definer login": ("alter role wuji_definer nologin", "role wuji_definer"),
    "alter role wuji_definer bypassrls": ("alter role wuji_definer nobypassrls", "role wuji_definer"),
    "alter role wuji_owner superuser": ("alter role wuji_owner nosuperuser", "role wuji_owner"),
    "alter role wuji_app set statement_timeout = 1": (
        "alter role wuji_app reset all",
        "setting wuji_app {statement_timeout=1}",
    ),
    "alter role wuji_definer set search_path = pg_temp": ("alter role wuji_definer reset all", "setting wuji_definer"),
}


@pytest.mark.parametrize("statement", ROLES)
def test_a_broken_role(server: Server, make_database, statement):
    database = make_database()
    undo, words = ROLES[statement]
    with server.connect("wuji_stage", database) as stage:
        stage.execute(statement)
        try:
            assert words in said(server, database)
        finally:
            stage.execute(undo)
    refuse_to_start(server.engine("wuji_app", database), WALL)


DATABASES = {
    "grant temporary on database {} to public": "temporary=t",
    "grant create on database {} to wuji_app": "create=t",
    "alter database {} set search_path = 'public'": "setting any {search_path=public}",
    "grant create on schema public to public": "public_create=t",
}


@pytest.mark.parametrize("statement", DATABASES)
def test_a_broken_database_as_a_whole(server: Server, make_database, statement):
    database = make_database()
    with server.connect("wuji_stage", database) as stage:
        stage.execute(statement.format(database).encode())
    assert DATABASES[statement] in said(server, database)


def test_a_bare_clone_has_none_of_the_grants(server: Server):
    """CREATE DATABASE … TEMPLATE gives PUBLIC back what was taken: create_database takes it again, a bare clone is refused."""
    with server.connect("wuji_dba", "postgres") as dba:
        dba.execute(f"create database bare template {server.template}".encode())
    try:
        assert "temporary=t" in said(server, "bare")
    finally:
        server.drop("bare")


def test_the_wrong_logins(server: Server):
    shared = server.shared
    app, system, owner = (server.url(f"wuji_{name}", shared) for name in ("app", "system", "owner"))
    refuse_to_start(server.engine("wuji_app", shared), WALL, system, owner)
    for others in ((app,), (system, system), (system, app), (owner, "", owner)):
        with pytest.raises(WallOpenError, match="different logins"):
            refuse_to_start(server.engine("wuji_app", shared), WALL, *others)
    for login, words in (("wuji_stage", "is superuser"), ("wuji_owner", "is a member"), ("wuji_dba", "makes roles")):
        with server.connect("wuji_stage", "postgres") as stage:
            stage.execute(f"grant connect on database {shared} to wuji_dba".encode())
        with pytest.raises(WallOpenError, match=words):
            refuse_to_start(server.engine(login, shared), WALL)


def test_the_catalogue_is_what_is_declared(server: Server):
    with server.engine("wuji_app", server.shared).connect() as connection:
        assert differences(connection, WALL) == []
        assert digest(present(connection)) == digest(WALL)
        assert len(WALL) == len(set(WALL)) > 150


def test_what_a_login_may_do_to_itself(server: Server, make_database):
    """Its own defaults and password, nothing that signs: connections pin what counts, start-up refuses the rest."""
    database = make_database()
    with server.connect("wuji_app", database) as app:
        for allowed in ("set statement_timeout = 1", "set search_path = pg_temp"):
            app.execute(f"alter role wuji_app {allowed}".encode())
        with pytest.raises(Exception, match="permission denied to set parameter"):
            app.execute("alter role wuji_app set wuji.sig = 'x'")
        engine = server.engine("wuji_app", database)
        with engine.connect() as connection:
            assert connection.scalar(text("show statement_timeout")) == "30s"
            assert connection.scalar(text("show search_path")) == "pg_catalog"
        assert "setting wuji_app" in said(server, database)
        app.execute("alter role wuji_app reset all")
    refuse_to_start(engine, WALL)
