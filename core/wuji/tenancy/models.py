"""The tree: tenants, and what they were called, coded and attached to, and when."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Made, Model, Number, Numbers, Owned, Small, Versioned, Wall, Words

DIRECTORY = (  # as PostgreSQL prints it back
    "((state = 'active'::text) OR ((( SELECT wuji.scope_is(wuji.plan_lo(), wuji.plan_hi(), wuji.plan_tokens(), wuji.plan_anc(), "
    "wuji.plan_account(), wuji.plan_operator()) AS scope_is) IS NOT NULL) "
    "AND (((pos >= wuji.plan_lo()) AND (pos <= wuji.plan_hi())) OR (wuji.plan_operator() AND (parent_id IS NULL)))))"
)
HISTORY = Wall(
    kind="global", key=False, versioned=False, write="select", definer="select insert update", system="select"
)
CATEGORIES = ("territory", "agency", "school", "enterprise", "association")
STATES = ("active", "suspended", "archived")
OPS = ("move", "relevel", "split", "merge", "dissolve")
CHANGE_STATES = ("applied", "undone")
FRAMES = ("wgs84", "gcj02", "plan")
TRANSFERS, SIDES = ("adopt", "release"), ("subject", "parent")
TRANSFER_STATES = ("asked", "withdrawn", "declined", "applied", "undone")


class Tenant(Model):
    """An organisation in the tree. pos..pos_hi is its subtree; slots are never reused, so a stale scope reads nothing
    new.
    """

    __tablename__ = "tenant"
    __wall__ = Wall(
        kind="global",
        key=False,
        versioned=False,
        write="select",
        definer="select insert update",
        system="select",
        read=DIRECTORY,
    )
    __rules__ = (
        UniqueConstraint("id", "pos"),
        UniqueConstraint("pos"),
        Index(None, "parent_id", "id"),
        Index(None, "name_key", "id"),
        Index("ix_tenant_closed", "id", postgresql_where=text("state <> 'active'")),
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint(f"category in {CATEGORIES}", name="category"),
        CheckConstraint("state in ('active', 'suspended', 'archived')", name="state"),
        CheckConstraint("(parent_id is null) = (id = root_id)", name="root"),
        CheckConstraint("ancestors[1] = root_id and ancestors[cardinality(ancestors)] = id", name="ancestors"),
        CheckConstraint(
            "pos > 0 and pos % wuji.span(level::int) = 0 and pos_hi = pos + wuji.span(level::int) - 1", name="pos"
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    root_id: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("wuji.tenant.id"))
    level: Mapped[Small]
    category: Mapped[Words] = mapped_column(server_default="territory")
    name: Mapped[Words]
    name_key: Mapped[Words]
    pos: Mapped[Number]
    pos_hi: Mapped[Number]
    ancestors: Mapped[Numbers]
    next_child: Mapped[Numbers] = mapped_column(server_default="{1,1,1,1,1}")
    state: Mapped[Words] = mapped_column(server_default="active")
    version: Mapped[int] = mapped_column(server_default="1")  # of name, code and state; a new child leaves it alone
    created_at: Mapped[Made]


class TenantPlace(Model):
    """Where a tenant stood in the tree, and from when to when."""

    __tablename__ = "tenant_place"
    __wall__ = HISTORY
    __rules__ = (
        Index("uq_tenant_place_now", "tenant_id", unique=True, postgresql_where=text("valid_to is null")),
        Index("ix_tenant_place_valid_to", "valid_to", postgresql_where=text("valid_to is not null")),
        Index(None, "parent_id"),
    )

    id: Mapped[Key]
    tenant_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("wuji.tenant.id"))
    level: Mapped[Small]
    valid_from: Mapped[date] = mapped_column(Date, server_default=func.current_date())
    valid_to: Mapped[date | None] = mapped_column(Date)


class TenantCode(Model):
    """What people and URLs use. A code valid now is unique in the deployment; an old one redirects."""

    __tablename__ = "tenant_code"
    __wall__ = HISTORY
    __rules__ = (
        Index("uq_tenant_code_now", "code", unique=True, postgresql_where=text("valid_to is null")),
        Index("uq_tenant_code_tenant", "tenant_id", unique=True, postgresql_where=text("valid_to is null")),
        Index(None, "code"),
        CheckConstraint("kind in ('division', 'uscc')", name="kind"),
        CheckConstraint("length(code) between 1 and 32", name="code"),
    )

    id: Mapped[Key]
    tenant_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))
    code: Mapped[Words]
    kind: Mapped[Words] = mapped_column(server_default="division")
    valid_from: Mapped[date] = mapped_column(Date, server_default=func.current_date())
    valid_to: Mapped[date | None] = mapped_column(Date)


class TenantName(Model):
    """What a tenant was called, and from when to when."""

    __tablename__ = "tenant_name"
    __wall__ = HISTORY
    __rules__ = (Index("uq_tenant_name_now", "tenant_id", unique=True, postgresql_where=text("valid_to is null")),)

    id: Mapped[Key]
    tenant_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))
    name: Mapped[Words]
    valid_from: Mapped[date] = mapped_column(Date, server_default=func.current_date())
    valid_to: Mapped[date | None] = mapped_column(Date)


class TenantProfile(Owned, Versioned, Model):
    """What a tenant tells of itself and what it has set up; never part of the public directory."""

    __tablename__ = "tenant_profile"
    __wall__ = Wall(kind="tenant", definer="select insert update")
    __rules__ = (UniqueConstraint("tenant_id"),)

    id: Mapped[Key]
    contact: Mapped[Words] = mapped_column(server_default="")
    about: Mapped[Words] = mapped_column(server_default="")
    theme: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    setup: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")


class SettingValue(Owned, Versioned, Model):
    """What a tenant sets, suggests or locks. Everybody below reads it, so it is never a secret.

    Written under plain row security: a lock holds because reading asks the highest one first (kit.setting), so a value
    below it counts for nothing, whoever wrote it.
    """

    __tablename__ = "setting_value"
    __wall__ = Wall(kind="downward", definer="select")
    __rules__ = (
        UniqueConstraint("tenant_id", "key"),
        CheckConstraint("mode in ('set', 'suggest', 'lock')", name="mode"),
        CheckConstraint("length(key) between 3 and 100", name="key"),
    )

    id: Mapped[Key]
    key: Mapped[Words]
    mode: Mapped[Words]
    value: Mapped[Any] = mapped_column(JSONB)
    reason: Mapped[Words] = mapped_column(server_default="")


class TenantChange(Owned, Versioned, Model):
    """A redrawn boundary. It stands at the lowest tenant that all the places concerned lie below: whoever answers for that
    one may carry it out, and take it back until it expires.

    `plan` is what was shown before, `undo` the steps back (tenant, parent, level, code), `made` the tenants added for it,
    `carried` what a merge made another tenant's, and what taking the change back has left as it was by then.
    """

    __tablename__ = "tenant_change"
    __wall__ = Wall(kind="tenant", write="select", definer="select insert update")
    __rules__ = (
        CheckConstraint(f"op in {OPS}", name="op"),
        CheckConstraint(f"state in {CHANGE_STATES}", name="state"),
        CheckConstraint("(state = 'undone') = (undone_at is not null)", name="undone_at"),
        Index(None, "tenant_id", "created_at", "id"),
        Index(None, "subject_id"),
    )

    id: Mapped[Key]
    op: Mapped[Words]
    subject_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB)
    undo: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    made: Mapped[Numbers] = mapped_column(server_default="{}")
    carried: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    state: Mapped[Words] = mapped_column(server_default="applied")
    reason: Mapped[Words] = mapped_column(server_default="")
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    expires_at: Mapped[At]
    undone_at: Mapped[At | None]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    undo_reason: Mapped[Words] = mapped_column(server_default="")


class Boundary(Owned, Versioned, Model):
    """The outline of a tenant's ground as the tenant gave it. As public as its name: the audience is everybody, so that the
    portal's visitors and the screens of whole cities read one table under one rule.

    `geometry` is what was sent, `overview` the same with few points, for maps of many. `frame` says in which coordinates:
    `plan` are metres of a drawing. `approved` is the approval number of the map (审图号); without one it is a sketch.
    """

    __tablename__ = "boundary"
    __wall__ = Wall(kind="tenant", audience=True)
    __rules__ = (UniqueConstraint("tenant_id"), CheckConstraint(f"frame in {FRAMES}", name="frame"))

    id: Mapped[Key]
    audience: Mapped[Numbers | None] = mapped_column(server_default="{0}")
    geometry: Mapped[dict[str, Any]] = mapped_column(JSONB)
    overview: Mapped[dict[str, Any]] = mapped_column(JSONB)
    bbox: Mapped[list[float]] = mapped_column(JSONB)
    centre: Mapped[list[float]] = mapped_column(JSONB)
    frame: Mapped[Words]
    approved: Mapped[Words] = mapped_column(server_default="")


class TenantTransfer(Versioned, Model):
    """A root that wants to stand below a tenant of another tree, or a tenant that wants to be a root: one side asks, the other
    agrees. Both read it through definer functions, because it lies in the range of two trees.

    `side` asked. `expires_at` ends the asking, once it is carried out the time to take it back. `undo` is the way back; taking
    back is asked by one side and done by the other as well.
    """

    __tablename__ = "tenant_transfer"
    __wall__ = Wall(kind="system", key=False, definer="select insert update delete")
    __rules__ = (
        CheckConstraint(f"op in {TRANSFERS}", name="op"),
        CheckConstraint(f"side in {SIDES}", name="side"),
        CheckConstraint(f"undo_side in {SIDES}", name="undo_side"),
        CheckConstraint(f"state in {TRANSFER_STATES}", name="state"),
        CheckConstraint("state <> 'applied' or requested_by <> answered_by", name="answered_by"),
        CheckConstraint("undo_asked_by <> undone_by", name="undone_by"),
        CheckConstraint("subject_id <> parent_id", name="parent_id"),
        Index(None, "subject_id", "created_at"),
        Index(None, "parent_id", "created_at"),
    )

    id: Mapped[Key]
    op: Mapped[Words]
    subject_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))
    parent_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))
    level: Mapped[Small]
    code: Mapped[Words]
    side: Mapped[Words]
    state: Mapped[Words] = mapped_column(server_default="asked")
    reason: Mapped[Words]
    fingerprint: Mapped[Words] = mapped_column(server_default="")
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    expires_at: Mapped[At]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    answered_at: Mapped[At | None]
    answer: Mapped[Words] = mapped_column(server_default="")
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    undo: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    undo_side: Mapped[Words | None]
    undo_asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    undo_reason: Mapped[Words] = mapped_column(server_default="")
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    undone_at: Mapped[At | None]
