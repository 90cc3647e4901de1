"""Secrets that are shown once: one form for sessions, links, invitations, leases and later devices and clients."""

import hashlib
import secrets

BITS = 256
DEVICE = "device"
PROGRAM = "oat"  # an OAuth access token


def make_token(prefix: str) -> str:
    """A prefix that a secret scanner can know, and 256 random bits."""
    return f"wuji_{prefix}_{secrets.token_urlsafe(BITS // 8)}"


def is_of_device(token: str) -> bool:
    """A device's token counts in the Authorization header alone, everybody else's in the cookie alone."""
    return token.startswith(f"wuji_{DEVICE}_")


def is_of_program(token: str) -> bool:
    """An OAuth access token counts in the Authorization header alone. It is random, or a JWT (RFC 9068), whose header is JSON."""
    return token.startswith((f"wuji_{PROGRAM}_", "eyJ"))


def token_hash(token: str) -> bytes:
    """What is stored instead: the sha256. A random token of this length needs no salt."""
    return hashlib.sha256(token.encode()).digest()
