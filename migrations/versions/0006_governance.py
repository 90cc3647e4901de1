"""Plugins, and the rules that say where they are active."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Wall, drop_table, make_table

revision = "0006"
down_revision = "0005"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
RULE_CHECKS = (
    sa.CheckConstraint("rule in ('require', 'offer', 'forbid', 'inherit')", name="ck_plugin_rule_rule"),
    sa.CheckConstraint("is_on is null or rule = 'offer'", name="ck_plugin_rule_is_on"),
    sa.CheckConstraint(
        "stages is null or rule = 'require' or (rule = 'offer' and is_on)", name="ck_plugin_rule_stages"
    ),
    sa.CheckConstraint("paused_at is null or stages is not null", name="ck_plugin_rule_paused_at"),
    sa.CheckConstraint("allows = '{}' or (reason <> '' and until is not null)", name="ck_plugin_rule_allows"),
)


def upgrade() -> None:
    make_table(
        "plugin",
        column("id", TEXT, nullable=False),
        column("version", TEXT, nullable=False),
        column("revision", TEXT),
        column("state", TEXT, server_default="active", nullable=False),
        column("reason", TEXT, server_default="", nullable=False),
        column("fault", postgresql.JSONB()),
        column("fault_at", AT),
        column("installed_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("state in ('active', 'suspended')", name="ck_plugin_state"),
        sa.PrimaryKeyConstraint("id", name="pk_plugin"),
        wall=Wall(kind="global", key=False, versioned=False, write="select", definer="select insert update delete"),
    )
    make_table(
        "plugin_epoch",
        column("id", sa.Integer(), autoincrement=False, nullable=False),
        column("n", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_plugin_epoch_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plugin_epoch"),
        wall=Wall(kind="global", key=False, versioned=False, write="select", definer="select insert update"),
    )
    plugin_rule()


def downgrade() -> None:
    for table in ("plugin_rule", "plugin_epoch", "plugin"):
        drop_table(table)


def plugin_rule() -> None:
    make_table(
        "plugin_rule",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("plugin_id", TEXT, nullable=False),
        column("by_tenant_id", sa.Integer(), nullable=False),
        column("rule", TEXT, nullable=False),
        column("is_on", sa.Boolean()),
        column("reason", TEXT, server_default="", nullable=False),
        column("until", sa.Date()),
        column("stages", postgresql.JSONB()),
        column("paused_at", AT),
        column("allows", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        column("set_by", sa.Uuid()),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        *RULE_CHECKS,
        sa.ForeignKeyConstraint(["by_tenant_id"], ["wuji.tenant.id"], name="fk_plugin_rule_by_tenant_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_plugin_rule_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plugin_rule"),
        sa.UniqueConstraint(
            "tenant_id", "plugin_id", "by_tenant_id", name="uq_plugin_rule_tenant_id_plugin_id_by_tenant_id"
        ),
        wall=Wall(kind="downward", write="select", definer="select insert update delete"),
    )
    op.create_index("ix_plugin_rule_pos", "plugin_rule", ["pos"], schema="wuji")
    op.create_index("ix_plugin_rule_by_tenant_id", "plugin_rule", ["by_tenant_id"], schema="wuji")
