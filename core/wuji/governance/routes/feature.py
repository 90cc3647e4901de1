"""The feature that all routes of governance belong to."""

from wuji.kit.http.route import Feature

feature = Feature("governance")
