"""Plugins over HTTP: where they are active and why, what they add to the front end, and the operator's switch."""

from wuji.governance.routes import contributions, operator, packs, plugins, rules
from wuji.governance.routes.feature import feature

__all__ = ["contributions", "feature", "operator", "packs", "plugins", "rules"]
