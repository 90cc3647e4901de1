"""What a person proves themselves with beside the password: codes of an app on their phone, and codes on paper."""

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Wall, drop_table, make_table

revision = "0024"
down_revision = "0023"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")


def upgrade() -> None:
    make_table(
        "factor",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("kind", TEXT, nullable=False),
        column("name", TEXT, nullable=False),
        column("secret", sa.LargeBinary(), nullable=False),
        column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("confirmed_at", AT),
        column("used_at", AT),
        sa.CheckConstraint("kind in ('totp')", name="ck_factor_kind"),
        sa.CheckConstraint("length(name) between 1 and 60", name="ck_factor_name"),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_factor_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_factor"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert update delete"),
    )
    op.create_index("ix_factor_account_id", "factor", ["account_id"], schema="wuji")
    make_table(
        "recovery_code",
        column("account_id", sa.Uuid(), nullable=False),
        column("code_hash", sa.LargeBinary(), nullable=False),
        column("used_at", AT),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_recovery_code_account_id"),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name="pk_recovery_code"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert update delete"),
    )


def downgrade() -> None:
    drop_table("recovery_code")
    drop_table("factor")
