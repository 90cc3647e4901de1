"""Jobs that are tried again, and schedules."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Keep, Wall, drop_rules, drop_table, keep_rows, make_table

revision = "0010"
down_revision = "0009"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
OPEN = sa.text("state in ('waiting', 'running')")

ADDED = (
    column("due_at", AT),
    column("lane", TEXT),
    column("key", TEXT),
    column("most_attempts", sa.Integer(), server_default="5", nullable=False),
    column("begun_at", AT),
    column("run_until", AT),
    column("cancel_asked", sa.Boolean(), server_default="false", nullable=False),
    column("problem", postgresql.JSONB()),
    column("keep", sa.Boolean(), server_default="true", nullable=False),
    column("outcome", postgresql.JSONB()),
)
# The last time of each schedule at each root stays: from it on times are counted.
KEPT = Keep("wuji.schedule_run_lapse", "due_at", "90 days", "work.retention.schedule_run")


def upgrade() -> None:
    for one in ADDED:
        op.add_column("job", one, schema="wuji")
    op.create_index("ix_job_due", "job", ["due_at", "id"], schema="wuji", postgresql_where=sa.text("state = 'waiting'"))
    op.create_index("ix_job_lane", "job", ["lane", "id"], schema="wuji", postgresql_where=OPEN)
    op.create_index(
        "uq_job_key",
        "job",
        ["account_id", "key"],
        unique=True,
        schema="wuji",
        postgresql_where=sa.text("key is not null"),
    )
    schedule()
    schedule_run()
    keep_rows(KEPT)


def downgrade() -> None:
    drop_rules(KEPT.table)
    drop_table("schedule_run")
    drop_table("schedule")
    op.drop_index("uq_job_key", "job", schema="wuji")
    op.drop_index("ix_job_lane", "job", schema="wuji")
    op.drop_index("ix_job_due", "job", schema="wuji")
    for one in reversed(ADDED):
        op.drop_column("job", one.name, schema="wuji")


def schedule() -> None:
    make_table(
        "schedule",
        column("id", TEXT, nullable=False),
        column("owner", TEXT, nullable=False),
        column("cron", TEXT, nullable=False),
        column("task", TEXT, nullable=False),
        column("args", postgresql.JSONB(), server_default="{}", nullable=False),
        column("missed", TEXT, nullable=False),
        column("per_root", sa.Boolean(), server_default="true", nullable=False),
        column("paused", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint("missed in ('skip', 'once', 'all')", name="missed"),
        sa.PrimaryKeyConstraint("id", name="pk_schedule"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert update delete"),
    )


def schedule_run() -> None:
    make_table(
        "schedule_run",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("schedule_id", TEXT, nullable=False),
        column("tenant_id", sa.Integer()),
        column("due_at", AT, nullable=False),
        column("job_id", sa.Uuid()),
        column("made_at", AT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["wuji.schedule.id"], name="fk_schedule_run_schedule_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["wuji.tenant.id"], name="fk_schedule_run_tenant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_schedule_run"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert delete"),
    )
    op.create_index(
        "uq_schedule_run",
        "schedule_run",
        ["schedule_id", sa.literal_column("coalesce(tenant_id, 0)"), "due_at"],
        unique=True,
        schema="wuji",
    )
    op.create_index("ix_schedule_run_tenant_id", "schedule_run", ["tenant_id"], schema="wuji")
