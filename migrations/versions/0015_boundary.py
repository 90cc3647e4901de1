"""Outlines of tenants, for maps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Wall, drop_table, make_table

revision = "0015"
down_revision = "0014"

column = sa.Column
TEXT, AT, JSON = sa.Text(collation="C"), sa.DateTime(timezone=True), postgresql.JSONB()
NOW = sa.text("now()")


def upgrade() -> None:
    shapes = [column(name, JSON, nullable=False) for name in ("geometry", "overview", "bbox", "centre")]
    make_table(
        "boundary",
        column("id", sa.Uuid(), server_default=sa.text("wuji.new_id()"), nullable=False),
        column("audience", postgresql.ARRAY(sa.Integer()), server_default="{0}"),
        *shapes,
        column("frame", TEXT, nullable=False),
        column("approved", TEXT, server_default="", nullable=False),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("frame in ('wgs84', 'gcj02', 'plan')", name="ck_boundary_frame"),
        sa.CheckConstraint("wuji.audience_ok(audience)", name="ck_boundary_audience"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_boundary_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_boundary"),
        sa.UniqueConstraint("tenant_id", name="uq_boundary_tenant_id"),
        wall=Wall(kind="tenant", audience=True),
    )
    everybody = {"postgresql_using": "gin", "postgresql_where": sa.text("audience is not null")}
    op.create_index("ix_boundary_audience", "boundary", ["audience"], schema="wuji", **everybody)
    op.create_index("ix_boundary_pos", "boundary", ["pos"], schema="wuji")


def downgrade() -> None:
    drop_table("boundary")
