"""Figures: reads by day, and when a number last changed."""

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Wall, drop_table, make_table

revision = "0003"
down_revision = "0002"

SCHEMA = "plugin_agri_tips"
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
column = sa.Column


def counted_at() -> sa.Column[object]:
    return column("counted_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False)


def upgrade() -> None:
    op.add_column("tip_count", counted_at(), schema=SCHEMA)
    op.create_index("ix_tip_count_counted_at", "tip_count", ["counted_at"], schema=SCHEMA)
    make_table(
        "tip_day",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("tip_id", sa.Uuid(), nullable=False),
        column("read_on", sa.Date(), nullable=False),
        column("reads", sa.BigInteger(), nullable=False),
        counted_at(),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        sa.CheckConstraint("reads > 0", name="ck_tip_day_reads"),
        sa.ForeignKeyConstraint(["tip_id"], [f"{SCHEMA}.tip.id"], name="fk_tip_day_tip_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_tip_day_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.UniqueConstraint("tip_id", "tenant_id", "read_on", name="uq_tip_day_tip_id_tenant_id_read_on"),
        sa.PrimaryKeyConstraint("id", name="pk_tip_day"),
        wall=Wall(kind="tenant", versioned=False, write="select", definer="select insert update"),
        schema=SCHEMA,
    )
    op.create_index("ix_tip_day_pos", "tip_day", ["pos"], schema=SCHEMA)
    op.create_index("ix_tip_day_counted_at", "tip_day", ["counted_at"], schema=SCHEMA)


def downgrade() -> None:
    drop_table("tip_day", SCHEMA)
    op.drop_index("ix_tip_count_counted_at", "tip_count", schema=SCHEMA)
    op.drop_column("tip_count", "counted_at", schema=SCHEMA)
