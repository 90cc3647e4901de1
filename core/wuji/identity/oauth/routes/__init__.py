"""The protocol's endpoints, and the API about programs."""

from wuji.identity.oauth.routes import own
from wuji.identity.oauth.routes.feature import feature
from wuji.identity.oauth.routes.protocol import protocol

__all__ = ["feature", "own", "protocol"]
