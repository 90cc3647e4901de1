"""The module's own words, for what it says outside of a route."""

from wuji.api import OwnTexts

say = OwnTexts("station_watch", __file__).say
