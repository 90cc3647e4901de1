"""Search: documents and completions."""

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Keep, Wall, drop_rules, drop_table, execute, keep_rows, make_table

revision = "0007"
down_revision = "0006"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
DEFINER = "select insert update delete"

# A late writer has long ended by then.
KEPT = Keep("wuji.search_document", "dropped_at", "1 day", "search.retention.document")


def upgrade() -> None:
    document()
    suggestion()
    keep_rows(KEPT)


def downgrade() -> None:
    drop_rules(KEPT.table)
    drop_table("search_suggestion")
    drop_table("search_document")


def document() -> None:
    make_table(
        "search_document",
        column("kind", TEXT, nullable=False),
        column("id", TEXT, nullable=False),
        column("version", sa.Integer(), nullable=False),
        column("words", sa.ARRAY(sa.Integer()), nullable=False),
        column("access", sa.ARRAY(sa.Integer()), nullable=False),
        column("title", TEXT, nullable=False),
        column("facets", sa.ARRAY(TEXT), nullable=False),
        column("published_at", AT),
        column("dropped_at", AT),
        column("tenant_id", sa.Integer()),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue()),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_search_document_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kind", "id", name="pk_search_document"),
        wall=Wall(kind="system", versioned=False, nullable=True, definer=DEFINER),
    )
    document_indexes()


def document_indexes() -> None:
    op.create_index("ix_search_document_pos", "search_document", ["pos"], schema="wuji")
    # Words are looked up in the index and hardly ever read: out of the way of what is.
    execute("alter table wuji.search_document set (toast_tuple_target = 256)")
    op.create_index(
        "ix_search_document_words_access",
        "search_document",
        ["words", "access"],
        schema="wuji",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_index(
        "ix_search_document_dropped_at",
        "search_document",
        ["dropped_at"],
        schema="wuji",
        postgresql_where=sa.text("dropped_at is not null"),
    )


def suggestion() -> None:
    make_table(
        "search_suggestion",
        column("kind", TEXT, nullable=False),
        column("id", TEXT, nullable=False),
        column("key", TEXT, nullable=False),
        column("weight", sa.Integer(), nullable=False),
        column("access", sa.ARRAY(sa.Integer()), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind", "id"],
            ["wuji.search_document.kind", "wuji.search_document.id"],
            name="fk_search_suggestion_kind_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kind", "id", "key", name="pk_search_suggestion"),
        wall=Wall(kind="system", key=False, versioned=False, definer=DEFINER),
    )
    op.create_index("ix_search_suggestion_key_kind", "search_suggestion", ["key", "kind"], schema="wuji")
