"""The tree, its directory and settings over HTTP."""

from wuji.tenancy.routes import boundaries, changes, directory, operator, profile, settings, transfers, tree
from wuji.tenancy.routes.feature import feature

__all__ = ["boundaries", "changes", "directory", "feature", "operator", "profile", "settings", "transfers", "tree"]
