"""Changes of the tree that can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Wall, drop_table, make_table

revision = "0012"
down_revision = "0011"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
RULES = (
    sa.CheckConstraint("op in ('move', 'relevel', 'split', 'merge', 'dissolve')", name="ck_tenant_change_op"),
    sa.CheckConstraint("state in ('applied', 'undone')", name="ck_tenant_change_state"),
    sa.CheckConstraint("(state = 'undone') = (undone_at is not null)", name="ck_tenant_change_undone_at"),
    sa.ForeignKeyConstraint(["requested_by"], ["wuji.account.id"], name="fk_tenant_change_requested_by"),
    sa.ForeignKeyConstraint(["subject_id"], ["wuji.tenant.id"], name="fk_tenant_change_subject_id"),
    sa.ForeignKeyConstraint(["undone_by"], ["wuji.account.id"], name="fk_tenant_change_undone_by"),
    sa.ForeignKeyConstraint(
        ["tenant_id", "pos"],
        ["wuji.tenant.id", "wuji.tenant.pos"],
        name="fk_tenant_change_tenant_id_pos",
        onupdate="CASCADE",
    ),
    sa.PrimaryKeyConstraint("id", name="pk_tenant_change"),
)


def upgrade() -> None:
    make_table(
        "tenant_change",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("op", TEXT, nullable=False),
        column("subject_id", sa.Integer(), nullable=False),
        column("plan", postgresql.JSONB(), nullable=False),
        column("undo", postgresql.JSONB(), nullable=False),
        column("made", postgresql.ARRAY(sa.Integer()), server_default="{}", nullable=False),
        column("carried", postgresql.JSONB(), server_default="{}", nullable=False),
        column("state", TEXT, server_default="applied", nullable=False),
        column("reason", TEXT, server_default="", nullable=False),
        column("requested_by", sa.Uuid(), nullable=False),
        column("expires_at", AT, nullable=False),
        column("undone_at", AT),
        column("undone_by", sa.Uuid()),
        column("undo_reason", TEXT, server_default="", nullable=False),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        *RULES,
        wall=Wall(kind="tenant", write="select", definer="select insert update"),
    )
    # who stood below a tenant on a day
    op.create_index("ix_tenant_place_parent_id", "tenant_place", ["parent_id"], schema="wuji")
    op.create_index("ix_tenant_change_pos", "tenant_change", ["pos"], schema="wuji")
    op.create_index("ix_tenant_change_subject_id", "tenant_change", ["subject_id"], schema="wuji")
    op.create_index(
        "ix_tenant_change_tenant_id_created_at_id", "tenant_change", ["tenant_id", "created_at", "id"], schema="wuji"
    )


def downgrade() -> None:
    op.drop_index("ix_tenant_place_parent_id", "tenant_place", schema="wuji")
    drop_table("tenant_change")
