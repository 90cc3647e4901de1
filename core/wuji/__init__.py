"""Wuji 五级: tenancy, identity, exchange and search for the five levels of grassroots organisations."""
