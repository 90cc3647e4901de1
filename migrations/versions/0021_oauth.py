"""Programs of others: what they are, what people allow them, and their tokens."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wuji.api.migration import Keep, Wall, drop_rules, drop_table, keep_rows, make_table

revision = "0021"
down_revision = "0020"

column = sa.Column
TEXT, AT = sa.Text(collation="C"), sa.DateTime(timezone=True)
LABELS, BYTES, JSON = postgresql.ARRAY(sa.Text()), sa.LargeBinary(), postgresql.JSONB()
NOW, NEW_ID, NOTHING = sa.text("now()"), sa.text("wuji.new_id()"), sa.text("'{}'")
SYSTEM = Wall(kind="system", key=False, versioned=False, definer="select insert update delete")
# A code that is used twice ends what came of it, so it is known a while after it is over.
KEPT = (
    Keep("wuji.oauth_code", "expires_at", "1 day", "identity.retention.oauth_code"),
    Keep("wuji.oauth_token", "expires_at", "1 day", "identity.retention.oauth_token"),
    Keep("wuji.oauth_family", "ends_at", "90 days", "identity.retention.oauth_family"),
)


def upgrade() -> None:
    key()
    client()
    consent()
    family()
    code()
    token()
    keep_rows(*KEPT)


def downgrade() -> None:
    drop_rules(*(rule.table for rule in KEPT))
    for table in ("oauth_token", "oauth_code", "oauth_family", "oauth_consent", "oauth_client", "oauth_key"):
        drop_table(table)


def points(table: str, name: str, to: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"wuji.{to}.id"], name=f"fk_{table}_{name}", **options)


def index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), schema="wuji")


def key() -> None:
    make_table(
        "oauth_key",
        column("kid", TEXT, nullable=False),
        column("alg", TEXT, nullable=False),
        column("generation", sa.Integer(), nullable=False),
        column("public", JSON, nullable=False),
        column("private", BYTES, nullable=False),
        column("published_at", AT, server_default=NOW, nullable=False),
        column("signs_from", AT, nullable=False),
        sa.PrimaryKeyConstraint("kid", name="pk_oauth_key"),
        sa.UniqueConstraint("alg", "generation", name="uq_oauth_key_alg_generation"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert delete"),
    )


def client() -> None:
    make_table(
        "oauth_client",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("client_id", TEXT, nullable=False),
        column("name", TEXT, nullable=False),
        column("metadata", JSON, nullable=False),
        column("secret_hash", BYTES),
        column("old_hash", BYTES),
        column("old_until", AT),
        column("account_id", sa.Uuid(), nullable=False),
        column("created_by", sa.Uuid(), nullable=False),
        column("revoked_at", AT),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("length(name) between 1 and 100", name="ck_oauth_client_name"),
        sa.CheckConstraint("length(metadata::text) <= 20000", name="ck_oauth_client_metadata"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name="fk_oauth_client_tenant_id_pos",
            onupdate="CASCADE",
        ),
        points("oauth_client", "account_id", "account"),
        points("oauth_client", "created_by", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_oauth_client"),
        sa.UniqueConstraint("client_id", name="uq_oauth_client_client_id"),
        wall=Wall(kind="tenant", write="select", definer="select insert update"),
    )
    for name in ("pos", "account_id", "created_by"):
        index("oauth_client", name)


def consent() -> None:
    make_table(
        "oauth_consent",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("client_id", sa.Uuid(), nullable=False),
        column("tenant_id", sa.Integer()),
        column("scopes", LABELS, server_default=NOTHING, nullable=False),
        column("given_at", AT, server_default=NOW, nullable=False),
        column("withdrawn_at", AT),
        points("oauth_consent", "account_id", "account"),
        points("oauth_consent", "client_id", "oauth_client"),
        points("oauth_consent", "tenant_id", "tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_oauth_consent"),
        sa.UniqueConstraint("account_id", "client_id", name="uq_oauth_consent_account_id_client_id"),
        wall=Wall(
            kind="account",
            own="account_id",
            key=False,
            versioned=False,
            write="select",
            definer="select insert update",
        ),
    )
    for name in ("client_id", "tenant_id"):
        index("oauth_consent", name)


def family() -> None:
    make_table(
        "oauth_family",
        column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        column("client_id", sa.Uuid(), nullable=False),
        column("account_id", sa.Uuid(), nullable=False),
        column("tenant_id", sa.Integer()),
        column("session_id", sa.Uuid()),
        column("scopes", LABELS, server_default=NOTHING, nullable=False),
        column("offline", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        column("asked", JSON, server_default=NOTHING, nullable=False),
        column("auth_time", AT),
        column("acr", TEXT, server_default="", nullable=False),
        column("amr", LABELS, server_default=NOTHING, nullable=False),
        column("began_at", AT, server_default=NOW, nullable=False),
        column("used_at", AT, server_default=NOW, nullable=False),
        column("ends_at", AT, nullable=False),
        column("revoked_at", AT),
        points("oauth_family", "client_id", "oauth_client"),
        points("oauth_family", "account_id", "account"),
        points("oauth_family", "tenant_id", "tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_oauth_family"),
        wall=SYSTEM,
    )
    index("oauth_family", "client_id", "used_at")
    for name in ("account_id", "session_id", "tenant_id", "ends_at"):
        index("oauth_family", name)


def code() -> None:
    make_table(
        "oauth_code",
        column("code_hash", BYTES, nullable=False),
        column("family_id", sa.Uuid(), nullable=False),
        column("redirect_uri", TEXT, nullable=False),
        column("challenge", TEXT, nullable=False),
        column("expires_at", AT, nullable=False),
        column("used_at", AT),
        points("oauth_code", "family_id", "oauth_family", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_oauth_code"),
        wall=SYSTEM,
    )
    for name in ("family_id", "expires_at"):
        index("oauth_code", name)


def token() -> None:
    make_table(
        "oauth_token",
        column("token_hash", BYTES, nullable=False),
        column("family_id", sa.Uuid(), nullable=False),
        column("kind", TEXT, nullable=False),
        column("scopes", LABELS, server_default=NOTHING, nullable=False),
        column("issued_at", AT, server_default=NOW, nullable=False),
        column("expires_at", AT, nullable=False),
        column("used_at", AT),
        column("revoked_at", AT),
        sa.CheckConstraint("kind in ('access', 'refresh')", name="ck_oauth_token_kind"),
        points("oauth_token", "family_id", "oauth_family", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_oauth_token"),
        wall=SYSTEM,
    )
    for name in ("family_id", "expires_at"):
        index("oauth_token", name)
