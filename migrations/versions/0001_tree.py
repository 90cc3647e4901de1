"""The tree, and what the wall itself needs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Wall, drop_table, execute, lay_foundation, make_table, unlay_foundation

DIRECTORY = (  # as PostgreSQL prints it back
    "((state = 'active'::text) OR ((( SELECT wuji.scope_is(wuji.plan_lo(), wuji.plan_hi(), wuji.plan_tokens(), wuji.plan_anc(), "
    "wuji.plan_account(), wuji.plan_operator()) AS scope_is) IS NOT NULL) "
    "AND (((pos >= wuji.plan_lo()) AND (pos <= wuji.plan_hi())) OR (wuji.plan_operator() AND (parent_id IS NULL)))))"
)

revision = "0001"
down_revision = None

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")

PRESENT = sa.text("valid_to is null")
HISTORY = Wall(
    kind="global", write="select", definer="select insert update", system="select", key=False, versioned=False
)
TENANT_CHECKS = (
    sa.CheckConstraint(
        "category in ('territory', 'agency', 'school', 'enterprise', 'association')", name="ck_tenant_category"
    ),
    sa.CheckConstraint("state in ('active', 'suspended', 'archived')", name="ck_tenant_state"),
    sa.CheckConstraint("(parent_id is null) = (id = root_id)", name="ck_tenant_root"),
    sa.CheckConstraint("ancestors[1] = root_id and ancestors[cardinality(ancestors)] = id", name="ck_tenant_ancestors"),
    sa.CheckConstraint("level between 1 and 5", name="ck_tenant_level"),
    sa.CheckConstraint(
        "pos > 0 and pos % wuji.span(level::int) = 0 and pos_hi = pos + wuji.span(level::int) - 1", name="ck_tenant_pos"
    ),
)
BACKUP_SEQUENCES = "grant select on all sequences in schema wuji to wuji_backup"  # a dump reads their values


def upgrade() -> None:
    lay_foundation()
    execute("create sequence wuji.root_slot maxvalue 9999")
    tenant()
    tenant_place()
    tenant_code()
    tenant_name()
    tenant_profile()
    signing_key()
    retention()
    execute("grant usage on sequence wuji.tenant_id_seq, wuji.root_slot to wuji_definer", BACKUP_SEQUENCES)


def downgrade() -> None:
    drop_table("retention")
    drop_table("signing_key")
    drop_table("tenant_profile")
    drop_table("tenant_name")
    drop_table("tenant_code")
    drop_table("tenant_place")
    drop_table("tenant")
    execute("drop sequence wuji.root_slot")
    unlay_foundation()


def tenant() -> None:
    make_table(
        "tenant",
        column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        column("root_id", sa.Integer(), nullable=False),
        column("parent_id", sa.Integer()),
        column("level", sa.SmallInteger(), nullable=False),
        column("category", TEXT, server_default="territory", nullable=False),
        column("name", TEXT, nullable=False),
        column("name_key", TEXT, nullable=False),
        column("pos", sa.BigInteger(), nullable=False),
        column("pos_hi", sa.BigInteger(), nullable=False),
        column("ancestors", postgresql.ARRAY(sa.Integer()), nullable=False),
        column("next_child", postgresql.ARRAY(sa.Integer()), server_default="{1,1,1,1,1}", nullable=False),
        column("state", TEXT, server_default="active", nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        *TENANT_CHECKS,
        sa.ForeignKeyConstraint(["parent_id"], ["wuji.tenant.id"], name="fk_tenant_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tenant"),
        sa.UniqueConstraint("id", "pos", name="uq_tenant_id_pos"),
        sa.UniqueConstraint("pos", name="uq_tenant_pos"),
        wall=Wall(
            kind="global",
            write="select",
            definer="select insert update",
            system="select",
            read=DIRECTORY,
            key=False,
            versioned=False,
        ),
    )
    op.create_index("ix_tenant_closed", "tenant", ["id"], schema="wuji", postgresql_where=sa.text("state <> 'active'"))
    op.create_index("ix_tenant_name_key_id", "tenant", ["name_key", "id"], schema="wuji")
    op.create_index("ix_tenant_parent_id_id", "tenant", ["parent_id", "id"], schema="wuji")


def tenant_place() -> None:
    make_table(
        "tenant_place",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("tenant_id", sa.Integer(), nullable=False),
        column("parent_id", sa.Integer()),
        column("level", sa.SmallInteger(), nullable=False),
        column("valid_from", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        column("valid_to", sa.Date()),
        sa.ForeignKeyConstraint(["parent_id"], ["wuji.tenant.id"], name="fk_tenant_place_parent_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["wuji.tenant.id"], name="fk_tenant_place_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tenant_place"),
        wall=HISTORY,
    )
    op.create_index(
        "uq_tenant_place_now", "tenant_place", ["tenant_id"], unique=True, schema="wuji", postgresql_where=PRESENT
    )


def tenant_code() -> None:
    make_table(
        "tenant_code",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("tenant_id", sa.Integer(), nullable=False),
        column("code", TEXT, nullable=False),
        column("kind", TEXT, server_default="division", nullable=False),
        column("valid_from", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        column("valid_to", sa.Date()),
        sa.CheckConstraint("kind in ('division', 'uscc')", name="ck_tenant_code_kind"),
        sa.CheckConstraint("length(code) between 1 and 32", name="ck_tenant_code_code"),
        sa.ForeignKeyConstraint(["tenant_id"], ["wuji.tenant.id"], name="fk_tenant_code_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tenant_code"),
        wall=HISTORY,
    )
    op.create_index("ix_tenant_code_code", "tenant_code", ["code"], schema="wuji")
    op.create_index("uq_tenant_code_now", "tenant_code", ["code"], unique=True, schema="wuji", postgresql_where=PRESENT)
    op.create_index(
        "uq_tenant_code_tenant", "tenant_code", ["tenant_id"], unique=True, schema="wuji", postgresql_where=PRESENT
    )


def tenant_name() -> None:
    make_table(
        "tenant_name",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("tenant_id", sa.Integer(), nullable=False),
        column("name", TEXT, nullable=False),
        column("valid_from", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        column("valid_to", sa.Date()),
        sa.ForeignKeyConstraint(["tenant_id"], ["wuji.tenant.id"], name="fk_tenant_name_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tenant_name"),
        wall=HISTORY,
    )
    op.create_index(
        "uq_tenant_name_now", "tenant_name", ["tenant_id"], unique=True, schema="wuji", postgresql_where=PRESENT
    )


def tenant_profile() -> None:
    make_table(
        "tenant_profile",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("contact", TEXT, server_default="", nullable=False),
        column("about", TEXT, server_default="", nullable=False),
        column("theme", postgresql.JSONB(), server_default="{}", nullable=False),
        column("setup", postgresql.JSONB(), server_default="[]", nullable=False),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_tenant_profile_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tenant_profile"),
        sa.UniqueConstraint("tenant_id", name="uq_tenant_profile_tenant_id"),
        wall=Wall(kind="tenant", definer="select insert update"),
    )
    op.create_index("ix_tenant_profile_pos", "tenant_profile", ["pos"], schema="wuji")


def signing_key() -> None:
    make_table(
        "signing_key",
        column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        column("use", TEXT, nullable=False),
        column("inner_pad", sa.LargeBinary(), nullable=False),
        column("outer_pad", sa.LargeBinary(), nullable=False),
        column("valid_from", AT, server_default=NOW, nullable=False),
        column("retired_at", AT),
        sa.CheckConstraint("use in ('scope', 'seal')", name="ck_signing_key_use"),
        sa.PrimaryKeyConstraint("id", name="pk_signing_key"),
        wall=Wall(kind="system", definer="select insert update", key=False, versioned=False),
    )


def retention() -> None:
    make_table(
        "retention",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("table_name", TEXT, nullable=False),
        column("counted_from", TEXT, nullable=False),
        column("keep_for", sa.Interval(), nullable=False),
        column("basis", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retention"),
        sa.UniqueConstraint("table_name", name="uq_retention_table_name"),
        wall=Wall(kind="global", write="select", definer="select", key=False, versioned=False),
    )
