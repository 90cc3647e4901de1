"""Figures: what was counted, and its sums."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Wall, drop_table, make_table

revision = "0013"
down_revision = "0012"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
DEFINER = "select insert update delete"
COUNTED = Wall(kind="system", versioned=False, definer=DEFINER)
TABLES = ("fact", "rollup", "rollup_person", "rollup_state")


def upgrade() -> None:
    fact()
    rollup()
    rollup_person()
    rollup_state()
    for table in TABLES:
        op.create_index(f"ix_{table}_pos", table, ["pos"], schema="wuji")


def downgrade() -> None:
    for table in reversed(TABLES):
        drop_table(table)


def owned(table: str) -> list[Any]:
    return [
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name=f"fk_{table}_tenant_id_pos",
            onupdate="CASCADE",
        ),
    ]


def words(*names: str) -> list[Any]:
    return [column(name, TEXT, nullable=False) for name in names]


def sums() -> list[Any]:
    numbers = [column(name, sa.Numeric(), nullable=False) for name in ("sum", "part")]
    return [*numbers, column("n", sa.BigInteger(), nullable=False)]


def fact() -> None:
    key = ["figure", "subject_id", "tenant_id", "happened_on", "person"]
    make_table(
        "fact",
        *words("figure", "subject_id"),
        column("happened_on", sa.Date(), nullable=False),
        column("person", TEXT, server_default="", nullable=False),
        *sums(),
        *owned("fact"),
        sa.PrimaryKeyConstraint(*key, name="pk_fact"),
        wall=COUNTED,
    )


def rollup() -> None:
    make_table(
        "rollup",
        *words("figure", "period"),
        column("starts_on", sa.Date(), nullable=False),
        *sums(),
        column("people", sa.BigInteger(), nullable=False),
        *owned("rollup"),
        sa.CheckConstraint("period in ('day', 'month', 'year')", name="ck_rollup_period"),
        sa.PrimaryKeyConstraint("tenant_id", "figure", "period", "starts_on", name="pk_rollup"),
        wall=Wall(kind="tenant", versioned=False, write="select", definer=DEFINER),
    )
    op.create_index("ix_rollup_starts_on", "rollup", ["figure", "period", "starts_on", "pos"], schema="wuji")


def rollup_person() -> None:
    make_table(
        "rollup_person",
        *words("figure", "period"),
        column("starts_on", sa.Date(), nullable=False),
        *words("person"),
        column("n", sa.BigInteger(), nullable=False),
        *owned("rollup_person"),
        sa.PrimaryKeyConstraint("tenant_id", "figure", "period", "starts_on", "person", name="pk_rollup_person"),
        wall=COUNTED,
    )


def rollup_state() -> None:
    make_table(
        "rollup_state",
        *words("figure", "measure"),
        column("people", sa.Boolean(), nullable=False),
        column("swept_at", AT),
        *owned("rollup_state"),
        sa.CheckConstraint("measure in ('sum', 'count', 'distinct', 'ratio')", name="ck_rollup_state_measure"),
        sa.PrimaryKeyConstraint("tenant_id", "figure", name="pk_rollup_state"),
        wall=COUNTED,
    )
