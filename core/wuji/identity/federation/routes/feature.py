"""The feature that the API about logging in with others belongs to."""

from wuji.kit.http.route import Feature

feature = Feature("federation")
