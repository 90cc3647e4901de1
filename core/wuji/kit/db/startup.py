"""The program does not start behind a wall that is open."""

from collections.abc import Iterable

from sqlalchemy import Connection, Engine, exists, make_url, select, table, text

from wuji.kit.rowsec.catalogue import differences

POWERS = text(
    "select rolname, rolsuper or rolbypassrls or rolcreaterole or rolreplication, "
    "exists(select from pg_auth_members m where m.member = r.oid), "
    "exists(select from pg_class c join pg_namespace n on n.oid = c.relnamespace "
    "where (n.nspname = 'wuji' or n.nspname like 'plugin\\_%') and c.relowner = r.oid) "
    "from pg_roles r where rolname = session_user"
)
WALLED = text(
    "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
    "where (n.nspname = 'wuji' or n.nspname like 'plugin\\_%') and c.relkind in ('r', 'p') "
    "and obj_description(c.oid, 'pg_class') in ('kind=tenant', 'kind=downward', 'kind=account', 'kind=inbox') "
    "and has_table_privilege(c.oid, 'select') order by 1, 2"
)


class WallOpenError(RuntimeError):
    """Says what is open; nothing was served."""


def refuse_to_start(app: Engine, expected: Iterable[str], *other_urls: str) -> None:
    """Run by every process that serves, before its first request. Raises WallOpenError."""
    users = [app.url.username, *(make_url(url).username for url in other_urls if url)]
    if len(set(users)) != len(users):
        raise WallOpenError("app, system and owner must be different logins")
    with app.connect() as connection:
        found = [*powers(connection), *unwalled(connection)]
        if not found:
            found = differences(connection, expected)
    _refuse(found)


def refuse_system(system: Engine, expected: Iterable[str]) -> None:
    """The same for the relay, which holds no other login and reads across tenants by its own policies."""
    with system.connect() as connection:
        _refuse(powers(connection) or differences(connection, expected))


def _refuse(found: list[str]) -> None:
    if found:
        shown = "\n  ".join(found[:20])
        raise WallOpenError(
            f"the wall is not what this release writes ({len(found)} findings; `wuji doctor` explains them):\n  {shown}"
        )


def powers(connection: Connection) -> list[str]:
    """What the login could do past row security."""
    login, powerful, member, owner = connection.execute(POWERS).one()
    said = {
        "is superuser, bypasses row security, or makes roles": powerful,
        "is a member of another role": member,
        "owns tables": owner,
    }
    return [f"login {login} {what}" for what, true in said.items() if true]


def unwalled(connection: Connection) -> list[str]:
    """Tables that show a row without any scope."""
    return [
        f"{schema}.{name} shows rows without a scope"
        for schema, name in connection.execute(WALLED).all()
        if connection.execute(select(exists().select_from(table(name, schema=schema)))).scalar_one()
    ]
