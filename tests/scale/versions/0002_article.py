"""Rows with text, as search finds them."""

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Wall, drop_table, make_table

revision = "0002"
down_revision = "0001"

SCHEMA = "plugin_bench"


def upgrade() -> None:
    make_table(
        "article",
        sa.Column("id", sa.Uuid(), server_default=sa.text("wuji.new_id()"), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        sa.Column("audience", sa.ARRAY(sa.Integer())),
        sa.Column("title", sa.Text(collation="C"), nullable=False),
        sa.Column("body", sa.Text(collation="C"), nullable=False),
        sa.Column("crop", sa.Text(collation="C"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("wuji.audience_ok(audience)", name="ck_article_audience"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_article_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        wall=Wall(kind="tenant", audience=True, versioned=False),
        schema=SCHEMA,
    )
    op.create_index("ix_article_pos", "article", ["pos"], schema=SCHEMA)
    shown = sa.text("audience is not null")
    op.create_index(
        "ix_article_audience", "article", ["audience"], schema=SCHEMA, postgresql_using="gin", postgresql_where=shown
    )


def downgrade() -> None:
    drop_table("article", SCHEMA)
