"""Applications that nobody answers end by rule, so that nobody's telephone number stays for ever."""

from wuji.api.migration import Keep, drop_rules, keep_rows

revision = "0008"
down_revision = "0007"

KEPT = Keep("wuji.application_lapse", "submitted_at", "180 days", "onboarding.retention.open_application")


def upgrade() -> None:
    keep_rows(KEPT)


def downgrade() -> None:
    drop_rules(KEPT.table)
