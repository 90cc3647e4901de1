"""Passwords: argon2id at OWASP's least cost, few at a time, the same work whether a login exists or not."""

import unicodedata
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from wuji.kit.problem import Fault, invalid

LEAST, MOST = 10, 128
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# 19 MiB and 34 ms of a core each: without a limit a storm of logins takes every core and the memory of all threads.
PLACES = BoundedSemaphore(2)
# Stands in where there is no hash to compare with: HASHER's parameters, over random bytes that nobody kept.
DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$asyzBvV11oBJvxm3Q9lU5g$C9ydnWHHVZK/iYbaUbm+D4TpTWl9QNuQj3tqOWX8rgU"
TOP = frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split())


def hash_password(password: str) -> str:
    """What is stored; the parameters stand in it."""
    with PLACES:
        return HASHER.hash(normalised(password))


def verify_password(secret: str | None, password: str) -> bool:
    """None, for no such login or one without a password, takes as long as any other and is never right."""
    with PLACES:
        try:
            HASHER.verify(secret or DUMMY, normalised(password))
        except VerifyMismatchError:
            return False
    return secret is not None


def is_outdated(secret: str) -> bool:
    """The hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(secret)


def check_password(password: str, login: str, pointer: str) -> None:
    """Raises 422 at the pointer, saying what a better password needs."""
    text = normalised(password)
    if len(text) < LEAST:
        raise invalid(Fault(pointer, "kit.invalid.short", {"length": len(text), "least": LEAST}))
    if len(text) > MOST:
        raise invalid(Fault(pointer, "kit.invalid.long", {"length": len(text), "most": MOST}))
    if text.casefold() == normalised(login).casefold():
        raise invalid(Fault(pointer, "identity.invalid.password_login"))
    if text.casefold() in TOP or len(set(text)) < 4:  # noqa: PLR2004 - aaaaaaaaaa, 1212121212
        raise invalid(Fault(pointer, "identity.invalid.password_common"))


def normalised(text: str) -> str:
    """One form for the same characters, however the keyboard composed them (NIST SP 800-63B)."""
    return unicodedata.normalize("NFC", text)
