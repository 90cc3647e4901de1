"""The feature that all routes of onboarding belong to."""

from wuji.kit.http.route import Feature

feature = Feature("onboarding")
