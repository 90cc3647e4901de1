"""Where people may log in from, whom they are there, and who is on the way."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Made, Model, Owned, Versioned, Wall, Words


class LoginProvider(Owned, Versioned, Model):
    """An identity system that people of a place and below it may log in with. Nothing of it is secret.

    `admits`: `linked`, who has linked it to their account; `residents`, also who comes for the first time: they get an account
    and the role of a resident at its place, never more.
    """

    __tablename__ = "login_provider"
    __wall__ = Wall(kind="downward", write="select", definer="select insert update delete")
    __rules__ = (
        CheckConstraint("kind ~ '^[a-z][a-z0-9_.]{1,60}$'", name="kind"),
        CheckConstraint("length(name) between 1 and 60", name="name"),
        CheckConstraint("admits in ('linked', 'residents')", name="admits"),
        CheckConstraint("length(options::text) <= 4000", name="options"),
        Index(None, "created_by"),
    )

    id: Mapped[Key]
    kind: Mapped[Words]
    name: Mapped[Words]
    issuer: Mapped[Words]
    client_id: Mapped[Words]
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    admits: Mapped[Words]
    is_on: Mapped[bool] = mapped_column(server_default=text("true"))
    created_by: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))


class LoginProviderSecret(Model):
    """What we prove ourselves to it with, sealed. Below its place nobody reads it, nor does anybody through the API."""

    __tablename__ = "login_provider_secret"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert update delete")

    provider_id: Mapped[UUID] = mapped_column(
        ForeignKey("wuji.login_provider.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[bytes]


class LoginState(Model):
    """Somebody who is at a provider just now, in one tab of one browser: taken once, within ten minutes. `kept`: nonce and
    verifier, sealed. `account_id`: who wants to link it.
    """

    __tablename__ = "login_state"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert delete")
    __rules__ = (Index(None, "provider_id"), Index(None, "account_id"), Index(None, "expires_at"))

    state_hash: Mapped[bytes] = mapped_column(primary_key=True)
    browser_hash: Mapped[bytes]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.login_provider.id", ondelete="CASCADE"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    kept: Mapped[bytes]
    target: Mapped[Words]
    expires_at: Mapped[At]


class ExternalIdentity(Model):
    """Whom somebody is at a provider. `iss` is the issuer, `sub` its name for them, which it gives nobody else."""

    __tablename__ = "external_identity"
    __wall__ = Wall(
        kind="account",
        own="account_id",
        key=False,
        versioned=False,
        write="select",
        definer="select insert update delete",
    )
    __rules__ = (
        UniqueConstraint("iss", "sub"),
        UniqueConstraint("account_id", "iss"),
        CheckConstraint("length(sub) between 1 and 255", name="sub"),
    )

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    iss: Mapped[Words]
    sub: Mapped[Words]
    name: Mapped[Words]  # of the provider, as it was called when it was linked
    linked_at: Mapped[Made]
    used_at: Mapped[At | None]
