"""The monthly issue asks who has chosen what."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(
        "create policy wuji_definer_select on plugin_agri_tips.crop_choice for select to wuji_definer using (true)"
    )
    op.execute("grant select on plugin_agri_tips.crop_choice to wuji_definer")


def downgrade() -> None:
    op.execute("revoke select on plugin_agri_tips.crop_choice from wuji_definer")
    op.execute("drop policy wuji_definer_select on plugin_agri_tips.crop_choice")
