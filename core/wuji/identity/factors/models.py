"""What a person proves themselves with beside the password. No code or secret leaves these tables for the web's login."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Labels, Made, Model, Wall, Words

SYSTEM = Wall(kind="system", key=False, versioned=False, definer="select insert update delete")


class Factor(Model):
    """An app on a phone that shows codes (TOTP, RFC 6238), whose secret is sealed and which counts once a code confirmed it; or a
    passkey (Web Authentication, Level 3), which works at the host that it was made for alone. `last_step`: the period of the
    last code that was taken, or when the last challenge was made that a passkey met (µs), so that each works once.
    """

    __tablename__ = "factor"
    __wall__ = SYSTEM
    __rules__ = (
        CheckConstraint("kind in ('totp', 'passkey')", name="kind"),
        CheckConstraint("(kind = 'totp') = (secret <> '')", name="secret"),
        CheckConstraint(
            "(kind = 'passkey') = (credential_id is not null and public_key is not null and host is not null)",
            name="passkey",
        ),
        CheckConstraint("length(name) between 1 and 60", name="name"),
        Index(None, "account_id"),
    )

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    kind: Mapped[Words]
    name: Mapped[Words]
    secret: Mapped[bytes] = mapped_column(server_default="")
    credential_id: Mapped[bytes | None] = mapped_column(unique=True)
    public_key: Mapped[bytes | None]  # COSE
    host: Mapped[Words | None]
    sign_count: Mapped[int] = mapped_column(BigInteger, server_default="0")
    transports: Mapped[Labels]
    is_synced: Mapped[bool] = mapped_column(server_default=text("false"))
    last_step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    created_at: Mapped[Made]
    confirmed_at: Mapped[At | None]
    used_at: Mapped[At | None]


class RecoveryCode(Model):
    """A code on paper for whoever lost their phone: its sha256, good once."""

    __tablename__ = "recovery_code"
    __wall__ = SYSTEM

    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    used_at: Mapped[At | None]
