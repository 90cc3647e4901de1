"""The spine: one append-only list of what happened, and the hash chain that proves nobody changed it."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Labels, Made, MaybeOwned, Model, Number, Trace, Wall, Words, Xid8


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
    trace: Mapped[Trace]


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
    """How far a reader of the journal has come: all of the transactions before `xid`, and of those from there to before
    `until_xid` (null: of `xid` itself) the records up to `record_id`. Whoever locks the row is the one that reads on.

    runs: `relay` (a function of the relay, over SQL alone), `job` (its records are told by jobs), `chore` (keeps its place
    itself, as the sealer does). Without kinds it reads all of them.
    """

    __tablename__ = "consumer"
    __wall__ = Wall(
        kind="system",
        key=False,
        versioned=False,
        definer="select insert update delete",
        system="select insert update",
    )
    __rules__ = (CheckConstraint("runs in ('relay', 'job', 'chore')", name="runs"),)

    name: Mapped[Words] = mapped_column(primary_key=True)
    xid: Mapped[int] = mapped_column(Xid8, server_default=text("'0'"))
    until_xid: Mapped[int | None] = mapped_column(Xid8)
    record_id: Mapped[UUID] = mapped_column(server_default=text("'00000000-0000-0000-0000-000000000000'"))
    moved_at: Mapped[Made]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")), server_default="{}")
    runs: Mapped[Words] = mapped_column(server_default="chore")
    paused: Mapped[bool] = mapped_column(server_default=text("false"))
    fault: Mapped[Words | None]
    fault_at: Mapped[At | None]


class Poison(Model):
    """A record that a consumer failed on and went past. state: `aside`, `asked` (somebody wants it told again), `telling`."""

    __tablename__ = "poison"
    __wall__ = Wall(
        kind="system",
        key=False,
        versioned=False,
        definer="select insert update delete",
        system="select insert update delete",
    )
    __rules__ = (
        UniqueConstraint("consumer", "record_id"),
        CheckConstraint("state in ('aside', 'asked', 'telling')", name="state"),
        Index("ix_poison_asked", "consumer", "id", postgresql_where=text("state = 'asked'")),
    )

    id: Mapped[Key]
    consumer: Mapped[Words] = mapped_column(ForeignKey("wuji.consumer.name", ondelete="CASCADE"))
    record_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.journal_record.id"))
    reason: Mapped[Words]
    attempts: Mapped[int] = mapped_column(server_default="1")
    state: Mapped[Words] = mapped_column(server_default="aside")
    at: Mapped[Made]


class Bell(Model):
    """Whether the relay sleeps, so that writers wake it: a NOTIFY in every commit would make them queue behind each other."""

    __tablename__ = "bell"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert", system="select update")

    name: Mapped[Words] = mapped_column(primary_key=True)
    asleep: Mapped[bool] = mapped_column(server_default=text("false"))
