"""The login with which open pages are told what happened: it calls a few functions and reads no table."""

from alembic import op

revision = "0014"
down_revision = "0013"

MISSING = (
    "this release has one more login, wuji_live: run `wuji db init --admin-url …` once more, which makes it and leaves "
    "everything else as it is"
)


def upgrade() -> None:
    # the linter's SQL is made without a database
    if (
        not op.get_context().as_sql
        and not op.get_bind().exec_driver_sql("select from pg_roles where rolname = 'wuji_live'").all()
    ):
        raise RuntimeError(MISSING)
    op.execute("grant usage on schema wuji to wuji_live")


def downgrade() -> None:
    op.execute("revoke usage on schema wuji from wuji_live")
