"""What may be done with the tree. Changes are asked at the parent: nobody renames, suspends or archives the tenant they
stand in.
"""

from wuji.kit.permission import Permission

PERMISSIONS = (
    Permission("tenancy.tenant.read", roles=("operator", "head", "clerk", "security_admin", "audit_admin")),
    Permission("tenancy.tenant.add", roles=("operator", "head")),
    Permission("tenancy.tenant.rename", roles=("operator", "head")),
    Permission("tenancy.tenant.recode", roles=("operator", "head")),
    Permission("tenancy.tenant.suspend", roles=("operator", "head")),
    Permission("tenancy.tenant.move", roles=("head",)),
    Permission("tenancy.profile.read", roles=("head", "clerk")),
    Permission("tenancy.profile.write", roles=("head",)),
    Permission("tenancy.setting.read", roles=("head", "clerk", "security_admin", "audit_admin")),
    Permission("tenancy.setting.write", roles=("head",)),
)
