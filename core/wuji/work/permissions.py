"""Exports carry data out of the platform, so they have a permission of their own beside the list's. The operator sees what went
wrong with jobs, and mends it.
"""

from wuji.kit.permission import Permission

MAKE = "work.export.make"
READ = "work.health.read"
MEND = "work.health.mend"
PERMISSIONS = (
    Permission(MAKE, roles=("operator", "head", "clerk", "security_admin", "audit_admin")),
    Permission(READ, roles=("operator",)),
    Permission(MEND, roles=("operator",)),
)
