"""Secrets that are shown once: one form for sessions, links, invitations, leases and later devices and clients."""

import hashlib
import secrets

BITS = 256


def make_token(prefix: str) -> str:
    """A prefix that a secret scanner can know, and 256 random bits."""
    return f"wuji_{prefix}_{secrets.token_urlsafe(BITS // 8)}"


def token_hash(token: str) -> bytes:
    """What is stored instead: the sha256. A random token of this length needs no salt."""
    return hashlib.sha256(token.encode()).digest()
