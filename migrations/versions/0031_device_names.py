"""What people call the devices that they allow."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    name = sa.Column("device", sa.Text(collation="C"), server_default="", nullable=False)
    op.add_column("oauth_family", name, schema="wuji")


def downgrade() -> None:
    op.drop_column("oauth_family", "device", schema="wuji")
