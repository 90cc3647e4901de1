"""Logging in with an identity system that a place already has: its providers, who of them is whom here, and who may come in."""
