"""Servers of our own, for a deployment that names none: PostgreSQL and Valkey from wheels, without sudo or network."""
