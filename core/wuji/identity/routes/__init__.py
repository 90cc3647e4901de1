"""Accounts, sessions and grants over HTTP."""

from wuji.identity.routes import operator, own, people, roles, session, visibility
from wuji.identity.routes.feature import feature

__all__ = ["feature", "operator", "own", "people", "roles", "session", "visibility"]
