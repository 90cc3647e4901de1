"""Devices that are not there: they push what a day at a station would be like, as real ones do, over HTTP.

Apart from the plugin and light: nothing but the standard library, so that a thousand of them fit beside a demo.
"""
