"""Second factors over HTTP."""

from wuji.identity.factors.routes import own, step
from wuji.identity.factors.routes.feature import feature

__all__ = ["feature", "own", "step"]
