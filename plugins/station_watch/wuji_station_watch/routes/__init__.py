"""Stations, devices and what devices say, over HTTP."""

from wuji_station_watch.routes import alarms, devices, now, readings, stations, visits
from wuji_station_watch.routes.feature import feature

__all__ = ["alarms", "devices", "feature", "now", "readings", "stations", "visits"]
