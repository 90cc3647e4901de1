"""What somebody is told, how they want to be told, where they can be reached, and what is on its way to them."""

from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Time, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Made, Model, Versioned, Wall, Words

ACCOUNT = "wuji.account.id"
DELIVERY_STATES = ("waiting", "sending", "sent", "refused", "dropped")


class Topic(Model):
    """A topic as a feature or plugin declares it, written by each upgrade: SQL that notifies asks it for what holds until a
    person chooses.
    """

    __tablename__ = "topic"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert update delete")
    __rules__ = (CheckConstraint("email in ('now', 'digest', 'off')", name="email"),)

    name: Mapped[Words] = mapped_column(primary_key=True)
    email: Mapped[Words]


class Notification(Model):
    """One thing that one person is told. What is kept are values; the words are made when it is read, in the reader's language.

    `cause` says what it is about: of one topic and cause a person is told once. Not `shown`: only other channels tell it.
    """

    __tablename__ = "notification"
    __wall__ = Wall(
        kind="account",
        own="account_id",
        key=False,
        versioned=False,
        write="select update",
        columns=("read_at",),
        definer="select insert update delete",
    )
    __rules__ = (
        UniqueConstraint("account_id", "topic", "cause"),
        Index(None, "account_id", "created_at", "id"),
        Index("ix_notification_unread", "account_id", postgresql_where=text("read_at is null and shown")),
        Index(None, "read_at"),
        Index(None, "place_id"),
        CheckConstraint("length(cause) between 1 and 200", name="cause"),
    )

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey(ACCOUNT))
    topic: Mapped[Words]
    cause: Mapped[Words]
    told: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    path: Mapped[Words] = mapped_column(server_default="")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("wuji.tenant.id", ondelete="SET NULL"))  # where it happened
    shown: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[Made]
    read_at: Mapped[At | None]


class Subscription(Versioned, Model):
    """What somebody has chosen, in one row with one version: {topic: {channel: now | digest | off}}, hours in which nothing goes
    out, when the daily digest goes, and in which time zone (null: that of the tree it comes from).
    """

    __tablename__ = "subscription"
    __wall__ = Wall(
        kind="account", own="account_id", key=False, write="select insert update", definer="select insert update delete"
    )
    __rules__ = (
        CheckConstraint("(quiet_from is null) = (quiet_until is null)", name="quiet"),
        CheckConstraint("length(choices::text) <= 50000", name="choices"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey(ACCOUNT), primary_key=True)
    choices: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB, server_default="{}")
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    digest_at: Mapped[time] = mapped_column(Time, server_default=text("'08:00'"))
    zone: Mapped[Words | None]


class Address(Model):
    """Where a person is reached by one channel. The address, and the secret that signs what goes to a webhook, are encrypted with
    a key that the database does not have; `digest` tells two equal ones apart from others without showing them.

    Nothing goes there before it is verified, or after the other side has refused it. `code_at` is when a code was asked for.
    """

    __tablename__ = "address"
    __wall__ = Wall(
        kind="account",
        own="account_id",
        key=False,
        versioned=False,
        write="select delete",
        definer="select insert update delete",
    )
    __rules__ = (UniqueConstraint("account_id", "channel", "digest"), Index(None, "code_at"))

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey(ACCOUNT))
    channel: Mapped[Words]
    address: Mapped[bytes]
    secret: Mapped[bytes]
    digest: Mapped[bytes]
    code_at: Mapped[At | None]
    verified_at: Mapped[At | None]
    refused_at: Mapped[At | None]
    fault: Mapped[Words] = mapped_column(server_default="")
    created_at: Mapped[Made]


class Delivery(Model):
    """One message on its way to one address. Its id is the message's, however often it is tried; a digest gathers what comes
    until it is due.
    """

    __tablename__ = "delivery"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert update delete")
    __rules__ = (
        CheckConstraint(f"state in {DELIVERY_STATES}", name="state"),
        CheckConstraint("(state in ('waiting', 'sending')) = (finished_at is null)", name="finished_at"),
        Index(
            "uq_delivery_digest",
            "address_id",
            "due_at",
            unique=True,
            postgresql_where=text("is_digest and state = 'waiting'"),
        ),
        Index(None, "address_id"),
        Index(None, "finished_at"),
    )

    id: Mapped[Key]
    address_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.address.id", ondelete="CASCADE"))
    notification_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    is_digest: Mapped[bool]
    due_at: Mapped[At]
    state: Mapped[Words] = mapped_column(server_default="waiting")
    attempts: Mapped[int] = mapped_column(server_default="0")
    fault: Mapped[Words] = mapped_column(server_default="")
    created_at: Mapped[Made]
    finished_at: Mapped[At | None]
