"""The tree, its directory and settings over HTTP."""

from wuji.tenancy.routes import changes, directory, operator, profile, settings, tree
from wuji.tenancy.routes.feature import feature

__all__ = ["changes", "directory", "feature", "operator", "profile", "settings", "tree"]
