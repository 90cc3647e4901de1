"""Organisations that want to join, invitations for people, and residents who bring themselves."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Made, MaybeOwned, Model, Owned, Small, Versioned, Wall, Words
from wuji.tenancy.models import CATEGORIES

STATES = ("open", "accepted", "rejected", "withdrawn")


class Application(MaybeOwned, Versioned, Model):
    """An organisation asks to stand below a tenant or, without one, as a root. How to reach it stands here and nowhere else."""

    __tablename__ = "application"
    __wall__ = Wall(kind="inbox", nullable=True, definer="select insert update delete")
    __rules__ = (
        CheckConstraint("submitted_by <> reviewed_by", name="reviewed_by"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("(state = 'open') = (decided_at is null)", name="decided_at"),
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint(f"category in {CATEGORIES}", name="category"),
        CheckConstraint("length(token_hash) = 32", name="token_hash"),
        Index(None, "tenant_id", "submitted_at", "id"),
        Index(None, "decided_at"),
    )

    id: Mapped[Key]
    name: Mapped[Words]
    code: Mapped[Words]
    level: Mapped[Small]
    category: Mapped[Words]
    wish: Mapped[Words]
    contact_name: Mapped[Words]
    contact_phone: Mapped[Words]
    contact_email: Mapped[Words] = mapped_column(server_default="")
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    state: Mapped[Words] = mapped_column(server_default="open")
    submitted_at: Mapped[At]
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    decided_at: Mapped[At | None]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    reason: Mapped[Words] = mapped_column(server_default="")
    made_id: Mapped[int | None] = mapped_column(ForeignKey("wuji.tenant.id"))
    head_id: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    link_at: Mapped[At | None]


class Invitation(Owned, Versioned, Model):
    """Whoever has its token takes a role at the tenant, as often as uses are left. It rests on the right of its giver."""

    __tablename__ = "invitation"
    __wall__ = Wall(kind="tenant", write="select", definer="select insert update delete")
    __rules__ = (
        CheckConstraint("uses between 1 and 500 and uses_left between 0 and uses", name="uses"),
        CheckConstraint("length(token_hash) = 32", name="token_hash"),
        Index(None, "tenant_id", "created_at", "id"),
        Index(None, "expires_at"),
        Index(None, "role_id"),
    )

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("wuji.role.id", ondelete="CASCADE"))
    given_by: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    uses: Mapped[int]
    uses_left: Mapped[int]
    expires_at: Mapped[At]
    revoked_at: Mapped[At | None]


class Registration(Owned, Versioned, Model):
    """Somebody with an account asks to be a resident of a place that looks at everybody first."""

    __tablename__ = "registration"
    __wall__ = Wall(kind="inbox", definer="select insert update delete")
    __rules__ = (
        CheckConstraint("account_id <> reviewed_by", name="reviewed_by"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("(state = 'open') = (decided_at is null)", name="decided_at"),
        CheckConstraint("length(note) <= 200", name="note"),
        Index("uq_registration_open", "account_id", "tenant_id", unique=True, postgresql_where=text("state = 'open'")),
        Index(None, "tenant_id", "submitted_at", "id"),
        Index(None, "decided_at"),
    )

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    account_name: Mapped[Words]
    note: Mapped[Words] = mapped_column(server_default="")
    state: Mapped[Words] = mapped_column(server_default="open")
    submitted_at: Mapped[Made]
    decided_at: Mapped[At | None]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    reason: Mapped[Words] = mapped_column(server_default="")
