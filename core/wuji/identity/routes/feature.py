"""The feature that all routes of identity belong to."""

from wuji.kit.http.route import Feature

feature = Feature("identity")
