"""Joining over HTTP: organisations apply, people are invited."""

from wuji.onboarding.routes import applications, invitations, registrations, reviews, setup
from wuji.onboarding.routes.feature import feature

__all__ = ["applications", "feature", "invitations", "registrations", "reviews", "setup"]
