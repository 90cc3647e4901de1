"""What reads the journal after commit."""

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Wall, drop_table, execute, make_table

revision = "0009"
down_revision = "0008"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
ALL = "select insert update delete"
ADDED = ("kinds", "runs", "paused", "fault", "fault_at")


def upgrade() -> None:
    consumer()
    poison()
    bell()


def downgrade() -> None:
    drop_table("bell")
    drop_table("poison")
    for command in ALL.split():
        execute(f"drop policy wuji_definer_{command} on wuji.consumer")
    execute("revoke all on wuji.consumer from wuji_definer")
    for name in ADDED:
        op.drop_column("consumer", name, schema="wuji")


def consumer() -> None:
    # The one consumer that is there is the sealer, which keeps its place itself.
    execute(
        "alter table wuji.consumer add column kinds text[] collate \"C\" not null default '{}'",
        "alter table wuji.consumer add column runs text collate \"C\" not null default 'chore' "
        "constraint ck_consumer_runs check (runs in ('relay', 'job', 'chore'))",
        "alter table wuji.consumer add column paused boolean not null default false",
        'alter table wuji.consumer add column fault text collate "C"',
        "alter table wuji.consumer add column fault_at timestamptz",
    )
    for command in ALL.split():
        using = "" if command == "insert" else " using (true)"
        check = " with check (true)" if command in {"insert", "update"} else ""
        execute(f"create policy wuji_definer_{command} on wuji.consumer for {command} to wuji_definer{using}{check}")
    execute("grant select, insert, update, delete on wuji.consumer to wuji_definer")


def poison() -> None:
    make_table(
        "poison",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("consumer", TEXT, nullable=False),
        column("record_id", sa.Uuid(), nullable=False),
        column("reason", TEXT, nullable=False),
        column("attempts", sa.Integer(), server_default="1", nullable=False),
        column("state", TEXT, server_default="aside", nullable=False),
        column("at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("state in ('aside', 'asked', 'telling')", name="ck_poison_state"),
        sa.ForeignKeyConstraint(["consumer"], ["wuji.consumer.name"], name="fk_poison_consumer", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["record_id"], ["wuji.journal_record.id"], name="fk_poison_record_id"),
        sa.PrimaryKeyConstraint("id", name="pk_poison"),
        sa.UniqueConstraint("consumer", "record_id", name="uq_poison_consumer_record_id"),
        wall=Wall(kind="system", key=False, versioned=False, definer=ALL, system=ALL),
    )
    op.create_index(
        "ix_poison_asked",
        "poison",
        ["consumer", "id"],
        schema="wuji",
        postgresql_where=sa.text("state = 'asked'"),
    )


def bell() -> None:
    make_table(
        "bell",
        column("name", TEXT, nullable=False),
        column("asleep", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_bell"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert", system="select update"),
    )
