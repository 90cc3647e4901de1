"""Tables that belong to no feature: keys of the wall, answers kept for repeated calls, rules of retention."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Made, Model, Wall, Words


class SigningKey(Model):
    """The two HMAC pads of a key (RFC 2104): `scope` signs what a door bound, `seal` proves that the program itself
    asks.
    """

    __tablename__ = "signing_key"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert update")
    __rules__ = (CheckConstraint("use in ('scope', 'seal')", name="use"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    use: Mapped[Words]
    inner_pad: Mapped[bytes]
    outer_pad: Mapped[bytes]
    valid_from: Mapped[Made]
    retired_at: Mapped[At | None]


class Idempotency(Model):
    """The answer to an unsafe call, kept a day so that the same call again changes nothing (Idempotency-Key, draft-ietf-
    httpapi).
    """

    __tablename__ = "idempotency"
    __wall__ = Wall(kind="account", own="account_id", key=False, versioned=False, definer="select delete")
    __rules__ = (Index(None, "expires_at"),)

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[Words] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    expires_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now() + interval '1 day'")
    )


class Retention(Model):
    """How long rows of a table are kept, and counted from which column; a function's name stands for a table whose rows it
    ends. Written by revisions only; the purge reads it.
    """

    __tablename__ = "retention"
    __wall__ = Wall(kind="global", key=False, versioned=False, write="select", definer="select")

    id: Mapped[Key]
    table_name: Mapped[Words] = mapped_column(unique=True)
    counted_from: Mapped[Words]
    keep_for: Mapped[timedelta]
    basis: Mapped[Words]
