"""What people chose and marked goes with their account, or along to another one of theirs."""

from wuji.api.migration import let_definer, unlet_definer

revision = "0004"
down_revision = "0003"

SCHEMA = "plugin_agri_tips"
LET = (("tip_mark", "update"), ("crop_choice", "update delete"))


def upgrade() -> None:
    for table, commands in LET:
        let_definer(table, commands, SCHEMA)


def downgrade() -> None:
    for table, commands in LET:
        unlet_definer(table, commands, SCHEMA)
