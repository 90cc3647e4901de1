"""The index: what is found, and what completes. Written and read by definer functions alone."""

from sqlalchemy import ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, MaybeOwned, Model, Numbers, Wall, Words

DEFINER = "select insert update delete"


class SearchDocument(MaybeOwned, Model):
    """What search knows of a row. The text itself stays where it is: tokens, the folded title, what narrows and what sorts.

    One that was dropped stays for a day, so that a late writer of an older version does not bring it back.
    """

    __tablename__ = "search_document"
    __wall__ = Wall(kind="system", versioned=False, nullable=True, definer=DEFINER)
    __rules__ = (
        Index(None, "words", "access", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        Index(None, "dropped_at", postgresql_where=text("dropped_at is not null")),
    )

    kind: Mapped[Words] = mapped_column(primary_key=True)
    id: Mapped[Words] = mapped_column(primary_key=True)
    version: Mapped[int]
    words: Mapped[Numbers]
    access: Mapped[Numbers]  # the row's audience, and "lies below t" for its tenant and each ancestor
    title: Mapped[Words]
    facets: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))  # name=value
    published_at: Mapped[At | None]
    dropped_at: Mapped[At | None]


class SearchSuggestion(Model):
    """One way to type the beginning of a document's name."""

    __tablename__ = "search_suggestion"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer=DEFINER)
    __rules__ = (
        ForeignKeyConstraint(
            ("kind", "id"), ("wuji.search_document.kind", "wuji.search_document.id"), ondelete="CASCADE"
        ),
        Index(None, "key", "kind"),
    )

    kind: Mapped[Words] = mapped_column(primary_key=True)
    id: Mapped[Words] = mapped_column(primary_key=True)
    key: Mapped[Words] = mapped_column(primary_key=True)
    weight: Mapped[int]
    access: Mapped[Numbers]
