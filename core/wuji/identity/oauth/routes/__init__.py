"""The protocol's endpoints, and the API about programs."""

from wuji.identity.oauth.routes import clients, own
from wuji.identity.oauth.routes.feature import feature
from wuji.identity.oauth.routes.protocol import protocol
from wuji.identity.oauth.routes.registering import registering
from wuji.identity.oauth.routes.userinfo import userinfo

PROTOCOL = (protocol, userinfo, registering)
__all__ = ["PROTOCOL", "clients", "feature", "own"]
