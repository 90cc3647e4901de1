"""The feature that all routes of the module belong to."""

from wuji.api.http import Feature

feature = Feature("station_watch", plugin="station_watch")
AT = "/tenants/<tenant_code>/station_watch"
