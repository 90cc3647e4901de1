"""The feature that all routes of onboarding belong to."""

from wuji.kit.buckets import Rate
from wuji.kit.http.route import Feature

feature = Feature("onboarding")
# A hall full of people who all scan the same code; guesses and floods are slowed down long before that (services).
JOINING = Rate("joining", 300, 600)
