"""Settings of tenants."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Wall, drop_table, make_table

revision = "0004"
down_revision = "0003"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")


def upgrade() -> None:
    make_table(
        "setting_value",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("key", TEXT, nullable=False),
        column("mode", TEXT, nullable=False),
        column("value", postgresql.JSONB(), nullable=False),
        column("reason", TEXT, server_default="", nullable=False),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("mode in ('set', 'suggest', 'lock')", name="ck_setting_value_mode"),
        sa.CheckConstraint("length(key) between 3 and 100", name="ck_setting_value_key"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_setting_value_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_setting_value"),
        sa.UniqueConstraint("tenant_id", "key", name="uq_setting_value_tenant_id_key"),
        wall=Wall(kind="downward", definer="select"),
    )
    op.create_index("ix_setting_value_pos", "setting_value", ["pos"], schema="wuji")


def downgrade() -> None:
    drop_table("setting_value")
