"""Jobs: the row is the truth, whoever runs it."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Made, MaybeOwned, Model, Wall, Words

STATES = ("waiting", "running", "done", "failed")


class Job(MaybeOwned, Model):
    """Work asked for by an account at a tenant. Its lease secret travels to whoever runs it; the row keeps the hash."""

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
        Index("ix_job_open", "created_at", postgresql_where=text("state in ('waiting', 'running')")),
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
