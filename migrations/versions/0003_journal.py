"""The journal, stored files, jobs, and how long rows are kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Keep, Wall, Xid8, drop_rules, drop_table, keep_rows, make_table

revision = "0003"
down_revision = "0002"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")

# What is over is of use for a while: a session to the person who asks where they were logged in, a job to whoever waits.
# A job counts from its end: one that has none is not over.
KEPT = (
    Keep("wuji.account_session", "ends_at", "30 days", "kit.retention.account_session"),
    Keep("wuji.login_attempt", "failed_at", "1 day", "kit.retention.login_attempt"),
    Keep("wuji.one_time_link", "expires_at", "90 days", "kit.retention.one_time_link"),
    Keep("wuji.idempotency", "expires_at", "0 days", "kit.retention.idempotency"),
    Keep("wuji.file", "expires_at", "0 days", "kit.retention.file"),
    Keep("wuji.job", "finished_at", "90 days", "kit.retention.job"),
)


def upgrade() -> None:
    journal_record()
    journal_seal()
    consumer()
    file()
    job()
    keep_rows(*KEPT)


def downgrade() -> None:
    drop_rules(*(rule.table for rule in KEPT))
    drop_table("job")
    drop_table("file")
    drop_table("consumer")
    drop_table("journal_seal")
    drop_table("journal_record")


def place(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "pos"],
        ["wuji.tenant.id", "wuji.tenant.pos"],
        name=f"fk_{table}_tenant_id_pos",
        onupdate="CASCADE",
    )


def journal_record() -> None:
    make_table(
        "journal_record",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        column("root_id", sa.Integer()),
        column("account_id", sa.Uuid()),
        column("event_id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("verb", TEXT, nullable=False),
        column("kind", TEXT, nullable=False),
        column("subject_id", TEXT),
        column("fields", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        column("reason", TEXT, server_default="", nullable=False),
        column("at", AT, server_default=NOW, nullable=False),
        column("tenant_id", sa.Integer()),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue()),
        place("journal_record"),
        sa.PrimaryKeyConstraint("id", name="pk_journal_record"),
        wall=Wall(
            kind="tenant",
            nullable=True,
            own="account_id",
            write="select",
            definer="select insert",
            system="select",
            versioned=False,
        ),
    )
    op.create_index("ix_journal_record_account_id_at_id", "journal_record", ["account_id", "at", "id"], schema="wuji")
    op.create_index("ix_journal_record_at_id", "journal_record", ["at", "id"], schema="wuji")
    op.create_index("ix_journal_record_kind_subject_id", "journal_record", ["kind", "subject_id"], schema="wuji")
    op.create_index("ix_journal_record_pos", "journal_record", ["pos"], schema="wuji")
    op.create_index("ix_journal_record_xid_id", "journal_record", ["xid", "id"], schema="wuji")


def journal_seal() -> None:
    make_table(
        "journal_seal",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("seq", sa.BIGINT(), nullable=False),
        column("record_id", sa.Uuid(), nullable=False),
        column("prev", sa.LargeBinary(), nullable=False),
        column("hash", sa.LargeBinary(), nullable=False),
        column("at", AT, server_default=NOW, nullable=False),
        column("tenant_id", sa.Integer()),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue()),
        sa.CheckConstraint("length(hash) = 32 and length(prev) = 32", name="ck_journal_seal_hash"),
        place("journal_seal"),
        sa.PrimaryKeyConstraint("id", name="pk_journal_seal"),
        sa.UniqueConstraint("record_id", name="uq_journal_seal_record_id"),
        wall=Wall(kind="tenant", nullable=True, write="select", system="select insert", versioned=False),
    )
    op.create_index("ix_journal_seal_pos", "journal_seal", ["pos"], schema="wuji")
    op.create_index(
        "uq_journal_seal_seq",
        "journal_seal",
        [sa.literal_column("coalesce(tenant_id, 0)"), "seq"],
        unique=True,
        schema="wuji",
    )


def consumer() -> None:
    make_table(
        "consumer",
        column("name", TEXT, nullable=False),
        column("xid", Xid8(), server_default=sa.text("'0'"), nullable=False),
        column(
            "record_id", sa.Uuid(), server_default=sa.text("'00000000-0000-0000-0000-000000000000'"), nullable=False
        ),
        column("moved_at", AT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_consumer"),
        wall=Wall(kind="system", system="select insert update", key=False, versioned=False),
    )


def file() -> None:
    make_table(
        "file",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("audience", postgresql.ARRAY(sa.Integer())),
        column("name", TEXT, nullable=False),
        column("sha256", sa.LargeBinary(), nullable=False),
        column("size", sa.BigInteger(), nullable=False),
        column("media", TEXT, nullable=False),
        column("owner_kind", TEXT, nullable=False),
        column("owner_id", TEXT, nullable=False),
        column("expires_at", AT),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("length(sha256) = 32", name="ck_file_sha256"),
        sa.CheckConstraint("size >= 0", name="ck_file_size"),
        sa.CheckConstraint("wuji.audience_ok(audience)", name="ck_file_audience"),
        place("file"),
        sa.PrimaryKeyConstraint("id", name="pk_file"),
        wall=Wall(kind="tenant", audience=True, definer="select delete"),
    )
    op.create_index(
        "ix_file_audience",
        "file",
        ["audience"],
        schema="wuji",
        postgresql_using="gin",
        postgresql_where=sa.text("audience is not null"),
    )
    op.create_index("ix_file_expires_at", "file", ["expires_at"], schema="wuji")
    op.create_index("ix_file_owner_kind_owner_id", "file", ["owner_kind", "owner_id"], schema="wuji")
    op.create_index("ix_file_pos", "file", ["pos"], schema="wuji")
    op.create_index("ix_file_sha256", "file", ["sha256"], schema="wuji")


def job() -> None:
    make_table(
        "job",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("kind", TEXT, nullable=False),
        column("args", postgresql.JSONB(), server_default="{}", nullable=False),
        column("state", TEXT, server_default="waiting", nullable=False),
        column("progress", sa.Integer(), server_default="0", nullable=False),
        column("attempts", sa.Integer(), server_default="0", nullable=False),
        column("fault", TEXT),
        column("file_id", sa.Uuid()),
        column("lease_hash", sa.LargeBinary()),
        column("lease_until", AT),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("finished_at", AT),
        column("tenant_id", sa.Integer()),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue()),
        sa.CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name="ck_job_state"),
        sa.CheckConstraint("progress between 0 and 100", name="ck_job_progress"),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_job_account_id"),
        sa.ForeignKeyConstraint(["file_id"], ["wuji.file.id"], name="fk_job_file_id", ondelete="SET NULL"),
        place("job"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        wall=Wall(
            kind="tenant",
            nullable=True,
            own="account_id",
            write="select",
            definer="select insert update delete",
            system="select",
            versioned=False,
        ),
    )
    op.create_index("ix_job_account_id_created_at_id", "job", ["account_id", "created_at", "id"], schema="wuji")
    op.create_index("ix_job_file_id", "job", ["file_id"], schema="wuji")
    op.create_index(
        "ix_job_open", "job", ["created_at"], schema="wuji", postgresql_where=sa.text("state in ('waiting', 'running')")
    )
    op.create_index("ix_job_pos", "job", ["pos"], schema="wuji")
