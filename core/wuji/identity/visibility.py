"""Rows about people of which can be asked who sees them."""

from wuji.kit.visibility import VisibleKind

VISIBLE = (VisibleKind("role_grant", "wuji.role_grant", "id", "identity.grant.read"),)
