"""The journal as lists: of a tenant and everything below it, of the deployment, of the person who asks."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Integer, String, Uuid, and_, case, column, func, select, table

from wuji.journal.models import JournalRecord
from wuji.journal.permissions import CONSUMERS_READ
from wuji.kit.http.columns import Asker, Column, List, Rows
from wuji.plugin.running import title_key

# Tables of upper layers, by name alone; row security says which of their rows the reader sees.
TENANT = table("tenant", column("id"), column("name", String), schema="wuji")
CODE = table("tenant_code", column("tenant_id"), column("code", String), column("valid_to"), schema="wuji")
GRANT = table(
    "role_grant", column("account_id"), column("account_name", String), column("given_at"), column("id"), schema="wuji"
)
# People are named by the grants they hold or held within the reader's range, so nobody learns of anybody outside it.
ACCOUNT_NAME: ColumnElement[str] = (
    select(GRANT.c.account_name)
    .where(GRANT.c.account_id == JournalRecord.account_id)
    .order_by(GRANT.c.given_at.desc(), GRANT.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
# Whoever sits at the server's command line acts as the account `system`, and the reason says which user of the machine it was.
AT_KEYBOARD = "cli:"
AUTHORS = ("person", "visitor", "command_line", "system")
BY_SYSTEM = JournalRecord.account_id == select(func.wuji.account_system()).scalar_subquery()
BY_COMMAND = and_(BY_SYSTEM, JournalRecord.reason.startswith(AT_KEYBOARD))
AUTHOR: ColumnElement[str] = case(
    (JournalRecord.account_id.is_(None), "visitor"),
    (BY_COMMAND, "command_line"),
    (BY_SYSTEM, "system"),
    else_="person",
)
ACCOUNT: ColumnElement[str] = case(
    (BY_COMMAND, func.substr(JournalRecord.reason, len(AT_KEYBOARD) + 1)), else_=ACCOUNT_NAME
)
REASON: ColumnElement[str] = case((BY_COMMAND, ""), else_=JournalRecord.reason)
COLUMNS = (
    Column("id", JournalRecord.id),
    Column("at", JournalRecord.at, sortable=True),
    Column("verb", JournalRecord.verb, filtered=True, grouped=True, key=lambda verb: verb.replace(".", ".verb.", 1)),
    Column("kind", JournalRecord.kind, filtered=True, grouped=True, key=lambda kind: f"journal.kind.{kind}"),
    Column("subject_id", JournalRecord.subject_id, nullable=True),
    Column("author", AUTHOR, choices=AUTHORS, key=lambda author: f"journal.author.{author}"),
    Column("account", ACCOUNT, nullable=True),
    Column("tenant_code", CODE.c.code, nullable=True, grouped=True, named="tenant_name"),
    Column("tenant_name", TENANT.c.name, nullable=True),
    Column("fields", JournalRecord.fields, key=lambda field: f"journal.field.{field}"),
    Column("reason", REASON),
)


def _rows() -> Rows:
    return (
        select()
        .select_from(JournalRecord)
        .outerjoin(TENANT, TENANT.c.id == JournalRecord.tenant_id)
        .outerjoin(CODE, and_(CODE.c.tenant_id == JournalRecord.tenant_id, CODE.c.valid_to.is_(None)))
    )


def _of_tenant(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    """Row security would add what the reader did elsewhere; the range is also what the planner needs to see."""
    return _rows().where(JournalRecord.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))


def _of_deployment(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return _rows().where(JournalRecord.tenant_id.is_(None))


def _own(asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return _rows().where(JournalRecord.account_id == asker.account_id)


def _list(name: str, permission: str, source: Any, *, exported: bool = True, outside: bool = False) -> List:
    return List(
        name=name,
        permission=permission,
        columns=COLUMNS,
        key=JournalRecord.id,
        source=source,
        sort="-at",
        since=JournalRecord.at,
        exported=exported,
        outside=outside,
    )


RECORDS = _list("journal.records", "journal.record.read", _of_tenant)
DEPLOYMENT = _list("journal.deployment_records", "journal.record.read", _of_deployment, exported=False, outside=True)
OWN = _list("journal.own_records", "account", _own, outside=True)
SET_ASIDE = func.wuji.poison_list().table_valued(
    column("id", Uuid),
    column("consumer", String),
    column("record_id", Uuid),
    column("verb", String),
    column("kind", String),
    column("recorded_at", DateTime(timezone=True)),
    column("at", DateTime(timezone=True)),
    column("reason", String),
    column("attempts", Integer),
    column("state", String),
    column("tenant_id", Integer),
)


def _set_aside(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    """The function asks for the permission; nobody else sees the table."""
    return (
        select()
        .select_from(SET_ASIDE)
        .outerjoin(CODE, and_(CODE.c.tenant_id == SET_ASIDE.c.tenant_id, CODE.c.valid_to.is_(None)))
    )


POISON = List(
    name="journal.poison",
    permission=CONSUMERS_READ,
    columns=(
        Column("id", SET_ASIDE.c.id),
        Column("consumer", SET_ASIDE.c.consumer, filtered=True, grouped=True, key=title_key),
        Column("record_id", SET_ASIDE.c.record_id),
        Column("verb", SET_ASIDE.c.verb, key=lambda verb: verb.replace(".", ".verb.", 1)),
        Column("kind", SET_ASIDE.c.kind, filtered=True, grouped=True, key=lambda kind: f"journal.kind.{kind}"),
        Column("recorded_at", SET_ASIDE.c.recorded_at, sortable=True),
        Column("at", SET_ASIDE.c.at, sortable=True),
        Column("reason", SET_ASIDE.c.reason),
        Column("attempts", SET_ASIDE.c.attempts),
        Column("state", SET_ASIDE.c.state, choices=("aside", "asked", "telling")),
        Column("tenant_code", CODE.c.code, nullable=True),
    ),
    key=SET_ASIDE.c.id,
    source=_set_aside,
    sort="-at",
    exported=False,
)
