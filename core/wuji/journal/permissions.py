"""Who reads what happened, and who looks after those that follow it."""

from wuji.kit.permission import Permission

CONSUMERS_READ = "journal.consumer.read"
CONSUMERS_WRITE = "journal.consumer.write"
PERMISSIONS = (
    Permission("journal.record.read", roles=("operator", "head", "clerk", "audit_admin")),
    Permission(CONSUMERS_READ, roles=("operator",)),
    Permission(CONSUMERS_WRITE, roles=("operator",)),
)
