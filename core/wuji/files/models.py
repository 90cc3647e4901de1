"""Stored files: the row belongs to a tenant and has its owner's audience; the bytes lie under their sha256."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from wuji.kit.db.model import At, Key, Model, Number, Numbers, Owned, Versioned, Wall, Words


class File(Owned, Versioned, Model):
    """One file of one owner (a job, a tip …). The same bytes may stand behind many rows."""

    __tablename__ = "file"
    __wall__ = Wall(kind="tenant", audience=True, definer="select delete")
    __rules__ = (
        CheckConstraint("length(sha256) = 32", name="sha256"),
        CheckConstraint("size >= 0", name="size"),
        Index(None, "sha256"),
        Index(None, "owner_kind", "owner_id"),
        Index(None, "expires_at"),
    )

    id: Mapped[Key]
    audience: Mapped[Numbers | None]
    name: Mapped[Words]
    sha256: Mapped[bytes]
    size: Mapped[Number]
    media: Mapped[Words]
    owner_kind: Mapped[Words]
    owner_id: Mapped[Words]
    expires_at: Mapped[At | None]
