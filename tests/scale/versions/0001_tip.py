"""The table that the wall is measured on, walled as any plugin's is."""

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Wall, drop_table, found_schema, make_table

revision = "0001"
down_revision = None

SCHEMA = "plugin_bench"


def upgrade() -> None:
    found_schema(SCHEMA)
    make_table(
        "tip",
        sa.Column("id", sa.Uuid(), server_default=sa.text("wuji.new_id()"), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        sa.Column("audience", sa.ARRAY(sa.Integer())),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("title", sa.Text(collation="C"), nullable=False),
        sa.CheckConstraint("wuji.audience_ok(audience)", name="ck_tip_audience"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_tip_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tip"),
        wall=Wall(kind="tenant", audience=True),
        schema=SCHEMA,
    )
    op.create_index("ix_tip_pos", "tip", ["pos"], schema=SCHEMA)
    op.create_index("ix_tip_title_id", "tip", ["title", "id"], schema=SCHEMA)
    shown = sa.text("audience is not null")
    op.create_index(
        "ix_tip_audience", "tip", ["audience"], schema=SCHEMA, postgresql_using="gin", postgresql_where=shown
    )


def downgrade() -> None:
    drop_table("tip", SCHEMA)
