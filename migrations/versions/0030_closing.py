"""Accounts that end: closed by their person, or merged into another one of theirs."""

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Keep, Wall, drop_rules, drop_table, keep_rows, let_definer, make_table, unlet_definer

revision = "0030"
down_revision = "0029"

column = sa.Column
AT, NOW = sa.DateTime(timezone=True), sa.text("now()")
TWICE, ONCE = "ck_account_ck_account_state", "ck_account_state"
LET = (("credential", "delete"), ("subscription", "delete"), ("oauth_consent", "delete"), ("notification", "update"))
KEPT = (
    Keep("wuji.account_erase", "asked_at", "7 days", "identity.retention.closure"),
    Keep("wuji.login_free", "closed_at", "30 days", "identity.retention.merged_login"),
    Keep("wuji.merge_code", "expires_at", "1 day", "identity.retention.merge_code"),
)


def upgrade() -> None:
    op.add_column("account", column("closed_at", AT), schema="wuji")
    op.add_column("account", column("merged_into", sa.Uuid()), schema="wuji")
    op.create_foreign_key(
        "fk_account_merged_into",
        "account",
        "account",
        ["merged_into"],
        ["id"],
        source_schema="wuji",
        referent_schema="wuji",
    )
    op.create_index("ix_account_merged_into", "account", ["merged_into"], schema="wuji")
    _states(TWICE, ONCE, "active", "suspended", "closed")
    _made()
    for table, commands in LET:
        let_definer(table, commands)
    keep_rows(*KEPT)


def downgrade() -> None:
    drop_rules(*(rule.table for rule in KEPT))
    for table, commands in LET:
        unlet_definer(table, commands)
    drop_table("merge_code")
    drop_table("account_closure")
    op.drop_index("ix_account_merged_into", "account", schema="wuji")
    op.drop_constraint("fk_account_merged_into", "account", schema="wuji")
    op.drop_column("account", "merged_into", schema="wuji")
    op.drop_column("account", "closed_at", schema="wuji")
    _states(ONCE, TWICE, "active", "suspended")


def _states(old: str, new: str, *states: str) -> None:
    """0002 named the rule twice over."""
    op.drop_constraint(op.f(old), "account", schema="wuji")
    op.create_check_constraint(op.f(new), "account", f"state in {states}", schema="wuji")


def _made() -> None:
    make_table(
        "account_closure",
        column("account_id", sa.Uuid(), nullable=False),
        column("asked_at", AT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_account_closure_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_account_closure"),
        wall=Wall(
            kind="account",
            own="account_id",
            key=False,
            versioned=False,
            write="select",
            definer="select insert update delete",
        ),
    )
    op.create_index("ix_account_closure_asked_at", "account_closure", ["asked_at"], schema="wuji")
    make_table(
        "merge_code",
        column("code_hash", sa.LargeBinary(), nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("expires_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_merge_code_account_id"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_merge_code"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert delete"),
    )
    op.create_index("ix_merge_code_account_id", "merge_code", ["account_id"], schema="wuji")
    op.create_index("ix_merge_code_expires_at", "merge_code", ["expires_at"], schema="wuji")
