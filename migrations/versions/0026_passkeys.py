"""Passkeys beside codes of an app."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"

TEXT = sa.Text(collation="C")
COLUMNS = (
    sa.Column("credential_id", sa.LargeBinary()),
    sa.Column("public_key", sa.LargeBinary()),
    sa.Column("host", TEXT),
    sa.Column("sign_count", sa.BigInteger(), server_default="0", nullable=False),
    sa.Column("transports", postgresql.ARRAY(TEXT), server_default="{}", nullable=False),
    sa.Column("is_synced", sa.Boolean(), server_default=sa.text("false"), nullable=False),
)
WHOLE = "(kind = 'passkey') = (credential_id is not null and public_key is not null and host is not null)"


DOUBLED, KIND = "ck_factor_ck_factor_kind", "ck_factor_kind"  # the first one's name was prefixed twice


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("factor", column, schema="wuji")
    op.alter_column("factor", "secret", server_default="", schema="wuji")
    _replace_check(DOUBLED, KIND, "kind in ('totp', 'passkey')")
    _check("ck_factor_secret", "(kind = 'totp') = (secret <> '')")
    _check("ck_factor_passkey", WHOLE)
    op.create_unique_constraint("uq_factor_credential_id", "factor", ["credential_id"], schema="wuji")


def downgrade() -> None:
    op.execute("delete from wuji.factor where kind = 'passkey'")
    for name in ("ck_factor_passkey", "ck_factor_secret", "uq_factor_credential_id"):
        op.drop_constraint(op.f(name), "factor", schema="wuji")
    _replace_check(KIND, DOUBLED, "kind in ('totp')")
    op.alter_column("factor", "secret", server_default=None, schema="wuji")
    for column in COLUMNS:
        op.drop_column("factor", column.name, schema="wuji")


def _replace_check(old: str, new: str, rule: str) -> None:
    op.drop_constraint(op.f(old), "factor", schema="wuji")
    _check(new, rule)


def _check(name: str, rule: str) -> None:
    op.create_check_constraint(op.f(name), "factor", rule, schema="wuji")
