"""Roles and databases of a PostgreSQL server, ours or a managed one, made by a login with CREATEDB and CREATEROLE."""

from collections.abc import Mapping

from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

LOGINS = ("wuji_owner", "wuji_app", "wuji_system", "wuji_live")
FOLLOWED = ("wuji_definer", "wuji_backup")
ENCRYPTION = b"scram-sha-256"
MEMBER_OPTIONS_SINCE = 160000


def roles(conn: Connection, passwords: Mapping[str, str]) -> None:
    """Makes the six roles that are missing and sets the given passwords, all or nothing.

    wuji_owner must be able to become wuji_definer (it hands functions over) and wuji_backup, but never falls under
    their
    policies by itself: NOINHERIT. A new login needs a password; one that stands keeps its own unless another is given.
    """
    with conn.transaction():
        conn.execute("select pg_advisory_xact_lock(hashtext('wuji.roles'))")
        wanted = [*LOGINS, *FOLLOWED]
        standing = {name for (name,) in conn.execute("select rolname from pg_roles where rolname = any(%s)", [wanted])}
        if unset := [role for role in LOGINS if role not in standing and not passwords.get(role)]:
            raise ValueError(f"new logins need a password: {', '.join(unset)}")
        for role in wanted:
            verb = SQL("alter role" if role in standing else "create role")
            kind = SQL("login noinherit" if role in LOGINS else "nologin noinherit")
            conn.execute(SQL("{} {} {}").format(verb, Identifier(role), kind))
        for role, password in passwords.items():
            verifier = conn.pgconn.encrypt_password(password.encode(), role.encode(), ENCRYPTION).decode()
            conn.execute(SQL("alter role {} password {}").format(Identifier(role), Literal(verifier)))
        explicit = conn.info.server_version >= MEMBER_OPTIONS_SINCE
        options = SQL("with inherit false, set true" if explicit else "")
        conn.execute(SQL("grant {} to wuji_owner {}").format(SQL(", ").join(map(Identifier, FOLLOWED)), options))


def database_exists(conn: Connection, name: str) -> bool:
    return conn.execute("select from pg_database where datname = %s", [name]).fetchone() is not None


def create_database(conn: Connection, name: str, template: str | None = None) -> None:
    """Makes a database, empty or as a copy of one that nobody is connected to. The connection must be in autocommit."""
    source = SQL("template {}").format(Identifier(template)) if template else SQL("template template0 encoding 'UTF8'")
    conn.execute(SQL("create database {} {}").format(Identifier(name), source))
    grant_database(conn, name)


def grant_database(conn: Connection, name: str) -> None:
    """Who may do what with a database; a copy has none of its template's grants, so they are set each time.

    TEMPORARY is taken from everybody: temporary tables and functions on a pooled connection would outlive the request
    that planted them.
    """
    database = Identifier(name)
    with conn.transaction():
        conn.execute(SQL("revoke all on database {} from public").format(database))
        conn.execute(
            SQL("grant connect on database {} to {}").format(database, SQL(", ").join(map(Identifier, LOGINS)))
        )
        conn.execute(SQL("grant create on database {} to wuji_owner").format(database))


def follower(conn: Connection, name: str, password: str) -> None:
    """Makes a login that may replicate and nothing else, or sets its password. Raises InsufficientPrivilege where `conn` may not
    replicate itself, and so may not hand that on.
    """
    role = Identifier(name)
    verifier = conn.pgconn.encrypt_password(password.encode(), name.encode(), ENCRYPTION).decode()
    if conn.execute("select from pg_roles where rolname = %s and rolreplication", [name]).fetchone() is None:
        conn.execute(SQL("create role {} login noinherit replication").format(role))
    conn.execute(SQL("alter role {} password {}").format(role, Literal(verifier)))
