"""Rows of joining of which can be asked who sees them."""

from wuji.kit.visibility import VisibleKind

VISIBLE = (
    VisibleKind("application", "wuji.application", "id", "onboarding.application.read"),
    VisibleKind("registration", "wuji.registration", "id", "onboarding.registration.review"),
    VisibleKind("invitation", "wuji.invitation", "id", "onboarding.invitation.read"),
)
