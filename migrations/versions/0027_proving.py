"""Doors tell how well somebody was proven, and what they lack where a place asks for more."""

from alembic import op

revision = "0027"
down_revision = "0026"

ADDED = {"weak": "text", "auth_time": "timestamptz", "acr": "text"}


def upgrade() -> None:
    for name, kind in ADDED.items():
        op.execute(f"alter type wuji.scope add attribute {name} {kind}")


def downgrade() -> None:
    for name in ADDED:
        op.execute(f"alter type wuji.scope drop attribute {name}")
