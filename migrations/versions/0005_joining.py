"""Joining: applications of organisations, invitations for people."""

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Keep, Wall, drop_rules, drop_table, keep_rows, make_table

revision = "0005"
down_revision = "0004"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")

# Who applied can be reached for half a year after the decision; an invitation that is over shows who let people in.
KEPT = (
    Keep("wuji.application", "decided_at", "180 days", "onboarding.retention.application"),
    Keep("wuji.invitation", "expires_at", "90 days", "onboarding.retention.invitation"),
)
APPLICATION_CHECKS = (
    sa.CheckConstraint("submitted_by <> reviewed_by", name="ck_application_reviewed_by"),
    sa.CheckConstraint("state in ('open', 'accepted', 'rejected', 'withdrawn')", name="ck_application_state"),
    sa.CheckConstraint("(state = 'open') = (decided_at is null)", name="ck_application_decided_at"),
    sa.CheckConstraint("level between 1 and 5", name="ck_application_level"),
    sa.CheckConstraint(
        "category in ('territory', 'agency', 'school', 'enterprise', 'association')", name="ck_application_category"
    ),
    sa.CheckConstraint("length(token_hash) = 32", name="ck_application_token_hash"),
)


def upgrade() -> None:
    application()
    invitation()
    keep_rows(*KEPT)


def downgrade() -> None:
    drop_rules(*(rule.table for rule in KEPT))
    drop_table("invitation")
    drop_table("application")


def place(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "pos"],
        ["wuji.tenant.id", "wuji.tenant.pos"],
        name=f"fk_{table}_tenant_id_pos",
        onupdate="CASCADE",
    )


def application() -> None:
    make_table(
        "application",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        *(column(name, TEXT, nullable=False) for name in ("name", "code", "category", "wish")),
        *(column(name, TEXT, nullable=False) for name in ("contact_name", "contact_phone")),
        column("contact_email", TEXT, server_default="", nullable=False),
        column("level", sa.SmallInteger(), nullable=False),
        column("token_hash", sa.LargeBinary(), nullable=False),
        column("state", TEXT, server_default="open", nullable=False),
        column("submitted_at", AT, nullable=False),
        column("submitted_by", sa.Uuid()),
        column("decided_at", AT),
        column("reviewed_by", sa.Uuid()),
        column("reason", TEXT, server_default="", nullable=False),
        column("made_id", sa.Integer()),
        column("head_id", sa.Uuid()),
        column("link_at", AT),
        column("tenant_id", sa.Integer()),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue()),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        *APPLICATION_CHECKS,
        sa.ForeignKeyConstraint(["submitted_by"], ["wuji.account.id"], name="fk_application_submitted_by"),
        sa.ForeignKeyConstraint(["reviewed_by"], ["wuji.account.id"], name="fk_application_reviewed_by"),
        sa.ForeignKeyConstraint(["head_id"], ["wuji.account.id"], name="fk_application_head_id"),
        sa.ForeignKeyConstraint(["made_id"], ["wuji.tenant.id"], name="fk_application_made_id"),
        place("application"),
        sa.PrimaryKeyConstraint("id", name="pk_application"),
        sa.UniqueConstraint("token_hash", name="uq_application_token_hash"),
        wall=Wall(kind="inbox", nullable=True, definer="select insert update delete"),
    )
    op.create_index("ix_application_decided_at", "application", ["decided_at"], schema="wuji")
    op.create_index("ix_application_pos", "application", ["pos"], schema="wuji")
    op.create_index(
        "ix_application_tenant_id_submitted_at_id", "application", ["tenant_id", "submitted_at", "id"], schema="wuji"
    )


def invitation() -> None:
    make_table(
        "invitation",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("token_hash", sa.LargeBinary(), nullable=False),
        column("role_id", sa.Integer(), nullable=False),
        column("given_by", sa.Uuid(), nullable=False),
        column("uses", sa.Integer(), nullable=False),
        column("uses_left", sa.Integer(), nullable=False),
        column("expires_at", AT, nullable=False),
        column("revoked_at", AT),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("uses between 1 and 500 and uses_left between 0 and uses", name="ck_invitation_uses"),
        sa.CheckConstraint("length(token_hash) = 32", name="ck_invitation_token_hash"),
        sa.ForeignKeyConstraint(["role_id"], ["wuji.role.id"], name="fk_invitation_role_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["given_by"], ["wuji.account.id"], name="fk_invitation_given_by"),
        place("invitation"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
        wall=Wall(kind="tenant", write="select", definer="select insert update delete"),
    )
    op.create_index("ix_invitation_expires_at", "invitation", ["expires_at"], schema="wuji")
    op.create_index("ix_invitation_pos", "invitation", ["pos"], schema="wuji")
    op.create_index("ix_invitation_role_id", "invitation", ["role_id"], schema="wuji")
    op.create_index(
        "ix_invitation_tenant_id_created_at_id", "invitation", ["tenant_id", "created_at", "id"], schema="wuji"
    )
