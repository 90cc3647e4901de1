"""SQL that slipped into somebody's transaction. One oracle for every statement, whoever it slips in with:

no secret and no row of others in rows, errors or notices; nothing of others changed, though the transaction commits;
and afterwards the connection shows what its scope may see, or 42501, and then nothing.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from secrets import token_bytes, token_hex
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import CheckConstraint, String

from wuji.kit.db.model import Model, walls
from wuji.testing import ANONYMOUS, Server, Transaction, World, factories

OFFICIAL = "official@village"
# Columns that say whose a row is, where that is not its tenant_id.
TENANTS = {"wuji.tenant_transfer": ["subject_id", "parent_id"]}
ATTACKERS = ((OFFICIAL, "village"), ("resident", "village"), (ANONYMOUS, "village"), ("operator", None))
OWN = ("own of the village", "own of the grid")
MARK = "CANARY"  # stands in every row of others
HEALTH = "SPARROW"  # in what the operator is shown, and nobody else
OPERATED = {"wuji.consumer", "wuji.poison"}
INSIDE = "HOUSEHOLD"  # stands in rows of the village that only its officials may see
SHORT = {  # for the lists: everything widened, before and while a statement runs; plans that look at every row; a row
    "widen": "set local wuji.lo = '0'; set local wuji.hi = '999999999999999999'",
    "wide": "set_config('wuji.lo', '0', true), set_config('wuji.hi', '999999999999999999', true)",
    "widened": "set_config('wuji.lo', '0', true) || set_config('wuji.hi', '999999999999999999', true)",
    "seq": "set local enable_indexscan = off; set local enable_bitmapscan = off",
    "row": "insert into wuji.file(tenant_id, name, sha256, size, media, owner_kind, owner_id)",
    "row_id": "insert into wuji.file(id, tenant_id, name, sha256, size, media, owner_kind, owner_id)",
}


@dataclass
class Prey:
    """A database of its own with one world, and everything that must not come out of it."""

    world: World
    facts: dict[str, Any]
    secrets: list[str]
    fingerprint: str = ""
    before: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture(scope="session")
def prey(server: Server) -> Iterator[Prey]:
    database = server.make("hostile", server.template)
    world = World(server, database)
    facts = SHORT | world.tenant | _people(world) | _rows(world)
    facts |= {f"{name}_code": code for name, code in world.code.items()}
    for name in ("village", "sibling", "city"):
        facts[f"{name}_lo"], facts[f"{name}_hi"] = world.run(
            "select pos, pos_hi from wuji.tenant where id = %s", world.tenant[name]
        ).fetchone()
    system = server.connect("wuji_system", database)
    facts["system_process"] = system.info.backend_pid
    made = Prey(world, facts, _secrets(world), _fingerprint(world))
    made.before = world.run(made.fingerprint).fetchall()
    world.run("analyze")
    yield made
    system.close()
    world.close()
    server.drop(database)


def _people(world: World) -> dict[str, Any]:
    victim = world.account["official@city"]
    named = [world.account[who] for who in ("resident", OFFICIAL, "operator")]
    inside = [world.tenant["village"], world.tenant["grid"]]
    world.run("update wuji.account set name = %s where type = 'person' and not id = any(%s)", MARK, named)
    world.run("update wuji.role_grant set account_name = %s where not tenant_id = any(%s)", MARK, inside)
    world.run("update wuji.role_grant set account_name = %s where tenant_id = any(%s)", INSIDE, inside)
    world.run("update wuji.role_grant set account_name = 'me' where account_id = any(%s)", named)
    world.run(
        "insert into wuji.credential(account_id, kind, secret) select id, 'password', %s || id from wuji.account",
        f"{MARK}$argon2id",
    )
    for who in ("official@city", "resident"):
        world.run(
            "insert into wuji.one_time_link(token_hash, account_id, purpose, made_by, expires_at) "
            "values (%s, %s, 'lost_password', %s, 'infinity')",
            hashlib.sha256(world.proof(who)).digest(),
            world.account[who],
            world.system,
        )
    world.run("insert into wuji.login_attempt(key, failures, until) values (%s, 3, 'infinity')", MARK.encode())
    return {
        "victim": victim,
        "victim_login": f"official@city-{world.mark}",
        "resident_id": world.account["resident"],
        "me": world.account[OFFICIAL],
        "my_login": f"{OFFICIAL}-{world.mark}",
        "system": world.system,
        **{name: number for name, number in world.role.items() if name in ("head", "clerk", "operator")},
        "sibling_official": world.token("sibling", 3),
        "victim_grant": world.one("select id from wuji.role_grant where account_id = %s", victim),
        "victim_session": world.one("select id from wuji.account_session where account_id = %s", victim),
    }


def _rows(world: World) -> dict[str, Any]:
    """A row of every walled table at every tenant, marked wherever it has room for text."""
    keys: dict[str, Any] = {}
    for table, factory in factories.items():
        wall = walls()[table]
        if wall.own == "id" or table == "wuji.role_grant":
            continue
        for name in world.tenant:
            # of a transfer both ends are told, so the village of one between it and the street
            ours = {"village", "grid", *({world.parent["village"]} if table in TENANTS else ())}
            mark = INSIDE if name in ours else MARK
            if wall.kind == "downward" and name in world.path("village"):
                mark = "shown below"
            if table in OPERATED:
                mark = HEALTH
            owner = {wall.own: world.account["official@city"]} if wall.own else {}
            texts = {column: f"{mark}{token_hex(8)}" for column in _free(table, factory.columns(world, name))}
            key = factory(world, name, **texts | owner)
            keys[f"{table.removeprefix('wuji.')}_{name}"] = key[-1] if isinstance(key, tuple) else key
    for name, place in zip(OWN, ("village", "grid"), strict=True):
        factories["wuji.file"](world, place, name=name)
    world.run(
        "update wuji.job set state = 'running', lease_hash = %s, lease_until = 'infinity' where tenant_id = %s",
        token_bytes(32),
        world.tenant["city"],
    )
    return keys


def _free(table: str, columns: dict[str, object]) -> Iterator[str]:
    """Columns that take any text."""
    checks = [str(c.sqltext) for c in Model.metadata.tables[table].constraints if isinstance(c, CheckConstraint)]
    for name, value in columns.items():
        column = Model.metadata.tables[table].c[name]
        is_text = isinstance(value, str) and isinstance(column.type, String)
        if is_text and not column.foreign_keys and not any(name in check for check in checks):
            yield name


def _secrets(world: World) -> list[str]:
    """Hashes, keys, passwords, in the forms that PostgreSQL and drivers print them."""
    columns = (
        "token_hash from wuji.account_session",
        "token_hash from wuji.one_time_link",
        "inner_pad from wuji.signing_key",
        "outer_pad from wuji.signing_key",
        "lease_hash from wuji.job where lease_hash is not null",
        f"token_hash from wuji.application where tenant_id <> {world.tenant['village']} and tenant_id <> {world.tenant['grid']}",
        f"token_hash from wuji.invitation where tenant_id <> {world.tenant['village']} and tenant_id <> {world.tenant['grid']}",
    )
    raw = [row[0] for column in columns for row in world.run(f"select {column}")]
    passwords = world.server.postgres.passwords(("wuji_app", "wuji_system", "wuji_owner", "wuji_dba"))
    return [
        *(value.hex() for value in raw),
        *(str(value)[2:-1] for value in raw),
        world.server.seal.key.hex(),
        *passwords.values(),
    ]


def _fingerprint(world: World) -> str:
    """One statement: a digest per table of every row that is not the attacker's to change."""
    lo, hi = world.run("select pos, pos_hi from wuji.tenant where id = %s", world.tenant["village"]).fetchone()
    inside = f"(select id from wuji.tenant where pos between {lo} and {hi})"
    mine = ", ".join(f"'{world.account[who]}'" for who, _ in ATTACKERS if who in world.account)
    parts = []
    for table, wall in walls().items():
        named = ["tenant_id"] if wall.key or table.startswith("wuji.tenant_") else []
        ours = [f"x.{name} in {inside}" for name in TENANTS.get(table, named)]
        if table == "wuji.tenant":
            ours = [f"x.id in {inside}"]
        if wall.own:
            ours.append(f"x.{wall.own} in ({mine}){' and x.tenant_id is null' if wall.key else ''}")
        keep = f"where not ({' or '.join(f'({part}) is true' for part in ours)})" if ours else ""
        parts.append(
            f"select '{table}', md5(coalesce(string_agg(x::text, '|' order by x::text), '')) from {table} x {keep}"
        )
    return " union all ".join(parts) + " order by 1"


