"""Consumers read the journal window by window."""

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Xid8

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("consumer", sa.Column("until_xid", Xid8()), schema="wuji")


def downgrade() -> None:
    op.drop_column("consumer", "until_xid", schema="wuji")
