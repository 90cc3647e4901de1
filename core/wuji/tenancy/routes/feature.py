"""The feature that all routes of tenancy belong to."""

from wuji.kit.http.route import Feature

feature = Feature("tenancy")
