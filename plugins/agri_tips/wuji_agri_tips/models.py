"""Tips with their pictures and recordings, what residents say of them, and how often they were read.

Where a tip stands on its way (state, audience, who reviewed it) is written by definer functions only, content with it: a
reviewer is somebody else than the authors whatever a request tries (functions/).
"""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Date, ForeignKey, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from wuji.api.models import At, Key, Made, Model, Number, Numbers, Owned, Small, Versioned, Wall, Words

SCHEMA = "plugin_agri_tips"
STATES = ("draft", "in_review", "returned", "published", "withdrawn")
# By class of an audience token, from everybody to the narrowest; each reads what those before it may.
CLASSES = ("public", "residents", "members", "officials")
KINDS = ("picture", "audio", "video")
MONTHS = range(1, 13)
TERMS = range(1, 25)  # 1 is 小寒 in January, 24 is 冬至 in December
TIP, FILE = f"{SCHEMA}.tip.id", "wuji.file.id"


class Tip(Owned, Versioned, Model):
    """One tip of one tenant. A published one is changed by a draft of its own (`replaces_id`), which takes its place
    once it has been reviewed: until then everybody reads what was reviewed.
    """

    __tablename__ = "tip"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="tenant", audience=True, write="select", definer="select insert update delete")
    __rules__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("(state = 'published') = (audience is not null)", name="shown"),
        CheckConstraint("state <> 'published' or published_at is not null", name="published_at"),
        # Whoever wrote any of it does not review it. An imported tip has no authors here.
        CheckConstraint("not reviewed_by = any(authors)", name="reviewed_by"),
        CheckConstraint("state not in ('published', 'returned') or reviewed_at is not null", name="reviewed_at"),
        CheckConstraint("months <@ array[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]", name="months"),
        CheckConstraint("0 < all(terms) and 24 >= all(terms)", name="terms"),
        CheckConstraint("audience_class between 0 and 3", name="audience_class"),
        CheckConstraint("length(body) <= 60000", name="body"),
        Index("uq_tip_replaces_id", "replaces_id", unique=True),
        Index("uq_tip_origin", "tenant_id", "origin", unique=True, postgresql_where=text("origin <> ''")),
        Index(None, "tenant_id", "updated_at", "id"),
        Index(None, "reach_id"),
        Index(None, "reviewed_at_id"),
    )

    id: Mapped[Key]
    audience: Mapped[Numbers | None]
    state: Mapped[Words] = mapped_column(server_default="draft")
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey(TIP, ondelete="CASCADE"))
    months: Mapped[Numbers] = mapped_column(server_default="{}")
    terms: Mapped[Numbers] = mapped_column(server_default="{}")
    subject: Mapped[Words] = mapped_column(server_default="")
    locality: Mapped[Words] = mapped_column(server_default="")
    title: Mapped[Words] = mapped_column(server_default="")
    summary: Mapped[Words] = mapped_column(server_default="")
    body: Mapped[Words] = mapped_column(server_default="")
    title_en: Mapped[Words] = mapped_column(server_default="")
    summary_en: Mapped[Words] = mapped_column(server_default="")
    # Whom it is for: wished by the authors, decided by the reviewer.
    reach_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))
    audience_class: Mapped[Small] = mapped_column(server_default="0")
    authors: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default="{}")  # the first of them began it
    submitted_at: Mapped[At | None]
    due_on: Mapped[date | None] = mapped_column(Date)
    reviewed_by: Mapped[UUID | None]
    reviewed_at: Mapped[At | None]
    reviewed_at_id: Mapped[int | None] = mapped_column(ForeignKey("wuji.tenant.id"))  # the tenant that reviewed
    reason: Mapped[Words] = mapped_column(server_default="")
    published_at: Mapped[At | None]
    withdrawn_at: Mapped[At | None]
    origin: Mapped[Words] = mapped_column(server_default="")  # of an imported tip: its name in what was imported


