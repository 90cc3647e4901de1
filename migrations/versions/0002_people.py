"""People: accounts, sessions, roles, grants."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Wall, drop_table, execute, make_table

revision = "0002"
down_revision = "0001"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")


def upgrade() -> None:
    account()
    account_session()
    credential()
    login_attempt()
    one_time_link()
    role()
    role_grant()
    idempotency()
    execute("grant select on sequence wuji.role_id_seq to wuji_backup")


def downgrade() -> None:
    drop_table("idempotency")
    drop_table("role_grant")
    drop_table("role")
    drop_table("one_time_link")
    drop_table("login_attempt")
    drop_table("credential")
    drop_table("account_session")
    drop_table("account")


def account() -> None:
    make_table(
        "account",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("type", TEXT, server_default="person", nullable=False),
        column("login", TEXT, nullable=False),
        column("name", TEXT, nullable=False),
        column("name_key", TEXT, server_default="", nullable=False),
        column("locale", TEXT, server_default="zh-CN", nullable=False),
        column("state", TEXT, server_default="active", nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("locale in ('zh-CN', 'en')", name="ck_account_locale"),
        sa.CheckConstraint("state in ('active', 'suspended')", name="ck_account_state"),
        sa.CheckConstraint("type in ('person', 'service', 'system')", name="ck_account_type"),
        sa.CheckConstraint("length(login) between 2 and 64 and login = lower(login)", name="ck_account_login"),
        sa.CheckConstraint("length(name) between 1 and 100", name="ck_account_name"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("login", name="uq_account_login"),
        wall=Wall(
            kind="account",
            own="id",
            write="select update",
            columns=("locale", "name", "name_key"),
            definer="select insert update",
            system="select",
            key=False,
        ),
    )
    op.create_index(
        "uq_account_system",
        "account",
        ["type"],
        unique=True,
        schema="wuji",
        postgresql_where=sa.text("type = 'system'"),
    )


def account_session() -> None:
    make_table(
        "account_session",
        column("token_hash", sa.LargeBinary(), nullable=False),
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("auth_time", AT, server_default=NOW, nullable=False),
        column("acr", TEXT, server_default="urn:wuji:acr:1", nullable=False),
        column("amr", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        column("device", TEXT, server_default="", nullable=False),
        column("used_at", AT, server_default=NOW, nullable=False),
        column("idle_at", AT, nullable=False),
        column("ends_at", AT, nullable=False),
        column("revoked_at", AT),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_account_session_account_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_account_session"),
        sa.UniqueConstraint("id", name="uq_account_session_id"),
        wall=Wall(kind="system", definer="select insert update delete", key=False, versioned=False),
    )
    op.create_index("ix_account_session_account_id", "account_session", ["account_id"], schema="wuji")
    op.create_index("ix_account_session_ends_at", "account_session", ["ends_at"], schema="wuji")


def credential() -> None:
    make_table(
        "credential",
        column("account_id", sa.Uuid(), nullable=False),
        column("kind", TEXT, nullable=False),
        column("secret", TEXT, nullable=False),
        column("changed_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("kind in ('password')", name="ck_credential_kind"),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_credential_account_id"),
        sa.PrimaryKeyConstraint("account_id", "kind", name="pk_credential"),
        wall=Wall(kind="system", definer="select insert update", key=False, versioned=False),
    )


def login_attempt() -> None:
    make_table(
        "login_attempt",
        column("key", sa.LargeBinary(), nullable=False),
        column("failures", sa.Float(), nullable=False),
        column("failed_at", AT, server_default=NOW, nullable=False),
        column("until", AT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_login_attempt"),
        wall=Wall(kind="system", definer="select insert update delete", key=False, versioned=False),
    )
    op.create_index("ix_login_attempt_failed_at", "login_attempt", ["failed_at"], schema="wuji")


def one_time_link() -> None:
    make_table(
        "one_time_link",
        column("token_hash", sa.LargeBinary(), nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("purpose", TEXT, nullable=False),
        column("made_by", sa.Uuid()),
        column("expires_at", AT, nullable=False),
        column("used_at", AT),
        sa.CheckConstraint("purpose in ('first_password', 'lost_password')", name="ck_one_time_link_purpose"),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_one_time_link_account_id"),
        sa.ForeignKeyConstraint(["made_by"], ["wuji.account.id"], name="fk_one_time_link_made_by"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_one_time_link"),
        wall=Wall(kind="system", definer="select insert update delete", key=False, versioned=False),
    )
    op.create_index("ix_one_time_link_account_id", "one_time_link", ["account_id"], schema="wuji")


def role() -> None:
    make_table(
        "role",
        column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        column("name", TEXT, nullable=False),
        column("label", TEXT, nullable=False),
        column("labels", postgresql.JSONB(), server_default="{}", nullable=False),
        column("permissions", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        column("reach", TEXT, nullable=False),
        column("class", sa.SmallInteger(), nullable=False),
        column("tenant_id", sa.Integer()),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue()),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("reach in ('subtree', 'audience')", name="ck_role_reach"),
        sa.CheckConstraint('"class" between 0 and 3', name="ck_role_class"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_role_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_role"),
        wall=Wall(kind="downward", nullable=True, write="select", definer="select insert update delete"),
    )
    op.create_index("ix_role_pos", "role", ["pos"], schema="wuji")
    op.create_index(
        "uq_role_name", "role", [sa.literal_column("coalesce(tenant_id, 0)"), "name"], unique=True, schema="wuji"
    )


def role_grant() -> None:
    make_table(
        "role_grant",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("account_name", TEXT, nullable=False),
        column("role_id", sa.Integer(), nullable=False),
        column("given_by", sa.Uuid(), nullable=False),
        column("given_at", AT, server_default=NOW, nullable=False),
        column("expires_at", AT),
        column("revoked_at", AT),
        column("revoked_by", sa.Uuid()),
        column("tenant_id", sa.Integer()),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue()),
        sa.CheckConstraint("given_by <> account_id", name="ck_role_grant_given_by"),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_role_grant_account_id"),
        sa.ForeignKeyConstraint(["given_by"], ["wuji.account.id"], name="fk_role_grant_given_by"),
        sa.ForeignKeyConstraint(["revoked_by"], ["wuji.account.id"], name="fk_role_grant_revoked_by"),
        sa.ForeignKeyConstraint(["role_id"], ["wuji.role.id"], name="fk_role_grant_role_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_role_grant_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_role_grant"),
        wall=Wall(
            kind="tenant",
            nullable=True,
            own="account_id",
            write="select",
            definer="select insert update",
            versioned=False,
        ),
    )
    op.create_index("ix_role_grant_account_id", "role_grant", ["account_id"], schema="wuji")
    op.create_index("ix_role_grant_given_by", "role_grant", ["given_by"], schema="wuji")
    op.create_index("ix_role_grant_pos", "role_grant", ["pos"], schema="wuji")
    op.create_index("ix_role_grant_given_at_id", "role_grant", ["given_at", "id"], schema="wuji")


def idempotency() -> None:
    make_table(
        "idempotency",
        column("account_id", sa.Uuid(), nullable=False),
        column("key", TEXT, nullable=False),
        column("fingerprint", sa.LargeBinary(), nullable=False),
        column("answer", postgresql.JSONB()),
        column("expires_at", AT, server_default=sa.text("now() + interval '1 day'"), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "key", name="pk_idempotency"),
        wall=Wall(kind="account", own="account_id", definer="select delete", key=False, versioned=False),
    )
    op.create_index("ix_idempotency_expires_at", "idempotency", ["expires_at"], schema="wuji")
