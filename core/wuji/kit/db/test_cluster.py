"""Roles and databases on the wheel's PostgreSQL and, where Debian has one, its own, made by a login that is no superuser."""

import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from wuji.kit.db.cluster import FOLLOWED, LOGINS, create_database, database_exists, follower, grant_database, roles
from wuji.kit.embedded.postgres import DBA, Postgres

SERVERS = [
    pytest.param(None, id="wheel"),
    *(
        pytest.param(path, id=path.parent.name, marks=pytest.mark.debian)
        for path in Path("/usr/lib/postgresql").glob("*/bin")
    ),
]


@pytest.fixture(scope="module", params=SERVERS)
def server(request):
    folder = Path(tempfile.mkdtemp(prefix="wuji-test-", dir="/tmp"))  # TMPDIR may be long or closed
    folder.chmod(0o711)
    found = Postgres(folder / "home", request.param, {"fsync": "off", "log_statement": "all"})
    found.start()
    yield found
    found.stop("immediate")
    shutil.rmtree(folder)


def connect(server, user, database="postgres"):
    return psycopg.connect(server.url(user, database).replace("+psycopg", ""), autocommit=True)


@pytest.fixture
def dba(server):
    with connect(server, DBA) as conn:
        roles(conn, server.passwords(LOGINS))
        yield conn


@pytest.fixture
def database(dba, request):
    name = f"db_{abs(hash(request.node.nodeid))}"
    create_database(dba, name)
    return name


def test_five_roles_none_of_them_mighty(server, dba):
    roles(dba, server.passwords(LOGINS))
    found = dba.execute(
        "select rolname, rolcanlogin, rolinherit, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb "
        "from pg_roles where rolname like 'wuji%' and rolname <> current_user"
    ).fetchall()
    expected = [*((role, True, False, False) for role in LOGINS), *((role, False, False, False) for role in FOLLOWED)]
    assert sorted(found) == sorted(expected)


def test_the_owner_may_become_what_he_hands_over_to_and_nobody_else_may(server, dba):
    assert not dba.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()[0]
    with connect(server, "wuji_owner") as owner:
        for role in FOLLOWED:
            owner.execute(f"set role {role}")
            owner.execute("reset role")
            inherits = "select pg_has_role('wuji_owner', %s, 'usage')"
            assert owner.execute(inherits, [role]).fetchone() == (False,)
    for login in ("wuji_app", "wuji_system"):
        with connect(server, login) as conn:
            for role in (*FOLLOWED, "wuji_owner", DBA, "postgres"):
                with pytest.raises(errors.InsufficientPrivilege):
                    conn.execute(f"set role {role}")


def test_passwords_are_set_anew_and_never_sent_in_clear(server, dba):
    roles(dba, {"wuji_app": "pass'word\\ 密码"})
    with psycopg.connect(server.url("wuji_app", "postgres").replace("+psycopg", ""), password="pass'word\\ 密码"):
        pass
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        connect(server, "wuji_app")
    roles(dba, server.passwords(LOGINS))
    connect(server, "wuji_app").close()
    log = server.data.with_name("log").read_text()
    assert 'alter role "wuji_app" password' in log
    assert "pass'" not in log
    assert not [password for password in server.passwords(LOGINS).values() if password in log]


@pytest.fixture
def missing(dba):
    """Two of the roles are not there."""
    for role in ("wuji_system", "wuji_backup"):
        dba.execute(f"alter role {role} rename to {role}_away")
    yield
    for role in ("wuji_system", "wuji_backup"):
        dba.execute(f"alter role {role}_away rename to {role}")


@pytest.mark.usefixtures("missing")
def test_a_new_login_needs_a_password_and_nothing_is_half_made(server, dba):
    with pytest.raises(ValueError, match="need a password: wuji_system"):
        roles(dba, {"wuji_app": "x"})
    assert dba.execute("select from pg_roles where rolname = 'wuji_backup'").fetchone() is None
    connect(server, "wuji_app").close()


def test_who_may_do_what_with_a_database(server, dba, database):
    assert database_exists(dba, database)
    assert not database_exists(dba, "no_such")
    for login in LOGINS:
        with connect(server, login, database) as conn, pytest.raises(errors.InsufficientPrivilege):
            conn.execute("create temporary table t ()")
    with connect(server, "wuji_owner", database) as owner:
        owner.execute("create schema wuji")
    with connect(server, "wuji_app", database) as conn, pytest.raises(errors.InsufficientPrivilege):
        conn.execute("create schema mine")
    with pytest.raises(errors.DuplicateDatabase):
        create_database(dba, database)


def test_a_copy_has_the_same_walls_as_its_template(server, dba, database):
    with connect(server, "wuji_owner", database) as owner:
        owner.execute("create schema wuji create table kept ()")
    copy = f"{database}_copy"
    create_database(dba, copy, database)
    acl = "select datacl::text[] from pg_database where datname = %s"
    assert sorted(dba.execute(acl, [copy]).fetchone()[0]) == sorted(dba.execute(acl, [database]).fetchone()[0])
    with connect(server, "wuji_app", copy) as conn, pytest.raises(errors.InsufficientPrivilege):
        conn.execute("create temporary table t ()")
    with connect(server, "wuji_owner", copy) as owner:
        owner.execute("table wuji.kept")


def test_grants_that_were_lost_are_set_again(server, dba, database):
    dba.execute(f"grant all on database {database} to public")
    dba.execute(f"revoke connect on database {database} from wuji_app")
    grant_database(dba, database)
    with connect(server, "wuji_app", database) as conn, pytest.raises(errors.InsufficientPrivilege):
        conn.execute("create temporary table t ()")


@pytest.mark.usefixtures("missing")
def test_a_login_that_may_not_make_roles_is_told_so(server):
    with connect(server, "wuji_app") as conn, pytest.raises(errors.InsufficientPrivilege):
        roles(conn, {"wuji_app": "x", "wuji_system": "y"})
    connect(server, "wuji_app").close()


def test_who_may_not_replicate_makes_nobody_who_may(server, dba):
    password = server.passwords(["lesser"])["lesser"]
    dba.execute(f"create role lesser login createrole password '{password}'")
    with connect(server, "lesser") as lesser, pytest.raises(errors.InsufficientPrivilege):
        follower(lesser, "wuji_replication", "x")
    assert dba.execute("select from pg_roles where rolname = 'wuji_replication'").fetchone() is None
    dba.execute("drop role lesser")
