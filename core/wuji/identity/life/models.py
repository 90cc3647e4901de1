"""What a person agreed to, that they want to go, and that they want to be one account instead of two."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Made, Model, Wall, Words


class Consent(Model):
    """To one edition of one purpose. A newer edition, and the end of the account, withdraw it; the record stays as evidence."""

    __tablename__ = "consent"
    __wall__ = Wall(
        kind="account", own="account_id", key=False, versioned=False, write="select", definer="select insert update"
    )
    __rules__ = (
        CheckConstraint("edition > 0", name="edition"),
        Index("uq_consent_given", "account_id", "purpose", unique=True, postgresql_where=text("withdrawn_at is null")),
    )

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    purpose: Mapped[Words]
    edition: Mapped[int]
    given_at: Mapped[Made]
    withdrawn_at: Mapped[At | None]


class AccountClosure(Model):
    """Its person wants the account to end; until the time of reflection is over they may take that back."""

    __tablename__ = "account_closure"
    __wall__ = Wall(
        kind="account",
        own="account_id",
        key=False,
        versioned=False,
        write="select",
        definer="select insert update delete",
    )
    __rules__ = (Index(None, "asked_at"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"), primary_key=True)
    asked_at: Mapped[Made]


class MergeCode(Model):
    """Shown in the account that stays, typed into the one that goes. Only its sha256 is kept."""

    __tablename__ = "merge_code"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert delete")
    __rules__ = (Index(None, "account_id"), Index(None, "expires_at"))

    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    expires_at: Mapped[At]
