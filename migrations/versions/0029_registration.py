"""Residents who bring themselves, and what people agreed to."""

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Keep, Wall, drop_rules, drop_table, keep_rows, make_table

revision = "0029"
down_revision = "0028"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
KEPT = (
    Keep("wuji.registration_lapse", "submitted_at", "60 days", "onboarding.retention.open_registration"),
    Keep("wuji.registration", "decided_at", "90 days", "onboarding.retention.registration"),
)


def upgrade() -> None:
    _consent()
    _registration()
    keep_rows(*KEPT)


def downgrade() -> None:
    drop_rules(*(rule.table for rule in KEPT))
    drop_table("registration")
    drop_table("consent")


def _consent() -> None:
    make_table(
        "consent",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("purpose", TEXT, nullable=False),
        column("edition", sa.Integer(), nullable=False),
        column("given_at", AT, server_default=NOW, nullable=False),
        column("withdrawn_at", AT),
        sa.CheckConstraint("edition > 0", name=op.f("ck_consent_edition")),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_consent_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        wall=Wall(
            kind="account", own="account_id", key=False, versioned=False, write="select", definer="select insert update"
        ),
    )
    op.create_index(
        "uq_consent_given",
        "consent",
        ["account_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
        schema="wuji",
    )


def _registration() -> None:
    make_table(
        "registration",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("account_name", TEXT, nullable=False),
        column("note", TEXT, server_default="", nullable=False),
        column("state", TEXT, server_default="open", nullable=False),
        column("submitted_at", AT, server_default=NOW, nullable=False),
        column("decided_at", AT),
        column("reviewed_by", sa.Uuid()),
        column("reason", TEXT, server_default="", nullable=False),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        *_registration_rules(),
        wall=Wall(kind="inbox", definer="select insert update delete"),
    )
    op.create_index("ix_registration_pos", "registration", ["pos"], schema="wuji")
    op.create_index("ix_registration_decided_at", "registration", ["decided_at"], schema="wuji")
    columns = ["tenant_id", "submitted_at", "id"]
    op.create_index("ix_registration_tenant_id_submitted_at_id", "registration", columns, schema="wuji")
    op.create_index(
        "uq_registration_open",
        "registration",
        ["account_id", "tenant_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
        schema="wuji",
    )


def _registration_rules() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("account_id <> reviewed_by", name=op.f("ck_registration_reviewed_by")),
        sa.CheckConstraint(
            "state in ('open', 'accepted', 'rejected', 'withdrawn')", name=op.f("ck_registration_state")
        ),
        sa.CheckConstraint("(state = 'open') = (decided_at is null)", name=op.f("ck_registration_decided_at")),
        sa.CheckConstraint("length(note) <= 200", name=op.f("ck_registration_note")),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_registration_account_id"),
        sa.ForeignKeyConstraint(["reviewed_by"], ["wuji.account.id"], name="fk_registration_reviewed_by"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_registration_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
    ]
