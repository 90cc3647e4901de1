"""Reads the SQL files that hold functions, and puts them into a database: who owns each, who may call it, nothing else.

A file holds plain `create function wuji.name(…)` statements, a plugin's those of its own schema; the comment line
`-- to: wuji_app …` before each names the logins that may call it. Definer functions are created by wuji_definer itself,
so that they never belong to a role that can do more.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

LOGINS = ("wuji_owner", "wuji_app", "wuji_system", "wuji_live", "wuji_definer")
FUNCTION = re.compile(
    r"^-- to:[ ]*(?P<to>[a-z_ ]*)\n"
    r"(?P<sql>create function (?P<schema>\w+)\.(?P<name>\w+)\((?P<args>[^$]*?)\)\s+"
    r"returns (?P<returns>[^\n]*?)\s*(?P<traits>language .*?) as\s*"
    r"\$\$(?P<body>.*?)\$\$);",
    re.MULTILINE | re.DOTALL,
)
# until `found` revokes it: who owns a function must be allowed to
OPEN = "grant create on schema {} to wuji_definer"
HAVE = text(
    "select proname, proowner::regrole::text from pg_proc "
    "where pronamespace = to_regnamespace(:schema) and not (proname = 'new_id' and :schema = 'wuji')"
)
DEPENDED_UPON = text(
    "select p.proname from pg_depend d join pg_proc p on p.oid = d.refobjid where d.refclassid = 'pg_proc'::regclass "
    "and p.pronamespace = to_regnamespace(:schema) and d.classid <> 'pg_proc'::regclass and d.deptype = 'n'"
)
SETTING = re.compile(r"\bset (\w+) = (\w+(?:, \w+)*)")


@dataclass(frozen=True)
class Function:
    """One function of the schema wuji or of a plugin's. Names are unique there: no overloads."""

    name: str
    args: tuple[str, ...]
    to: tuple[str, ...]
    traits: str
    body: str
    sql: str
    schema: str = "wuji"

    @property
    def definer(self) -> bool:
        return "security definer" in self.traits

    @property
    def owner(self) -> str:
        return "wuji_definer" if self.definer else "wuji_owner"

    @property
    def line(self) -> str:
        """What the catalogue of a sound database says of it (see catalogue.py)."""
        volatility = next((word[0] for word in ("immutable", "stable") if word in self.traits), "v")
        settings = ";".join(f"{name}={value}" for name, value in SETTING.findall(self.traits))
        body = hashlib.md5(self.body.encode(), usedforsecurity=False).hexdigest()
        name = self.name if self.schema == "wuji" else f"{self.schema}.{self.name}"
        return (
            f"function {name}({','.join(self.args)}) owner={self.owner} definer={self.definer} {volatility} "
            f"{'s' if 'parallel safe' in self.traits else 'u'} set={settings.removeprefix('search_path=')} "
            f"body={body} to={','.join(sorted(set(self.to) - {self.owner}))}"
        )

    def statements(self) -> Iterator[str]:
        """Creates or replaces it, as wuji_owner, whose membership in wuji_definer needs SET ROLE to count."""
        if self.definer:
            yield "set local role wuji_definer"
        path = "wuji" if self.schema == "wuji" else f"{self.schema}, wuji"
        yield f"set local search_path = {path}, pg_catalog, pg_temp"
        yield self.sql.replace("create function", "create or replace function", 1)
        name = f"{self.schema}.{self.name}"
        yield f"revoke all on function {name} from public, {', '.join(n for n in LOGINS if n != self.owner)}"
        if self.to:
            yield f"grant execute on function {name} to {', '.join(self.to)}"
        if self.definer:
            yield "set local role none"


def read(paths: Sequence[Path], schema: str = "wuji") -> list[Function]:
    """Every function of the files, in order; raises ValueError for one that the form does not cover, that is named
    twice, or that lies in another schema.
    """
    found: list[Function] = []
    for path in paths:
        source = path.read_text(encoding="utf-8")
        rest = [line for line in FUNCTION.sub("", source).splitlines() if line.strip() and not line.startswith("--")]
        if rest:
            raise ValueError(f"{path}: {rest[0]!r} is not of the form '-- to: …', create function wuji.… $$…$$;")
        found += _parse(source)
    twice = {f.name for f in found if sum(g.name == f.name for g in found) > 1}
    if twice:
        raise ValueError(f"functions named twice: {', '.join(sorted(twice))}")
    if outside := [f"{f.schema}.{f.name}" for f in found if f.schema != schema]:
        raise ValueError(f"functions outside schema {schema}: {', '.join(outside)}")
    return found


def _parse(source: str) -> Iterator[Function]:
    for m in FUNCTION.finditer(source):
        to = tuple(m["to"].split())
        if strange := set(to) - set(LOGINS):
            raise ValueError(f"{m['name']}: no such login {', '.join(sorted(strange))}")
        args = tuple(part.split()[0] for part in m["args"].split(",") if part.strip())
        yield Function(m["name"], args, to, m["traits"], m["body"], m["sql"], m["schema"])


def found(functions: Sequence[Function], schema: str = "wuji") -> Iterator[str]:
    """The statements that put functions into a schema that has none of them."""
    yield OPEN.format(schema)
    yield "set local check_function_bodies = off"  # bodies name each other, and tables that come later
    for function in functions:
        yield from function.statements()
    yield "set local search_path = pg_catalog"
    yield f"revoke create on schema {schema} from wuji_definer"


def put(connection: Connection, functions: Sequence[Function], schema: str = "wuji") -> None:
    """Makes the schema hold exactly these functions, and wuji new_id(). Runs as wuji_owner, inside its transaction."""
    frozen = _depended_upon(connection, schema)
    wanted = {f.name: f.owner for f in functions}
    have = connection.execute(HAVE, {"schema": schema})
    for name, owner in have.all():
        if name not in frozen:  # dropped, not replaced: a function whose result type changed cannot be replaced
            run(connection, f"set local role {owner}", f"drop function {schema}.{name} cascade", "set local role none")
        elif name not in wanted:
            raise ValueError(f"function {schema}.{name} is no longer declared, but tables depend on it")
        elif owner != wanted[name]:  # pg_restore cannot hand functions over: they come back as wuji_owner's
            run(connection, OPEN.format(schema), f"alter function {schema}.{name} owner to {wanted[name]}")
    run(connection, *found(functions, schema))


def run(connection: Connection, *statements: str) -> None:
    """Executes statements as they stand: without it the driver would take every % for a parameter."""
    for statement in statements:
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def _depended_upon(connection: Connection, schema: str) -> set[str]:
    """Functions that policies, triggers, checks, defaults or indexes call: replaced in place, never dropped."""
    return set(connection.execute(DEPENDED_UPON, {"schema": schema}).scalars())
