"""The jobs of the account that asks, at the acting tenant."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, DateTime, String, column, select, table

from wuji.kit.http.columns import Asker, Column, List, Rows
from wuji.work.models import STATES, Job

FILE = table(
    "file",
    column("id"),
    column("name", String),
    column("size", BigInteger),
    column("expires_at", DateTime(timezone=True)),
    schema="wuji",
)


def _own(asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    """Row security shows officials the jobs of their range too; here everybody has only their own."""
    return (
        select()
        .select_from(Job)
        .outerjoin(FILE, FILE.c.id == Job.file_id)
        .where(Job.account_id == asker.account_id, Job.tenant_id == asker.tenant_id)
    )


JOBS = List(
    name="work.jobs",
    permission="account",
    columns=(
        Column("id", Job.id),
        Column("kind", Job.kind, filtered=True),
        Column("state", Job.state, filtered=True, choices=STATES),
        Column("progress", Job.progress),
        Column("fault", Job.fault, nullable=True),
        Column("created_at", Job.created_at, sortable=True),
        Column("finished_at", Job.finished_at, nullable=True),
        Column("file_name", FILE.c.name, nullable=True),
        Column("file_size", FILE.c.size, nullable=True),
        Column("file_expires_at", FILE.c.expires_at, nullable=True),
    ),
    key=Job.id,
    source=_own,
    sort="-created_at",
)
