"""Who admits organisations, and who invites people."""

from wuji.kit.permission import Permission

PERMISSIONS = (
    Permission("onboarding.application.read", roles=("operator", "head", "clerk")),
    Permission("onboarding.application.review", roles=("operator", "head")),
    Permission("onboarding.invitation.read", roles=("head", "clerk")),
    Permission("onboarding.invitation.make", roles=("head", "clerk")),
    Permission("onboarding.registration.review", roles=("head", "clerk")),
)
