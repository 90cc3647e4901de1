"""The jobs of the account that asks: at the acting tenant, or wherever it asked for them."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, String, case, column, func, select, table

from wuji.kit.http.columns import Asker, Column, List, Rows
from wuji.work.models import CANCELLED, STATES, Job

# By a function, because row security shows a stored file at its tenant alone, and its job to its owner everywhere.
FILE = func.wuji.job_files().table_valued(
    column("id", Job.id.type),
    column("name", String),
    column("size", BigInteger),
    column("expires_at", DateTime(timezone=True)),
    name="file",
)
TENANT = table("tenant", column("id", Integer), column("name", String), schema="wuji")
CODE = table("tenant_code", column("tenant_id", Integer), column("code", String), column("valid_to"), schema="wuji")
SHOWN = (*STATES, CANCELLED)
STATE = case((Job.fault == CANCELLED, CANCELLED), else_=Job.state)
NEXT = case(((Job.state == "waiting") & (Job.attempts > 0), Job.due_at))


def _jobs(asker: Asker) -> Rows:
    """Row security shows officials the jobs of their range too; here everybody has only their own."""
    return (
        select()
        .select_from(Job)
        .outerjoin(FILE, FILE.c.id == Job.file_id)
        .outerjoin(TENANT, TENANT.c.id == Job.tenant_id)
        .outerjoin(CODE, (CODE.c.tenant_id == Job.tenant_id) & CODE.c.valid_to.is_(None))
        .where(Job.account_id == asker.account_id)
    )


def _at_tenant(asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return _jobs(asker).where(Job.tenant_id == asker.tenant_id)


def _everywhere(asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return _jobs(asker)


COLUMNS = (
    Column("id", Job.id),
    Column("kind", Job.kind, filtered=True, key=lambda kind: f"work.task.{kind}"),
    Column("state", STATE, filtered=True, choices=SHOWN),
    Column("progress", Job.progress),
    Column("fault", Job.fault, nullable=True),
    Column("created_at", Job.created_at, sortable=True),
    Column("finished_at", Job.finished_at, nullable=True),
    Column("file_name", FILE.c.name, nullable=True),
    Column("file_size", FILE.c.size, nullable=True),
    Column("file_expires_at", FILE.c.expires_at, nullable=True),
    Column("cancel_asked", Job.cancel_asked, exported=False),
    Column("attempts", Job.attempts, exported=False),
    Column("next_at", NEXT, nullable=True, exported=False),
    Column("tenant_code", CODE.c.code, nullable=True, exported=False),
    Column("tenant_name", TENANT.c.name, nullable=True, exported=False),
    Column("args", Job.args, exported=False),
    Column("problem", Job.problem, nullable=True, exported=False),
)


def _list(name: str, source: Callable[[Asker, Mapping[str, Any]], Rows], *, exported: bool) -> List:
    return List(
        name=name,
        permission="account",
        columns=COLUMNS,
        key=Job.id,
        source=source,
        sort="-created_at",
        exported=exported,
    )


JOBS = _list("work.jobs", _at_tenant, exported=True)
OWN_JOBS = _list("work.own_jobs", _everywhere, exported=False)

DEAD = func.wuji.jobs_dead().table_valued(
    column("id", Job.id.type),
    column("kind", String),
    column("tenant_code", String),
    column("tenant_name", String),
    column("attempts", Integer),
    column("fault", String),
    column("created_at", DateTime(timezone=True)),
    column("finished_at", DateTime(timezone=True)),
    name="dead",
)
DEAD_LETTERS = List(
    name="work.dead_letters",
    permission="work.health.read",
    columns=(
        Column("id", DEAD.c.id),
        Column("kind", DEAD.c.kind, filtered=True, grouped=True, said=lambda kind: f"work.task.{kind}"),
        Column("tenant_code", DEAD.c.tenant_code, nullable=True, grouped=True, named="tenant_name"),
        Column("tenant_name", DEAD.c.tenant_name, nullable=True),
        Column("attempts", DEAD.c.attempts),
        Column("fault", DEAD.c.fault, nullable=True),
        Column("created_at", DEAD.c.created_at),
        Column("finished_at", DEAD.c.finished_at, sortable=True),
    ),
    key=DEAD.c.id,
    source=lambda _asker, _asked: select().select_from(DEAD),
    sort="-finished_at",
    exported=False,
)
