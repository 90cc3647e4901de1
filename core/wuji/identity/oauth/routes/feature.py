"""The feature that the API about programs belongs to."""

from wuji.kit.http.route import Feature

feature = Feature("oauth")
