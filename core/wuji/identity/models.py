"""Who people are and what they may do: accounts, their proofs, their sessions, roles and grants.

What a door reads is written by definer functions only.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Labels, Made, MaybeOwned, Model, Small, Versioned, Wall, Words


class Account(Versioned, Model):
    """One login for the whole deployment; a person holds many roles at many tenants."""

    __tablename__ = "account"
    __wall__ = Wall(
        kind="account",
        own="id",
        key=False,
        write="select update",
        columns=("locale", "name", "name_key"),
        definer="select insert update",
        system="select",
    )
    __rules__ = (
        CheckConstraint("type in ('person', 'service', 'system')", name="type"),
        CheckConstraint("state in ('active', 'suspended', 'closed')", name="state"),
        CheckConstraint("length(login) between 2 and 64 and login = lower(login)", name="login"),
        CheckConstraint("length(name) between 1 and 100", name="name"),
        CheckConstraint("locale in ('zh-CN', 'en')", name="locale"),
        Index(None, "merged_into"),
        Index("uq_account_system", "type", unique=True, postgresql_where=text("type = 'system'")),
    )

    id: Mapped[Key]
    type: Mapped[Words] = mapped_column(server_default="person")
    login: Mapped[Words] = mapped_column(unique=True)
    name: Mapped[Words]
    name_key: Mapped[Words] = mapped_column(server_default="")
    locale: Mapped[Words] = mapped_column(server_default="zh-CN")
    state: Mapped[Words] = mapped_column(server_default="active")
    closed_at: Mapped[At | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))  # where its login leads for a while


class AccountSession(Model):
    """A login on one device. Only the sha256 of its cookie is kept."""

    __tablename__ = "account_session"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert update delete")
    __rules__ = (Index(None, "account_id"), Index(None, "ends_at"))

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(server_default=text("wuji.new_id()"), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    auth_time: Mapped[Made]
    acr: Mapped[Words] = mapped_column(server_default="urn:wuji:acr:1")
    amr: Mapped[Labels]
    device: Mapped[Words] = mapped_column(server_default="")
    used_at: Mapped[Made]
    idle_at: Mapped[At]
    ends_at: Mapped[At]
    revoked_at: Mapped[At | None]


class Credential(Model):
    """A secret that an account proves itself with; of a password the argon2id hash."""

    __tablename__ = "credential"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert update delete")
    __rules__ = (CheckConstraint("kind in ('password')", name="kind"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"), primary_key=True)
    kind: Mapped[Words] = mapped_column(primary_key=True)
    secret: Mapped[Words]
    changed_at: Mapped[Made]


class LoginAttempt(Model):
    """Tries against one key (hash of a login, of an address, of both): they leak away, slow the next one down and never
    lock for good.
    """

    __tablename__ = "login_attempt"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert update delete")
    __rules__ = (Index(None, "failed_at"),)

    key: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[float]
    failed_at: Mapped[Made]
    until: Mapped[At]


class OneTimeLink(Model):
    """A link that sets a password once: the first operator, an invited official, somebody who lost theirs."""

    __tablename__ = "one_time_link"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert update delete")
    __rules__ = (
        CheckConstraint("purpose in ('first_password', 'lost_password')", name="purpose"),
        Index(None, "account_id"),
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    purpose: Mapped[Words]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    expires_at: Mapped[At]
    used_at: Mapped[At | None]


class Role(MaybeOwned, Versioned, Model):
    """A named set of permissions, of a root or (without tenant) built in.

    Reach subtree: the range below is theirs; audience: tokens only.
    """

    __tablename__ = "role"
    __wall__ = Wall(kind="downward", nullable=True, write="select", definer="select insert update delete")
    __rules__ = (
        Index("uq_role_name", text("coalesce(tenant_id, 0)"), "name", unique=True),
        CheckConstraint("reach in ('subtree', 'audience')", name="reach"),
        CheckConstraint('"class" between 0 and 3', name="class"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[Words]
    label: Mapped[Words]  # a text key; of a root's role its own words, and in `labels` those by language
    labels: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    permissions: Mapped[Labels]
    reach: Mapped[Words]
    class_: Mapped[Small] = mapped_column("class")


class RoleGrantFormer(Model):
    """Where a role was held up to a day on which tenants were merged, or a merge was taken back."""

    __tablename__ = "role_grant_former"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert")
    __rules__ = (Index(None, "role_grant_id", "until"),)

    id: Mapped[Key]
    role_grant_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.role_grant.id"))
    tenant_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))
    until: Mapped[date] = mapped_column(Date)


class RoleGrant(MaybeOwned, Model):
    """A role of an account at a tenant, with giver and expiry; without a tenant, the operator's."""

    __tablename__ = "role_grant"
    __wall__ = Wall(
        kind="tenant", own="account_id", nullable=True, versioned=False, write="select", definer="select insert update"
    )
    __rules__ = (
        Index(None, "account_id"),
        Index(None, "given_by"),
        Index(None, "given_at", "id"),
        CheckConstraint("given_by <> account_id", name="given_by"),
    )

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    account_name: Mapped[Words]
    role_id: Mapped[int] = mapped_column(ForeignKey("wuji.role.id"))
    given_by: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    given_at: Mapped[Made]
    expires_at: Mapped[At | None]
    revoked_at: Mapped[At | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
