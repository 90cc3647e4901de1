"""Programs prove more: requests that they push beforehand, tokens bound to a key, proofs that count once. They can register
themselves by invitation, and hear of it when a person logs out.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Keep, Wall, drop_rules, drop_table, keep_rows, make_table

revision = "0023"
down_revision = "0022"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
SYSTEM = Wall(kind="system", key=False, versioned=False, definer="select insert delete")
KEPT = (
    Keep("wuji.oauth_proof", "expires_at", "1 hour", "identity.retention.oauth_proof"),
    Keep("wuji.oauth_pushed", "expires_at", "1 hour", "identity.retention.oauth_pushed"),
)


def upgrade() -> None:
    op.add_column("oauth_family", column("jkt", TEXT), schema="wuji")
    op.add_column("oauth_family", column("left_at", AT), schema="wuji")
    op.add_column("oauth_token", column("jkt", TEXT), schema="wuji")
    op.add_column("oauth_client", column("registration_hash", sa.LargeBinary()), schema="wuji")
    proof()
    pushed()
    invitation()
    keep_rows(*KEPT)


def downgrade() -> None:
    drop_rules(*(rule.table for rule in KEPT))
    for table in ("oauth_invitation", "oauth_pushed", "oauth_proof"):
        drop_table(table)
    for table, name in (
        ("oauth_client", "registration_hash"),
        ("oauth_token", "jkt"),
        ("oauth_family", "left_at"),
        ("oauth_family", "jkt"),
    ):
        op.drop_column(table, name, schema="wuji")


def proof() -> None:
    make_table(
        "oauth_proof",
        column("digest", sa.LargeBinary(), nullable=False),
        column("expires_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_oauth_proof"),
        wall=SYSTEM,
    )
    op.create_index("ix_oauth_proof_expires_at", "oauth_proof", ["expires_at"], schema="wuji")


def pushed() -> None:
    make_table(
        "oauth_pushed",
        column("request_hash", sa.LargeBinary(), nullable=False),
        column("client_id", sa.Uuid(), nullable=False),
        column("params", postgresql.JSONB(), nullable=False),
        column("expires_at", AT, nullable=False),
        sa.CheckConstraint("length(params::text) <= 20000", name="ck_oauth_pushed_params"),
        sa.ForeignKeyConstraint(["client_id"], ["wuji.oauth_client.id"], name="fk_oauth_pushed_client_id"),
        sa.PrimaryKeyConstraint("request_hash", name="pk_oauth_pushed"),
        wall=SYSTEM,
    )
    for name in ("client_id", "expires_at"):
        op.create_index(f"ix_oauth_pushed_{name}", "oauth_pushed", [name], schema="wuji")


def invitation() -> None:
    make_table(
        "oauth_invitation",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("token_hash", sa.LargeBinary(), nullable=False),
        column("uses", sa.Integer(), nullable=False),
        column("created_by", sa.Uuid(), nullable=False),
        column("expires_at", AT, nullable=False),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("uses >= 0", name="ck_oauth_invitation_uses"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_oauth_invitation_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["wuji.account.id"], name="fk_oauth_invitation_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_oauth_invitation"),
        sa.UniqueConstraint("token_hash", name="uq_oauth_invitation_token_hash"),
        wall=Wall(kind="tenant", write="select", definer="select insert update"),
    )
    for name in ("pos", "created_by"):
        op.create_index(f"ix_oauth_invitation_{name}", "oauth_invitation", [name], schema="wuji")
