"""What people may do with people, and the roles every deployment has from the start. Roles of a root are data."""

from dataclasses import dataclass

from wuji.kit.permission import Permission

PERMISSIONS = (
    Permission("identity.account.add", roles=("operator", "head", "clerk", "security_admin")),
    Permission("identity.account.reset", roles=("operator", "head", "security_admin")),
    Permission("identity.account.suspend", roles=("operator", "head", "security_admin")),
    Permission("identity.grant.read", roles=("operator", "head", "clerk", "security_admin", "audit_admin")),
    Permission("identity.grant.give", roles=("operator", "head", "security_admin")),
    Permission("identity.role.write", roles=("head", "security_admin")),
    Permission("identity.policy.write", roles=("head", "security_admin")),
    Permission("identity.oauth_client.manage", roles=("head", "security_admin")),
    Permission("identity.login_provider.manage", roles=("head", "security_admin")),
)


@dataclass(frozen=True)
class BuiltInRole:
    """A role without a tenant: usable everywhere, changed by releases only. Its label stands under `identity.role.<name>`."""

    name: str
    reach: str
    audience_class: int


# device holds what plugins let devices do, client what they let programs of others do without a person; nobody is given either
# by hand.
# head runs a tenant and everything below it, clerk works there; where duties are separated (duties.sql), security_admin decides
# who may do what, and audit_admin reads what was done; member and resident hold nothing but their audience token.
BUILT_IN_ROLES = (
    BuiltInRole("operator", "audience", 0),
    BuiltInRole("head", "subtree", 3),
    BuiltInRole("security_admin", "subtree", 3),
    BuiltInRole("audit_admin", "subtree", 3),
    BuiltInRole("clerk", "subtree", 3),
    BuiltInRole("member", "audience", 2),
    BuiltInRole("resident", "audience", 1),
    BuiltInRole("device", "audience", 0),
    BuiltInRole("client", "audience", 0),
)
