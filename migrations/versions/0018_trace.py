"""What is written says in which span of a trace that was, where a collector takes traces: jobs and consumers go on in it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

TABLES = ("job", "journal_record")
# The transaction's own, which a program sets only while it traces.
DEFAULT = sa.text("nullif(current_setting('wuji.trace', true), '')")


def upgrade() -> None:
    for table in TABLES:
        # in two steps: with a default that is no constant every row would be written anew
        op.add_column(table, sa.Column("trace", sa.Text(collation="C")), schema="wuji")
        op.alter_column(table, "trace", server_default=DEFAULT, schema="wuji")


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "trace", schema="wuji")
