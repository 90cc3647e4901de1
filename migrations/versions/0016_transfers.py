"""Trees that part and join with both sides' consent, and where roles and facts stood before tenants were merged."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Keep, Wall, drop_rules, drop_table, keep_rows, make_table

revision = "0016"
down_revision = "0015"

column = sa.Column
TEXT, AT, JSON = sa.Text(collation="C"), sa.DateTime(timezone=True), postgresql.JSONB()
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
RULES = (
    sa.CheckConstraint("op in ('adopt', 'release')", name="ck_tenant_transfer_op"),
    sa.CheckConstraint("side in ('subject', 'parent')", name="ck_tenant_transfer_side"),
    sa.CheckConstraint("undo_side in ('subject', 'parent')", name="ck_tenant_transfer_undo_side"),
    sa.CheckConstraint(
        "state in ('asked', 'withdrawn', 'declined', 'applied', 'undone')", name="ck_tenant_transfer_state"
    ),
    sa.CheckConstraint("state <> 'applied' or requested_by <> answered_by", name="ck_tenant_transfer_answered_by"),
    sa.CheckConstraint("undo_asked_by <> undone_by", name="ck_tenant_transfer_undone_by"),
    sa.CheckConstraint("subject_id <> parent_id", name="ck_tenant_transfer_parent_id"),
)
KEPT = (
    Keep("wuji.tenant_change_lapse", "expires_at", "365 days", "tenancy.retention.change"),
    Keep("wuji.tenant_transfer_lapse", "expires_at", "365 days", "tenancy.retention.transfer"),
)


def upgrade() -> None:
    tenant_transfer()
    role_grant_former()
    fact_former()
    keep_rows(*KEPT)


def downgrade() -> None:
    drop_rules(*(rule.table for rule in KEPT))
    for table in ("fact_former", "role_grant_former", "tenant_transfer"):
        drop_table(table)


def identity() -> Any:
    return column("id", sa.Uuid(), server_default=NEW_ID, nullable=False)


def points(table: str, to: str, *names: str) -> list[Any]:
    return [sa.ForeignKeyConstraint([name], [f"wuji.{to}.id"], name=f"fk_{table}_{name}") for name in names]


def tenant_transfer() -> None:
    people = ("requested_by", "answered_by", "undo_asked_by", "undone_by")
    make_table(
        "tenant_transfer",
        identity(),
        column("op", TEXT, nullable=False),
        column("subject_id", sa.Integer(), nullable=False),
        column("parent_id", sa.Integer(), nullable=False),
        column("level", sa.SmallInteger(), nullable=False),
        *(column(name, TEXT, nullable=False) for name in ("code", "side")),
        column("state", TEXT, server_default="asked", nullable=False),
        column("reason", TEXT, nullable=False),
        column("fingerprint", TEXT, server_default="", nullable=False),
        column("requested_by", sa.Uuid(), nullable=False),
        column("expires_at", AT, nullable=False),
        column("answered_by", sa.Uuid()),
        column("answered_at", AT),
        column("answer", TEXT, server_default="", nullable=False),
        column("plan", JSON, server_default="{}", nullable=False),
        column("undo", JSON, server_default="{}", nullable=False),
        column("undo_side", TEXT),
        column("undo_asked_by", sa.Uuid()),
        column("undo_reason", TEXT, server_default="", nullable=False),
        column("undone_by", sa.Uuid()),
        column("undone_at", AT),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        *RULES,
        *points("tenant_transfer", "tenant", "subject_id", "parent_id"),
        *points("tenant_transfer", "account", *people),
        sa.PrimaryKeyConstraint("id", name="pk_tenant_transfer"),
        wall=Wall(kind="system", key=False, definer="select insert update delete"),
    )
    for side in ("subject_id", "parent_id"):
        op.create_index(f"ix_tenant_transfer_{side}_created_at", "tenant_transfer", [side, "created_at"], schema="wuji")


def role_grant_former() -> None:
    make_table(
        "role_grant_former",
        identity(),
        column("role_grant_id", sa.Uuid(), nullable=False),
        column("tenant_id", sa.Integer(), nullable=False),
        column("until", sa.Date(), nullable=False),
        *points("role_grant_former", "role_grant", "role_grant_id"),
        *points("role_grant_former", "tenant", "tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_role_grant_former"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert"),
    )
    op.create_index(
        "ix_role_grant_former_role_grant_id_until", "role_grant_former", ["role_grant_id", "until"], schema="wuji"
    )


def fact_former() -> None:
    make_table(
        "fact_former",
        identity(),
        column("figure", TEXT, nullable=False),
        column("subject_id", TEXT, nullable=False),
        *(column(name, sa.Integer(), nullable=False) for name in ("from_id", "to_id")),
        *(column(name, sa.Date(), nullable=False) for name in ("until", "happened_on")),
        column("person", TEXT, nullable=False),
        *(column(name, sa.Numeric(), nullable=False) for name in ("sum", "part")),
        column("n", sa.BigInteger(), nullable=False),
        *points("fact_former", "tenant", "from_id", "to_id"),
        sa.PrimaryKeyConstraint("id", name="pk_fact_former"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert delete"),
    )
    for name, columns in (("figure_until", ["figure", "until"]), ("from_id", ["from_id"]), ("to_id", ["to_id"])):
        op.create_index(f"ix_fact_former_{name}", "fact_former", columns, schema="wuji")
