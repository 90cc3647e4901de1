"""A tree and people of a test's own. The stage's login builds them; nothing under test goes through it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain, count
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from wuji.kit.db.doors import Door, by_public, by_session
from wuji.kit.db.model import Model
from wuji.testing.plugins import installed_plugins
from wuji.testing.servers import STAGE, Server
from wuji.testing.transaction import Transaction

# name, parent, level: two roots, one of them with a child that skips levels
TREE = (
    ("city", None, 1),
    ("district", "city", 2),
    ("street", "district", 3),
    ("village", "street", 4),
    ("sibling", "street", 4),
    ("grid", "village", 5),
    ("niece", "sibling", 5),
    ("other", None, 1),
    ("foreign", "other", 4),
)
# name, tenant, built-in role
PEOPLE = (
    *((f"official@{name}", name, "head") for name, _, _ in TREE),
    ("clerk", "village", "clerk"),
    ("member", "village", "member"),
    ("resident", "village", "resident"),
    ("neighbour", "sibling", "resident"),
    ("operator", None, "operator"),
)
DIGITS = (0, 4, 6, 9, 12, 15)  # of a division code, by level
# Of roots, for whoever makes one: a code of its own invention may be taken. From below that of the example pack.
CODES = map("{:04}".format, count(9900, -1))
ANONYMOUS = "anonymous"
FAR = date(2099, 12, 31)


class World:
    """city > district > street > village > grid and street > sibling > niece; other > foreign. Each has an official (head).

    Beside them: resident, member and clerk of the village, neighbour (resident of sibling), operator, and four who hold
    nothing live: stranger, suspended (account), expired and revoked (head of the village). `anonymous` has no account.
    """

    def __init__(self, server: Server, database: str | None = None) -> None:
        self.server, self.database = server, database or server.shared
        self.stage = server.connect(STAGE, self.database)
        self._idle: defaultdict[str, list[psycopg.Connection]] = defaultdict(list)
        self.mark = ""
        self.tenant: dict[str, int] = {}
        self.code: dict[str, str] = {}
        self.account: dict[str, UUID] = {}
        self.cookie: dict[str, str] = {}
        self.parent: dict[str, str | None] = {}
        self.ids: dict[tuple[str, str, str], str] = {}  # of the isolation matrix: (parameter, who, which)
        self.role = dict(self.run("select name, id from wuji.role where tenant_id is null").fetchall())
        self.system: UUID = self.one("select id from wuji.account where type = 'system'")
        for name, parent, level in TREE:
            self.grow(name, parent, level)
        for name, parent, _level in TREE:
            if parent is None:
                for plugin in installed_plugins():
                    self.rule(name, plugin.id, allows=[one.id for one in plugin.manifest.sensitive])
        for who, tenant, role in PEOPLE:
            self.person(who, (tenant, role))
        self._people_without_rights()

    def _people_without_rights(self) -> None:
        past = datetime.now(UTC) - timedelta(seconds=1)
        self.person("stranger")
        self.person("suspended", ("village", "head"))
        self.run("update wuji.account set state = 'suspended' where id = %s", self.account["suspended"])
        self.person("expired")
        self.grant("expired", "village", "head", expires_at=past)
        self.person("revoked")
        self.grant("revoked", "village", "head", revoked_at=past)

    def close(self) -> None:
        for connection in (self.stage, *chain.from_iterable(self._idle.values())):
            connection.close()

    # what the stage does

    def run(self, statement: str, *values: object) -> psycopg.Cursor[Any]:
        return self.stage.execute(statement.encode(), values or None)

    def one(self, statement: str, *values: object) -> Any:
        row = self.run(statement, *values).fetchone()
        return row[0] if row else None

    def insert(self, table: str, columns: Mapping[str, object], once: tuple[str, ...] = ()) -> Any:
        """A row of `schema.table`; returns its key, a tuple where it has several columns.

        `once`: columns of which one row may exist; that row then takes the values.
        """
        key = [column.name for column in Model.metadata.tables[table].primary_key]
        names = list(map(sql.Identifier, columns))
        conflict = sql.SQL("on conflict ({}) do update set ({}) = row({})").format(
            sql.SQL(", ").join(map(sql.Identifier, once)),
            sql.SQL(", ").join(names),
            sql.SQL(", ").join(sql.SQL("excluded.{}").format(name) for name in names),
        )
        statement = sql.SQL("insert into {} ({}) values ({}) {} returning {}").format(
            sql.Identifier(*table.split(".")),
            sql.SQL(", ").join(names),
            sql.SQL(", ").join([sql.Placeholder()] * len(names)),
            conflict if once else sql.SQL(""),
            sql.SQL(", ").join(map(sql.Identifier, key)),
        )
        row = self.stage.execute(statement, adapted(columns)).fetchone()
        return row[0] if row and len(key) == 1 else row

    def grow(self, name: str, parent: str | None, level: int) -> int:
        """A territory; its code is the division code that its place asks for."""
        if parent is None:
            code = next(CODES).ljust(DIGITS[level], "0")
        else:
            start = self.code[parent].ljust(DIGITS[level - 1], "0")
            code = start + str(len(self.tenant)).rjust(DIGITS[level] - len(start), "0")
        self.mark = self.mark or code
        self.code[name], self.parent[name] = code, parent
        self.tenant[name] = self.one(
            "select wuji.tenant_make(%s, %s, %s, %s, %s, 'territory')",
            *(parent and self.tenant[parent], name, name, code, level),
        )
        return self.tenant[name]

    def person(self, who: str, *grants: tuple[str | None, str]) -> UUID:
        """An account with a live session, holding built-in roles at tenants (None: the deployment)."""
        self.cookie[who] = token_urlsafe(32)
        self.account[who] = self.one(
            "with a as (insert into wuji.account(login, name) values (%s, %s) returning id), s as ("
            "insert into wuji.account_session(token_hash, account_id, idle_at, ends_at) "
            "select %s, id, now() + interval '1 h', now() + interval '1 h' from a) select id from a",
            *(f"{who}-{self.mark}", who, self.proof(who)),
        )
        for tenant, role in grants:
            self.grant(who, tenant, role)
        return self.account[who]

    def grant(self, who: str, tenant: str | None, role: str, **columns: object) -> UUID:
        """A built-in role at a tenant, given by the account `system` unless `given_by` says otherwise."""
        given = {
            "account_id": self.account[who],
            "account_name": who,
            "role_id": self.role[role],
            "given_by": self.system,
        }
        key: UUID = self.insert("wuji.role_grant", {"tenant_id": tenant and self.tenant[tenant], **given, **columns})
        return key

    def rule(
        self,
        tenant: str,
        *plugins: str,
        rule: str = "offer",
        on: bool | None = True,
        by: str = "",
        allows: Sequence[str] = (),
        until: date | None = None,
    ) -> None:
        """What a tenant, or `by` above it, says about plugins there. A world begins with all of them on at its roots, with
        every sensitive feature that they declare.
        """
        for plugin in plugins:
            said: dict[str, object] = {"plugin_id": plugin, "rule": rule, "until": until}
            said["is_on"] = on if rule == "offer" else None
            if allows:
                said |= {"allows": list(allows), "reason": "a test", "until": until or FAR}
            place = {"tenant_id": self.tenant[tenant], "by_tenant_id": self.tenant[by or tenant]}
            self.insert("wuji.plugin_rule", {**place, **said}, ("tenant_id", "plugin_id", "by_tenant_id"))
        self.run("update wuji.plugin_epoch set n = n + 1")

    # what the people do

    def door(self, who: str, at: str | None) -> Door:
        """For the product's own session; at None: without an acting tenant."""
        code = at and self.code[at]
        return by_public(code) if who == ANONYMOUS else by_session(self.cookie[who], code)

    def proof(self, who: str) -> bytes:
        """What enter_session asks for."""
        return hashlib.sha256(self.cookie[who].encode()).digest()

    def enter(self, who: str | None = None, at: str | None = None, login: str = "wuji_app") -> Transaction:
        """A transaction that has gone through a door; who None: through none."""
        connection = (
            idle.pop() if (idle := self._idle[login]) else self.server.connect(login, self.database, autocommit=False)
        )
        transaction = Transaction(connection, self._idle[login].append)
        code = at and self.code[at]
        if who == ANONYMOUS:
            transaction.actor = transaction.row("select * from wuji.enter_public(%s)", code)
        elif who:
            transaction.actor = transaction.row("select * from wuji.enter_session(%s, %s)", self.proof(who), code)
        return transaction

    def token(self, tenant: str, audience_class: int) -> int:
        """The audience token "holds that class somewhere in that tenant"."""
        return self.tenant[tenant] * 8 + audience_class

    # where things lie

    def path(self, tenant: str) -> list[str]:
        """The tenant and everything above it, root first."""
        above = self.parent[tenant]
        return [*self.path(above), tenant] if above else [tenant]

    def below(self, tenant: str) -> Iterator[str]:
        """The tenant and everything below it."""
        return (name for name in self.tenant if tenant in self.path(name))


def adapted(columns: Mapping[str, object]) -> list[object]:
    """Values as psycopg takes them: a dict is JSON."""
    return [Jsonb(value) if isinstance(value, dict) else value for value in columns.values()]
