"""Who governs plugins: an official says where they are active, the operator takes a broken one out of service."""

from wuji.kit.permission import Permission

PERMISSIONS = (
    Permission("governance.rule.read", roles=("head", "clerk")),
    Permission("governance.rule.write", roles=("head",)),
    Permission("governance.plugin.read", roles=("operator",)),
    Permission("governance.plugin.suspend", roles=("operator",)),
    Permission("governance.pack.apply", roles=("operator",)),
)
