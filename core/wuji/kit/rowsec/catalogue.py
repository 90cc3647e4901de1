"""What the wall of a database consists of, one line each, beside what the declarations say it should be.

Both lists are built the same way on PostgreSQL 15 to 18, so that a difference can be shown in words (`wuji doctor`)
and any difference
at all keeps the program from starting.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import Connection, text

from wuji.kit.rowsec.functions import Function
from wuji.kit.rowsec.v1 import Wall, column_grants, grants, policies, triggers

PRESENT = Path(__file__).with_name("catalogue.sql").read_text(encoding="utf-8")

MARK = "installed plugin"  # comment of the schemas that an installation of a plugin has made
MARKED = text("select nspname from pg_namespace where obj_description(oid, 'pg_namespace') = :mark")
ROLES = {
    "wuji_owner": "wuji_backup,wuji_definer",
    "wuji_app": "",
    "wuji_system": "",
    "wuji_live": "",
    "wuji_definer": "",
    "wuji_backup": "",
}
# A line that speaks of a plugin's schema. One that no declaration speaks of is of a plugin that is not served.
PLUGIN = re.compile(r"(?:table|policy|trigger|rule|grant|schema|function) (plugin_\w+)")
LOGIN = {"wuji_owner", "wuji_app", "wuji_system", "wuji_live"}


def present(connection: Connection) -> list[str]:
    """The lines of a database, sorted. Any login may ask."""
    connection.execute(text("set local search_path = pg_catalog"))  # names come out qualified
    return sorted(connection.exec_driver_sql(PRESENT, execution_options={"no_parameters": True}).scalars())


def declared(tables: Mapping[str, Wall], functions: Iterable[Function], sequences: Mapping[str, str]) -> list[str]:
    """The lines that the declarations ask for: qualified table name to wall, functions, sequence to the roles that may
    use it.
    """
    lines = [line for name, wall in tables.items() for line in _table_lines(name, wall)]
    lines += [function.line for function in functions]
    lines.append(
        "function new_id() owner=wuji_owner definer=False v s set= body=any to=wuji_app,wuji_definer,wuji_system"
    )
    lines += [f"grant {name} {role} USAGE" for name, roles in sequences.items() for role in roles.split()]
    lines += [f"grant {name} wuji_backup SELECT" for name in sequences]
    for schema in {name.split(".")[0] for name in tables}:
        lines += [
            f"schema {schema} {role} USAGE" for role in ("wuji_app", "wuji_backup", "wuji_definer", "wuji_system")
        ]
        lines.append(f"grant {schema}.alembic_version wuji_backup SELECT")
    lines.append("schema wuji wuji_live USAGE")  # to call functions; it is granted no table
    for role, of in ROLES.items():
        powers = "super=f bypass=f createrole=f createdb=f replication=f"
        lines.append(f"role {role} {powers} login={'t' if role in LOGIN else 'f'} inherit=f in={of}")
    lines.append("database temporary=f create=f public_create=f")
    return sorted(lines)


def _table_lines(name: str, wall: Wall) -> Iterator[str]:
    yield f"table {name} kind={wall.kind} owner=wuji_owner row_security=t"
    for p in policies(wall):
        yield f"policy {name} {p.name} permissive {p.command} {p.role} using={p.using or ''} check={p.check or ''}"
    for trigger, function in triggers(wall).items():
        yield f"trigger {name} {trigger} {function} O"
    for role, privileges in grants(wall).items():
        yield f"grant {name} {role} {','.join(sorted(privileges))}"
    for column in column_grants(wall):
        yield f"grant {name}({column}) wuji_app UPDATE"


def digest(lines: Iterable[str]) -> str:
    """One figure for a whole wall: equal for a migrated and a fresh database, before and after a restore."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def differences(connection: Connection, expected: Iterable[str]) -> list[str]:
    """Each line that is missing or that nobody declared; empty where the wall is sound.

    Schemas of plugins that were installed and are not served are left out: whoever is not there cannot say what they should
    look like. A schema of a plugin that nobody installed is a finding.
    """
    want = set(expected)
    served = {found[1] for line in want if (found := PLUGIN.match(line))}
    absent = set(connection.execute(MARKED, {"mark": MARK}).scalars()) - served
    have = {line for line in present(connection) if not (found := PLUGIN.match(line)) or found[1] not in absent}
    return [f"missing: {line}" for line in sorted(want - have)] + [
        f"not declared: {line}" for line in sorted(have - want)
    ]
