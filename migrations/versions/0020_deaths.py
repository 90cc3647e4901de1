"""A job says how many of its attempts ended with their worker: those are no fault of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("job", sa.Column("deaths", sa.Integer(), server_default="0", nullable=False), schema="wuji")


def downgrade() -> None:
    op.drop_column("job", "deaths", schema="wuji")
