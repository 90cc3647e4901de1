"""Jobs and schedules: the row is the truth, whoever runs it."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Made, MaybeOwned, Model, Trace, Wall, Words

STATES = ("waiting", "running", "done", "failed")
CANCELLED = "cancelled"  # the fault of a job that failed because somebody wanted it no more
OPEN = text("state in ('waiting', 'running')")


class Job(MaybeOwned, Model):
    """Work asked for by an account at a tenant. Its lease secret travels to whoever runs it; the row keeps the hash.

    Without `due_at` it is done by whoever made it, inline or at the command line, and by no worker. `run_until` is how long
    this attempt may last at most, however often its lease is prolonged. Of one `lane` one job runs at a time, oldest first.
    One with a `key` is made once. What is not to be kept goes when it is done.
    """

    __tablename__ = "job"
    __wall__ = Wall(
        kind="tenant",
        own="account_id",
        nullable=True,
        versioned=False,
        write="select",
        definer="select insert update delete",
        system="select",
    )
    __rules__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("progress between 0 and 100", name="progress"),
        Index(None, "account_id", "created_at", "id"),
        Index("ix_job_open", "created_at", postgresql_where=OPEN),
        Index("ix_job_due", "due_at", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_job_lane", "lane", "id", postgresql_where=OPEN),
        Index("uq_job_key", "account_id", "key", unique=True, postgresql_where=text("key is not null")),
        Index(None, "file_id"),
    )

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    kind: Mapped[Words]
    args: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    state: Mapped[Words] = mapped_column(server_default="waiting")
    progress: Mapped[int] = mapped_column(server_default="0")
    attempts: Mapped[int] = mapped_column(server_default="0")
    fault: Mapped[Words | None]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.file.id", ondelete="SET NULL"))
    lease_hash: Mapped[bytes | None]
    lease_until: Mapped[At | None]
    created_at: Mapped[Made]
    finished_at: Mapped[At | None]
    due_at: Mapped[At | None]
    lane: Mapped[Words | None]
    key: Mapped[Words | None]
    most_attempts: Mapped[int] = mapped_column(server_default="5")
    begun_at: Mapped[At | None]
    run_until: Mapped[At | None]
    cancel_asked: Mapped[bool] = mapped_column(server_default="false")
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    keep: Mapped[bool] = mapped_column(server_default="true")
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    trace: Mapped[Trace]
    deaths: Mapped[int] = mapped_column(server_default="0")  # attempts that ended with their worker, or the database


class Schedule(Model):
    """A job that the clock makes, at each active root in its own time zone, or once for the deployment. Written by
    installation as core and plugins declare it; paused by the operator.
    """

    __tablename__ = "schedule"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert update delete")
    __rules__ = (CheckConstraint("missed in ('skip', 'once', 'all')", name="missed"),)

    id: Mapped[Words] = mapped_column(primary_key=True)
    owner: Mapped[Words]
    cron: Mapped[Words]
    task: Mapped[Words]
    args: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    missed: Mapped[Words]
    per_root: Mapped[bool] = mapped_column(server_default="true")
    paused: Mapped[bool] = mapped_column(server_default="false")


class ScheduleRun(Model):
    """One time of a schedule at one root, taken by whichever relay was first; without a job where it was skipped, or where it
    only says since when the root is looked after.
    """

    __tablename__ = "schedule_run"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert delete")
    __rules__ = (
        Index("uq_schedule_run", "schedule_id", text("coalesce(tenant_id, 0)"), "due_at", unique=True),
        Index(None, "tenant_id"),
    )

    id: Mapped[Key]
    schedule_id: Mapped[Words] = mapped_column(ForeignKey("wuji.schedule.id", ondelete="CASCADE"))
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("wuji.tenant.id", ondelete="CASCADE"))
    due_at: Mapped[At]
    job_id: Mapped[UUID | None]
    made_at: Mapped[Made]
