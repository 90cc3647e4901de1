"""Logging in with an identity system that a place already has."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Keep, Wall, drop_rules, drop_table, keep_rows, make_table

revision = "0025"
down_revision = "0024"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
KEPT = Keep("wuji.login_state", "expires_at", "1 day", "identity.retention.login_state")


def upgrade() -> None:
    _providers()
    _secrets()
    _states()
    _identities()
    keep_rows(KEPT)


def _states() -> None:
    make_table(
        "login_state",
        column("state_hash", sa.LargeBinary(), nullable=False),
        column("browser_hash", sa.LargeBinary(), nullable=False),
        column("provider_id", sa.Uuid(), nullable=False),
        column("account_id", sa.Uuid()),
        column("kept", sa.LargeBinary(), nullable=False),
        column("target", TEXT, nullable=False),
        column("expires_at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["wuji.login_provider.id"], name="fk_login_state_provider_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_login_state_account_id"),
        sa.PrimaryKeyConstraint("state_hash", name="pk_login_state"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert delete"),
    )
    for name in ("provider_id", "account_id", "expires_at"):
        op.create_index(f"ix_login_state_{name}", "login_state", [name], schema="wuji")


def _identities() -> None:
    make_table(
        "external_identity",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("iss", TEXT, nullable=False),
        column("sub", TEXT, nullable=False),
        column("name", TEXT, nullable=False),
        column("linked_at", AT, server_default=NOW, nullable=False),
        column("used_at", AT),
        sa.CheckConstraint("length(sub) between 1 and 255", name="ck_external_identity_sub"),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_external_identity_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_external_identity"),
        sa.UniqueConstraint("iss", "sub", name="uq_external_identity_iss_sub"),
        sa.UniqueConstraint("account_id", "iss", name="uq_external_identity_account_id_iss"),
        wall=Wall(
            kind="account",
            own="account_id",
            key=False,
            versioned=False,
            write="select",
            definer="select insert update delete",
        ),
    )


def _providers() -> None:
    make_table(
        "login_provider",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("kind", TEXT, nullable=False),
        column("name", TEXT, nullable=False),
        column("issuer", TEXT, nullable=False),
        column("client_id", TEXT, nullable=False),
        column("options", postgresql.JSONB(), server_default="{}", nullable=False),
        column("admits", TEXT, nullable=False),
        column("is_on", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        column("created_by", sa.Uuid(), nullable=False),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("kind ~ '^[a-z][a-z0-9_.]{1,60}$'", name="ck_login_provider_kind"),
        sa.CheckConstraint("length(name) between 1 and 60", name="ck_login_provider_name"),
        sa.CheckConstraint("admits in ('linked', 'residents')", name="ck_login_provider_admits"),
        sa.CheckConstraint("length(options::text) <= 4000", name="ck_login_provider_options"),
        sa.ForeignKeyConstraint(["created_by"], ["wuji.account.id"], name="fk_login_provider_created_by"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_login_provider_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_login_provider"),
        wall=Wall(kind="downward", write="select", definer="select insert update delete"),
    )
    op.create_index("ix_login_provider_pos", "login_provider", ["pos"], schema="wuji")
    op.create_index("ix_login_provider_created_by", "login_provider", ["created_by"], schema="wuji")


def _secrets() -> None:
    make_table(
        "login_provider_secret",
        column("provider_id", sa.Uuid(), nullable=False),
        column("secret", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["wuji.login_provider.id"], name="fk_login_provider_secret_provider_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("provider_id", name="pk_login_provider_secret"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert update delete"),
    )


def downgrade() -> None:
    drop_rules(KEPT.table)
    for name in ("external_identity", "login_state", "login_provider_secret", "login_provider"):
        drop_table(name)
