"""Who reads what happened."""

from wuji.kit.permission import Permission

PERMISSIONS = (Permission("journal.record.read", roles=("operator", "head", "clerk")),)
