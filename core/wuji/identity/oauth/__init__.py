"""Wuji as an OAuth 2.1 authorization server and OpenID provider: programs of others act for people, or for themselves."""
