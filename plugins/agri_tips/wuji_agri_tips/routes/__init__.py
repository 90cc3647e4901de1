"""Farm tips over HTTP."""

from wuji_agri_tips.routes import desk, media, own, reading, reviews
from wuji_agri_tips.routes.feature import feature

__all__ = ["desk", "feature", "media", "own", "reading", "reviews"]
