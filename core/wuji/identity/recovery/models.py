"""Recoveries of accounts, as two officials do them together."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Model, Owned, Versioned, Wall, Words

STATES = ("waiting", "done", "withdrawn", "over")


class AccountRecovery(Owned, Versioned, Model):
    """One official has seen who it is and asks; another one agrees, or somebody ends it. It waits for three days."""

    __tablename__ = "account_recovery"
    __wall__ = Wall(kind="tenant", own="account_id", write="select", definer="select insert update")
    __rules__ = (
        CheckConstraint("length(reason) between 1 and 200", name="reason"),
        CheckConstraint("agreed_by <> asked_by", name="two"),
        CheckConstraint("(agreed_by is null) = (agreed_at is null)", name="agreed"),
        CheckConstraint("(ended_by is null) = (ended_at is null)", name="ended"),
        Index(
            "uq_account_recovery_waiting", "account_id", unique=True,
            postgresql_where=text("agreed_at is null and ended_at is null"),
        ),
        Index(None, "asked_by"),
        Index(None, "agreed_by"),
        Index(None, "ended_by"),
        Index(None, "account_id"),
    )  # fmt: skip

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    account_name: Mapped[Words]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    reason: Mapped[Words]
    expires_at: Mapped[At]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    agreed_at: Mapped[At | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    ended_at: Mapped[At | None]
