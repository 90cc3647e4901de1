"""Rows of the tree of which can be asked who sees them."""

from wuji.kit.visibility import VisibleKind

# A tenant itself is public; what only some see of it is its profile.
VISIBLE = (VisibleKind("tenant", "wuji.tenant_profile", "tenant_id", "tenancy.profile.read"),)
