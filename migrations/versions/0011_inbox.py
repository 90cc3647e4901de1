"""What people are told, and how."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Keep, Wall, drop_rules, drop_table, keep_rows, make_table

revision = "0011"
down_revision = "0010"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
NOTHING = sa.text("'{}'")
# What was read goes after half a year; an address that nobody proved was perhaps somebody else's.
KEPT = (
    Keep("wuji.notification", "read_at", "180 days", "inbox.retention.notification"),
    Keep("wuji.delivery", "finished_at", "30 days", "inbox.retention.delivery"),
    Keep("wuji.address_lapse", "code_at", "7 days", "inbox.retention.address"),
)
SYSTEM = Wall(kind="system", key=False, versioned=False, definer="select insert update delete")


def upgrade() -> None:
    make_table(
        "topic",
        column("name", TEXT, nullable=False),
        column("email", TEXT, nullable=False),
        sa.CheckConstraint("email in ('now', 'digest', 'off')", name="ck_topic_email"),
        sa.PrimaryKeyConstraint("name", name="pk_topic"),
        wall=SYSTEM,
    )
    notification()
    subscription()
    address()
    delivery()
    keep_rows(*KEPT)


def downgrade() -> None:
    drop_rules(*(rule.table for rule in KEPT))
    for table in ("delivery", "address", "subscription", "notification", "topic"):
        drop_table(table)


def person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name=f"fk_{table}_account_id")


def notification() -> None:
    make_table(
        "notification",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("topic", TEXT, nullable=False),
        column("cause", TEXT, nullable=False),
        column("told", postgresql.JSONB(), server_default=NOTHING, nullable=False),
        column("path", TEXT, server_default="", nullable=False),
        column("place_id", sa.Integer()),
        column("shown", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("read_at", AT),
        sa.CheckConstraint("length(cause) between 1 and 200", name="ck_notification_cause"),
        person("notification"),
        sa.ForeignKeyConstraint(["place_id"], ["wuji.tenant.id"], name="fk_notification_place_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        sa.UniqueConstraint("account_id", "topic", "cause", name="uq_notification_account_id_topic_cause"),
        wall=Wall(
            kind="account",
            own="account_id",
            key=False,
            versioned=False,
            write="select update",
            columns=("read_at",),
            definer="select insert delete",
        ),
    )
    newest = ["account_id", "created_at", "id"]
    op.create_index("ix_notification_account_id_created_at_id", "notification", newest, schema="wuji")
    op.create_index("ix_notification_place_id", "notification", ["place_id"], schema="wuji")
    op.create_index("ix_notification_read_at", "notification", ["read_at"], schema="wuji")
    unread = sa.text("read_at is null and shown")
    op.create_index("ix_notification_unread", "notification", ["account_id"], schema="wuji", postgresql_where=unread)


def subscription() -> None:
    make_table(
        "subscription",
        column("account_id", sa.Uuid(), nullable=False),
        column("choices", postgresql.JSONB(), server_default=NOTHING, nullable=False),
        column("quiet_from", sa.Time()),
        column("quiet_until", sa.Time()),
        column("digest_at", sa.Time(), server_default=sa.text("'08:00'"), nullable=False),
        column("zone", TEXT),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("(quiet_from is null) = (quiet_until is null)", name="ck_subscription_quiet"),
        sa.CheckConstraint("length(choices::text) <= 50000", name="ck_subscription_choices"),
        person("subscription"),
        sa.PrimaryKeyConstraint("account_id", name="pk_subscription"),
        wall=Wall(
            kind="account",
            own="account_id",
            key=False,
            write="select insert update",
            definer="select insert update",
        ),
    )


def address() -> None:
    make_table(
        "address",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("channel", TEXT, nullable=False),
        *(column(name, sa.LargeBinary(), nullable=False) for name in ("address", "secret", "digest")),
        *(column(name, AT) for name in ("code_at", "verified_at", "refused_at")),
        column("fault", TEXT, server_default="", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        person("address"),
        sa.PrimaryKeyConstraint("id", name="pk_address"),
        sa.UniqueConstraint("account_id", "channel", "digest", name="uq_address_account_id_channel_digest"),
        wall=Wall(
            kind="account",
            own="account_id",
            key=False,
            versioned=False,
            write="select delete",
            definer="select insert update delete",
        ),
    )
    op.create_index("ix_address_code_at", "address", ["code_at"], schema="wuji")


def delivery() -> None:
    make_table(
        "delivery",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("address_id", sa.Uuid(), nullable=False),
        column("notification_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        column("is_digest", sa.Boolean(), nullable=False),
        column("due_at", AT, nullable=False),
        column("state", TEXT, server_default="waiting", nullable=False),
        column("attempts", sa.Integer(), server_default="0", nullable=False),
        column("fault", TEXT, server_default="", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("finished_at", AT),
        sa.CheckConstraint("state in ('waiting', 'sending', 'sent', 'refused', 'dropped')", name="ck_delivery_state"),
        sa.CheckConstraint("(state in ('waiting', 'sending')) = (finished_at is null)", name="ck_delivery_finished_at"),
        sa.ForeignKeyConstraint(["address_id"], ["wuji.address.id"], name="fk_delivery_address_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        wall=SYSTEM,
    )
    op.create_index("ix_delivery_address_id", "delivery", ["address_id"], schema="wuji")
    op.create_index("ix_delivery_finished_at", "delivery", ["finished_at"], schema="wuji")
    op.create_index(
        "uq_delivery_digest",
        "delivery",
        ["address_id", "due_at"],
        unique=True,
        schema="wuji",
        postgresql_where=sa.text("is_digest and state = 'waiting'"),
    )
