"""Writes a table's wall from its table kind. Frozen: a revision calls the version it was written with, so an old one
never changes its meaning.

Predicates are written exactly as PostgreSQL prints them back, so that what a database holds can be compared with what
is declared
without a second database (see catalogue.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["tenant", "downward", "account", "inbox", "global", "system"]
SCHEMA = Path(__file__).with_name("v1_schema.sql")
FUNCTIONS = Path(__file__).with_name("v1_functions.sql")
APP, DEFINER, SYSTEM, BACKUP = "wuji_app", "wuji_definer", "wuji_system", "wuji_backup"

# The signature is checked once a statement (an InitPlan), and with it that the plan's constants are those of the signed scope.
# The plan_* accessors are folded at planning: estimates are those of literals, and a setting that is changed later moves
# nothing (v1_functions.sql).
OK = (
    "(( SELECT wuji.scope_is(wuji.plan_lo(), wuji.plan_hi(), wuji.plan_tokens(), wuji.plan_anc(), wuji.plan_account(), "
    "wuji.plan_operator()) AS scope_is) IS NOT NULL)"
)
RANGE = "((pos >= wuji.plan_lo()) AND (pos <= wuji.plan_hi()))"
# `is not null` counts the null fraction twice: a bias against walking a sort index for a few shared rows (2.7 s became 1 ms).
TOKENS = "((audience IS NOT NULL) AND (audience && wuji.plan_tokens()))"
OPERATOR = "wuji.plan_operator()"
ABOVE = "(tenant_id = ANY (wuji.plan_anc()))"


@dataclass(frozen=True, kw_only=True)
class Wall:
    """What a table declares beside its columns. The overrides are those that tables.md names, no others."""

    kind: Kind
    audience: bool = False  # has `audience int[]`: who beside the owning subtree may read the row
    own: str = ""  # account column whose owner may read (kind account: may write) the row
    nullable: bool = False  # tenant_id null = the deployment's own row
    write: str = "select insert update delete"  # commands of wuji_app; a table that a door reads is never written by it
    columns: tuple[str, ...] = ()  # columns that wuji_app may update; empty = all
    definer: str = ""  # commands of wuji_definer
    system: str = ""  # commands of wuji_system
    read: str = ""  # replaces the kind's read rule (the directory only)
    key: bool = True  # carries tenant_id, pos
    versioned: bool = True  # carries version, updated_at


# A partition of a walled table. Row security holds where a row is reached, so it is reached through the table alone; a dump reads
# it by itself, and emptying it whole is what partitions are for. The table's trigger is its own too.
PARTITION = Wall(kind="system", write="", definer="truncate", versioned=False)


@dataclass(frozen=True)
class Policy:
    """One policy as pg_policies shows it."""

    role: str
    command: str
    using: str | None
    check: str | None

    @property
    def name(self) -> str:
        return f"{self.role}_{self.command}"


def _any(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"


def predicates(wall: Wall) -> tuple[str, str]:
    """(read, write) of wuji_app; an empty string means: nothing."""
    own = f"({wall.own} = wuji.plan_account())"
    nobody = f"((tenant_id IS NULL) AND {OPERATOR})"
    in_range = f"({OK} AND {RANGE})"
    match wall.kind:
        case "tenant":
            read = [
                RANGE,
                *([TOKENS] if wall.audience else []),
                *([own] if wall.own else []),
                *([nobody] if wall.nullable else []),
            ]
            return f"({OK} AND {_any(read)})", in_range
        case "downward":
            return f"({OK} AND {_any([RANGE, ABOVE, *(['(tenant_id IS NULL)'] if wall.nullable else [])])})", in_range
        case "account":
            return f"({OK} AND {_any([own, *([RANGE] if wall.key else [])])})", f"({OK} AND {own})"
        case "inbox":
            return f"({OK} AND {_any([RANGE, *([nobody] if wall.nullable else [])])})", ""
        case "global":
            return wall.read or "true", f"({OK} AND {OPERATOR})"
        case "system":
            return "", ""


def policies(wall: Wall) -> Iterator[Policy]:
    read, write = predicates(wall)
    for role, commands, may_read, may_write in (
        (APP, wall.write, read, write),
        (DEFINER, wall.definer, "true", "true"),
        (SYSTEM, wall.system, "true", "true"),
        (BACKUP, "select", "true", ""),
    ):
        for command in commands.split():
            using = {"select": may_read, "update": may_write, "delete": may_write}.get(command)
            check = {"insert": may_write, "update": may_write}.get(command)
            if using or check:
                yield Policy(role, command, using or None, check or None)


def grants(wall: Wall) -> dict[str, set[str]]:
    """Role to privileges on the whole table; an update of single columns is granted by column."""
    found: dict[str, set[str]] = {}
    for policy in policies(wall):
        if not (policy.role == APP and policy.command == "update" and wall.columns):
            found.setdefault(policy.role, set()).add(policy.command.upper())
    if "truncate" in wall.definer.split():  # no row is looked at, so no policy speaks of it
        found.setdefault(DEFINER, set()).add("TRUNCATE")
    return found


def column_grants(wall: Wall) -> tuple[str, ...]:
    """Columns that wuji_app may update where it may not update all."""
    return wall.columns if any(p.role == APP and p.command == "update" for p in policies(wall)) else ()


def triggers(wall: Wall) -> dict[str, str]:
    """Trigger name to function."""
    return ({"fill_pos": "wuji.fill_pos"} if wall.key else {}) | (
        {"next_version": "wuji.next_version"} if wall.versioned else {}
    )


def raise_wall(table: str, wall: Wall) -> Iterator[str]:
    """The statements that wall `schema.table`, whose columns, composite key and indexes its revision has made."""
    yield f"comment on table {table} is 'kind={wall.kind}'"
    if wall.key:
        yield (
            f"create trigger fill_pos before insert or update of tenant_id on {table} "
            "for each row execute function wuji.fill_pos()"
        )
    if wall.versioned:
        # not when only pos changes: a moved tenant's rows are the same rows, and nobody's edit may fail because of it
        yield (
            f"create trigger next_version before update on {table} for each row "
            f"when (pg_trigger_depth() = 0) execute function wuji.next_version()"
        )
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"
    for p in policies(wall):
        using, check = (f" using ({p.using})" if p.using else ""), (f" with check ({p.check})" if p.check else "")
        yield f"create policy {p.name} on {table} for {p.command} to {p.role}{using}{check}"
    for role, privileges in grants(wall).items():
        yield f"grant {', '.join(sorted(privileges))} on {table} to {role}"
    if wall.columns:
        yield f"grant update ({', '.join(wall.columns)}) on {table} to {APP}"


def open_schema(schema: str) -> Iterator[str]:
    """Lets the logins into a schema; what they may do there is said table by table."""
    yield f"grant usage on schema {schema} to {APP}, {SYSTEM}, {DEFINER}, {BACKUP}"