class Seen:
    """Everything that a client gets to see: rows, errors with all their fields, notices, notifications."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.state = "ok"

    def run(self, connection: psycopg.Connection, statement: str) -> None:
        """Statement by statement, until one fails."""
        connection.add_notice_handler(self.notice)
        try:
            for part in [statement] if statement.startswith("do ") else statement.split("; "):
                self._one(connection, part)
        except psycopg.Error as error:
            self.notice(error.diag)
            self.lines.append(f"{error} {error.diag.internal_query}")
            self.state = error.sqlstate or "lost"
        finally:
            connection.remove_notice_handler(self.notice)

    def notice(self, said: Any) -> None:
        self.lines += [f"{said.message_primary} {said.message_detail} {said.message_hint} {said.context}"]

    def _one(self, connection: psycopg.Connection, part: str) -> None:
        if part == "autocommit":  # for what no transaction may hold
            connection.commit()
            connection.autocommit = True
            return
        if re.match(r"copy .* (stdout|stdin)", part):
            with connection.cursor().copy(part.encode()) as data:
                if part.endswith("stdin"):
                    data.write(b"1\t2\n")
                else:
                    self.lines += [bytes(block).decode() for block in data]
            return
        cursor = connection.execute(part.encode())
        self.lines += [str(row) for row in cursor.fetchall()] if cursor.description else []

    def __str__(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def attack(prey: Prey) -> Callable[..., None]:
    """Runs a statement with everybody it may slip in with; `want`: how it ends for the official, "" = as it likes."""

    def run(statement: str, want: str = "") -> None:
        said = statement.format(**prey.facts)
        for who, at in ATTACKERS:
            with prey.world.enter(who, at) as tx:
                seen = Seen()
                seen.run(tx.connection, said)
                _judge(prey, who, said, str(seen))
                if who == OFFICIAL and want:
                    assert seen.state == want, (said, str(seen)[:300])
                _afterwards(prey, who, tx)
        _unchanged(prey, said)

    return run


def _judge(prey: Prey, who: str, said: str, seen: str) -> None:
    marks = [MARK] if who == OFFICIAL else [MARK, INSIDE]
    marks += [] if who == "operator" else [HEALTH]
    for secret in (*marks, *prey.secrets):
        assert secret in said or secret not in seen, (who, said, seen[:500])
    if MARK in said:  # typed by the attacker; an error may repeat it, and must not add to it
        assert not re.search(rf"{MARK}[0-9a-f$]", seen.replace(said, "")), (who, said, seen[:500])


def _afterwards(prey: Prey, who: str, tx: Transaction) -> None:
    look = "select name from wuji.file"
    if tx.connection.info.transaction_status == TransactionStatus.INERROR:
        tx.rollback()
    seen = Seen()
    if not tx.connection.closed:
        seen.run(tx.connection, look)
        _judge(prey, who, look, str(seen))
        assert seen.state in ("ok", "42501"), str(seen)
        if who == "operator" or seen.state != "ok":  # what is an operator's right changes others: looked at, not kept
            tx.rollback()
        else:
            tx.commit()
        assert tx.refused(look) == "42501" or tx.all(look) == []


def _unchanged(prey: Prey, said: str) -> None:
    changed = prey.world.run(prey.fingerprint).fetchall()
    assert changed == prey.before, (said, [table for table, digest in changed if (table, digest) not in prey.before])
    kept = prey.world.one("select count(*) from wuji.file where name = any(%s)", list(OWN))
    if kept != len(OWN):  # it was the official's own to lose
        prey.world.run("delete from wuji.file where name = any(%s)", list(OWN))
        for name, place in zip(OWN, ("village", "grid"), strict=True):
            factories["wuji.file"](prey.world, place, name=name)