class TipMedia(Owned, Versioned, Model):
    """A picture or a recording of a tip; its files have the audience that it has."""

    __tablename__ = "tip_media"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="tenant", audience=True, definer="select insert update delete")
    __rules__ = (
        UniqueConstraint("tip_id", "number"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint("number between 1 and 99", name="number"),
        CheckConstraint("(kind = 'picture') = (medium_id is not null and small_id is not null)", name="sizes"),
        Index(None, "file_id"),
        Index(None, "medium_id"),
        Index(None, "small_id"),
    )

    id: Mapped[Key]
    audience: Mapped[Numbers | None]
    tip_id: Mapped[UUID] = mapped_column(ForeignKey(TIP, ondelete="CASCADE"))
    number: Mapped[Small]  # within the tip: its body names it media:<number>
    place: Mapped[Small]  # in the order in which they are shown
    kind: Mapped[Words]
    name: Mapped[Words]
    alt: Mapped[Words] = mapped_column(server_default="")
    caption: Mapped[Words] = mapped_column(server_default="")
    transcript: Mapped[Words] = mapped_column(server_default="")
    width: Mapped[int | None]
    height: Mapped[int | None]
    seconds: Mapped[int | None]
    size: Mapped[Number]  # bytes of the largest file
    file_id: Mapped[UUID] = mapped_column(ForeignKey(FILE, ondelete="CASCADE"))
    medium_id: Mapped[UUID | None] = mapped_column(ForeignKey(FILE, ondelete="CASCADE"))
    small_id: Mapped[UUID | None] = mapped_column(ForeignKey(FILE, ondelete="CASCADE"))


class TipMark(Model):
    """Somebody found a tip helpful. Nobody but they themselves sees that it was them."""

    __tablename__ = "tip_mark"
    __schema__ = SCHEMA
    __wall__ = Wall(
        kind="account",
        own="account_id",
        key=False,
        versioned=False,
        write="select",
        definer="select insert update delete",
    )
    __rules__ = (CheckConstraint("kind in ('helpful')", name="kind"), Index(None, "tip_id"))

    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"), primary_key=True)
    tip_id: Mapped[UUID] = mapped_column(ForeignKey(TIP, ondelete="CASCADE"), primary_key=True)
    kind: Mapped[Words] = mapped_column(primary_key=True, server_default="helpful")
    marked_at_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))  # where it was counted
    created_at: Mapped[Made]


class CropChoice(Versioned, Model):
    """The crops and animals that somebody wants to read of first; one row a person, so that it has one version."""

    __tablename__ = "crop_choice"
    __schema__ = SCHEMA
    __wall__ = Wall(
        kind="account", own="account_id", key=False, write="select insert update", definer="select update delete"
    )
    __rules__ = (CheckConstraint("cardinality(crops) <= 50", name="crops"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"), primary_key=True)
    crops: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")


class TipCount(Owned, Model):
    """How often a tip was read and found helpful at one tenant. Numbers only: of whom is written nowhere."""

    __tablename__ = "tip_count"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="tenant", versioned=False, write="select", definer="select insert update")
    __rules__ = (
        UniqueConstraint("tip_id", "tenant_id"),
        CheckConstraint("reads >= 0 and helpful >= 0", name="figures"),
        Index(None, "counted_at"),
    )

    id: Mapped[Key]
    tip_id: Mapped[UUID] = mapped_column(ForeignKey(TIP, ondelete="CASCADE"))
    reads: Mapped[Number] = mapped_column(server_default="0")
    helpful: Mapped[Number] = mapped_column(server_default="0")
    counted_at: Mapped[Made]  # when it last changed


class TipDay(Owned, Model):
    """How often a tip was read at one tenant on one day, as days are there."""

    __tablename__ = "tip_day"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="tenant", versioned=False, write="select", definer="select insert update")
    __rules__ = (
        UniqueConstraint("tip_id", "tenant_id", "read_on"),
        CheckConstraint("reads > 0", name="reads"),
        Index(None, "counted_at"),
    )

    id: Mapped[Key]
    tip_id: Mapped[UUID] = mapped_column(ForeignKey(TIP, ondelete="CASCADE"))
    read_on: Mapped[date] = mapped_column(Date)
    reads: Mapped[Number]
    counted_at: Mapped[Made]  # when it last changed
