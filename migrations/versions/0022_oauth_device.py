"""Devices that cannot type a password: they show a code, and somebody allows them on a phone (RFC 8628)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Keep, Wall, drop_rules, drop_table, keep_rows, make_table

revision = "0022"
down_revision = "0021"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
KEPT = Keep("wuji.oauth_device", "expires_at", "1 day", "identity.retention.oauth_device")


def upgrade() -> None:
    make_table(
        "oauth_device",
        column("device_hash", sa.LargeBinary(), nullable=False),
        column("user_hash", sa.LargeBinary(), nullable=False),
        column("client_id", sa.Uuid(), nullable=False),
        column("scopes", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        column("state", TEXT, server_default="waiting", nullable=False),
        column("family_id", sa.Uuid()),
        column("pause", sa.Integer(), nullable=False),
        column("polled_at", AT),
        column("expires_at", AT, nullable=False),
        sa.CheckConstraint("state in ('waiting', 'allowed', 'denied', 'used')", name="ck_oauth_device_state"),
        sa.ForeignKeyConstraint(["client_id"], ["wuji.oauth_client.id"], name="fk_oauth_device_client_id"),
        sa.ForeignKeyConstraint(
            ["family_id"], ["wuji.oauth_family.id"], name="fk_oauth_device_family_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("device_hash", name="pk_oauth_device"),
        sa.UniqueConstraint("user_hash", name="uq_oauth_device_user_hash"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert update delete"),
    )
    for name in ("client_id", "family_id", "expires_at"):
        op.create_index(f"ix_oauth_device_{name}", "oauth_device", [name], schema="wuji")
    keep_rows(KEPT)


def downgrade() -> None:
    drop_rules(KEPT.table)
    drop_table("oauth_device")
