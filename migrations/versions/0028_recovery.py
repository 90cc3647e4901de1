"""Accounts that two officials recover for whoever lost their second steps."""

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Wall, drop_table, make_table

revision = "0028"
down_revision = "0027"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
PEOPLE = ("account_id", "asked_by", "agreed_by", "ended_by")


def upgrade() -> None:
    make_table(
        "account_recovery",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("account_name", TEXT, nullable=False),
        column("asked_by", sa.Uuid(), nullable=False),
        column("reason", TEXT, nullable=False),
        column("expires_at", AT, nullable=False),
        column("agreed_by", sa.Uuid()),
        column("agreed_at", AT),
        column("ended_by", sa.Uuid()),
        column("ended_at", AT),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        *_rules(),
        wall=Wall(kind="tenant", own="account_id", write="select", definer="select insert update"),
    )
    for name in ("pos", *PEOPLE):
        op.create_index(f"ix_account_recovery_{name}", "account_recovery", [name], schema="wuji")
    op.create_index(
        "uq_account_recovery_waiting",
        "account_recovery",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("agreed_at is null and ended_at is null"),
        schema="wuji",
    )


def _rules() -> list[sa.Constraint]:
    people = [
        sa.ForeignKeyConstraint([name], ["wuji.account.id"], name=f"fk_account_recovery_{name}") for name in PEOPLE
    ]
    place = sa.ForeignKeyConstraint(
        ["tenant_id", "pos"],
        ["wuji.tenant.id", "wuji.tenant.pos"],
        name="fk_account_recovery_tenant_id_pos",
        onupdate="CASCADE",
    )
    return [
        sa.CheckConstraint("length(reason) between 1 and 200", name=op.f("ck_account_recovery_reason")),
        sa.CheckConstraint("agreed_by <> asked_by", name=op.f("ck_account_recovery_two")),
        sa.CheckConstraint("(agreed_by is null) = (agreed_at is null)", name=op.f("ck_account_recovery_agreed")),
        sa.CheckConstraint("(ended_by is null) = (ended_at is null)", name=op.f("ck_account_recovery_ended")),
        *people,
        place,
        sa.PrimaryKeyConstraint("id", name="pk_account_recovery"),
    ]


def downgrade() -> None:
    drop_table("account_recovery")
