"""The spine: one append-only list of what happened, and the hash chain that proves nobody changed it."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import BIGINT
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import Key, Labels, Made, MaybeOwned, Model, Number, Wall, Words, Xid8


class JournalRecord(MaybeOwned, Model):
    """One thing that happened: ids and changed field names, no personal values. Never updated, never deleted."""

    __tablename__ = "journal_record"
    __wall__ = Wall(
        kind="tenant",
        own="account_id",
        nullable=True,
        versioned=False,
        write="select",
        definer="select insert",
        system="select",
    )
    __rules__ = (
        Index(None, "xid", "id"),
        Index(None, "at", "id"),
        Index(None, "account_id", "at", "id"),
        Index(None, "kind", "subject_id"),
    )

    id: Mapped[Key]
    xid: Mapped[int] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))
    root_id: Mapped[int | None]
    account_id: Mapped[UUID | None]
    event_id: Mapped[UUID] = mapped_column(server_default=text("wuji.new_id()"))
    verb: Mapped[Words]
    kind: Mapped[Words]
    subject_id: Mapped[Words | None]
    fields: Mapped[Labels]
    reason: Mapped[Words] = mapped_column(server_default="")
    at: Mapped[Made]


class JournalSeal(MaybeOwned, Model):
    """One link of a root's hash chain; without a tenant, of the deployment's own."""

    __tablename__ = "journal_seal"
    __wall__ = Wall(kind="tenant", nullable=True, versioned=False, write="select", system="select insert")
    __rules__ = (
        UniqueConstraint("record_id"),
        Index("uq_journal_seal_seq", text("coalesce(tenant_id, 0)"), "seq", unique=True),
        CheckConstraint("length(hash) = 32 and length(prev) = 32", name="hash"),
    )

    id: Mapped[Key]
    seq: Mapped[Number] = mapped_column(BIGINT)
    record_id: Mapped[UUID]
    prev: Mapped[bytes]
    hash: Mapped[bytes]
    at: Mapped[Made]


class Consumer(Model):
    """How far a reader of the journal has come, in the order (xid, id). Whoever locks the row is the one that reads on."""

    __tablename__ = "consumer"
    __wall__ = Wall(kind="system", key=False, versioned=False, system="select insert update")

    name: Mapped[Words] = mapped_column(primary_key=True)
    xid: Mapped[int] = mapped_column(Xid8, server_default=text("'0'"))
    record_id: Mapped[UUID] = mapped_column(server_default=text("'00000000-0000-0000-0000-000000000000'"))
    moved_at: Mapped[Made]
