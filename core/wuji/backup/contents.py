"""What a database holds, in a few lines that can be compared: rows and a digest of every table."""

from collections.abc import Mapping

import msgspec
import psycopg
from psycopg.sql import SQL, Identifier

BACKUP = "wuji_backup"
# How values are written depends on these, and a server elsewhere may have others.
WRITTEN = SQL(
    "set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; "
    "set local bytea_output = 'hex'; set local extra_float_digits = 1; set local statement_timeout = 0"
)
TABLES = """
select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and (n.nspname = 'wuji' or n.nspname like 'plugin\\_%') order by 1, 2
"""
# A sum, because rows lie in another order in another database.
DIGEST = SQL("select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from {} t")
FILES = "select distinct encode(sha256, 'hex'), size from wuji.file order by 1"
CHAINS = """
select distinct on (coalesce(tenant_id, 0)) coalesce(tenant_id, 0), seq, encode(hash, 'hex') from wuji.journal_seal
 order by coalesce(tenant_id, 0), seq desc
"""


class Table(msgspec.Struct, frozen=True):
    """Of one table: how many rows, and the sum of their 64-bit hashes."""

    rows: int
    digest: str


class Link(msgspec.Struct, frozen=True):
    """The last link of a chain of the journal; kept elsewhere, it proves that nothing was cut off."""

    root: int
    seq: int
    hash: str


def begin(connection: psycopg.Connection) -> None:
    """One moment of the database, as the role that reads all of it. The connection must not be in autocommit."""
    connection.execute("set transaction isolation level repeatable read, read only")
    connection.execute(SQL("set local role {}").format(Identifier(BACKUP)))
    connection.execute(WRITTEN)


def read_tables(connection: psycopg.Connection) -> Mapping[str, Table]:
    """Every table of the core and of plugins, by qualified name."""
    found: dict[str, Table] = {}
    for schema, name in connection.execute(TABLES).fetchall():
        rows, digest = connection.execute(DIGEST.format(Identifier(schema, name))).fetchall()[0]
        found[f"{schema}.{name}"] = Table(rows, digest)
    return found


def read_files(connection: psycopg.Connection) -> Mapping[str, int]:
    """The files that rows name: bytes by sha256."""
    return dict(connection.execute(FILES).fetchall())


def read_chains(connection: psycopg.Connection) -> list[Link]:
    return [Link(*row) for row in connection.execute(CHAINS).fetchall()]


def list_differences(wanted: Mapping[str, Table], found: Mapping[str, Table]) -> list[str]:
    """What is not the same, a line each."""
    nothing = Table(0, "no such table")
    lines = []
    for name in sorted({*wanted, *found}):
        here, there = wanted.get(name, nothing), found.get(name, nothing)
        if here != there:
            how = f"{here.rows} rows became {there.rows}" if here.rows != there.rows else "its rows have other values"
            lines.append(f"{name}: {how}")
    return lines
