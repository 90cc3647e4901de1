"""The API about login providers and linked identities; the way there and back is in pages."""

from wuji.identity.federation.routes import own, providers
from wuji.identity.federation.routes.feature import feature

__all__ = ["feature", "own", "providers"]
