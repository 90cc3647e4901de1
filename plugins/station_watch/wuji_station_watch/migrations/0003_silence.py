"""Since when a station is silent, and how far off forecasts of a whole place are."""

import sqlalchemy as sa
from alembic import op

from wuji.api.migration import Wall, drop_table, make_table

revision = "0003"
down_revision = "0002"

SCHEMA = "plugin_station_watch"
column = sa.Column
AT, AMOUNT = sa.DateTime(timezone=True), sa.Numeric(9, 2)


def upgrade() -> None:
    op.add_column("station_state", column("silent_since", AT), schema=SCHEMA)
    make_table(
        "place_profile",
        column("place_id", sa.Integer(), autoincrement=False, nullable=False),
        column("error", AMOUNT),
        column("copied_error", AMOUNT),
        column("tries", sa.Integer(), nullable=False),
        column("spread", sa.ARRAY(sa.Numeric(9, 4)), server_default="{}", nullable=False),
        column("computed_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["wuji.tenant.id"], name="fk_place_profile_place_id"),
        sa.PrimaryKeyConstraint("place_id", name="pk_place_profile"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert delete"),
        schema=SCHEMA,
    )


def downgrade() -> None:
    drop_table("place_profile", SCHEMA)
    op.drop_column("station_state", "silent_since", schema=SCHEMA)
