"""Exports and jobs over HTTP: at a tenant, of the account itself, and what the operator watches."""

from wuji.work.routes import exports, jobs, operator
from wuji.work.routes.feature import feature

__all__ = ["exports", "feature", "jobs", "operator"]
