"""Whether a tree has changed since a day is one small look-up: figures about people ask it every time."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

NAME, TABLE = "ix_tenant_place_valid_to", "tenant_place"


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["valid_to"], schema="wuji", postgresql_where=sa.text("valid_to is not null"))


def downgrade() -> None:
    op.drop_index(NAME, TABLE, schema="wuji")
