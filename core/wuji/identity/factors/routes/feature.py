"""The feature that second factors belong to."""

from wuji.kit.http.route import Feature

feature = Feature("factors")
