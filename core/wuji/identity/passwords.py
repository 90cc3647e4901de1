"""Passwords: argon2id at OWASP's least cost, few at a time, the same work whether a login exists or not."""

import os
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from wuji.kit.problem import Fault, invalid

LEAST, MOST = 10, 128
KINDS = 3  # of characters, where the policy asks for complexity (GB/T 22239-2019, 8.1.4.1)
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AFTER = 10  # how much later than everything else, of 19


def _give_way() -> None:
    """Linux has a priority for each thread: whoever reads goes before whoever waits for a password to be worked through."""
    if os.uname().sysname == "Linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), AFTER)


# 19 MiB and 34 ms of a core each: without a limit a storm of logins takes every core and the memory of all threads.
HASHING = ThreadPoolExecutor(2, "argon2", initializer=_give_way)
# Stands in where there is no hash to compare with: HASHER's parameters, over random bytes that nobody kept.
DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$asyzBvV11oBJvxm3Q9lU5g$C9ydnWHHVZK/iYbaUbm+D4TpTWl9QNuQj3tqOWX8rgU"
TOP = frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split())


def hash_password(password: str) -> str:
    """What is stored; the parameters stand in it."""
    return HASHING.submit(HASHER.hash, normalised(password)).result()


def verify_password(secret: str | None, password: str) -> bool:
    """None, for no such login or one without a password, takes as long as any other and is never right."""
    try:
        HASHING.submit(HASHER.verify, secret or DUMMY, normalised(password)).result()
    except VerifyMismatchError:
        return False
    return secret is not None


def is_outdated(secret: str) -> bool:
    """The hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(secret)


def check_password(password: str, login: str, pointer: str, *, strict: bool = False) -> None:
    """Raises 422 at the pointer, saying what a better password needs. `strict`: by the policy `dengbao3`."""
    text = normalised(password)
    if len(text) < LEAST:
        raise invalid(Fault(pointer, "kit.invalid.short", {"length": len(text), "least": LEAST}))
    if len(text) > MOST:
        raise invalid(Fault(pointer, "kit.invalid.long", {"length": len(text), "most": MOST}))
    if text.casefold() == normalised(login).casefold():
        raise invalid(Fault(pointer, "identity.invalid.password_login"))
    if text.casefold() in TOP or len(set(text)) < 4:  # noqa: PLR2004 - aaaaaaaaaa, 1212121212
        raise invalid(Fault(pointer, "identity.invalid.password_common"))
    if strict and count_kinds(text) < KINDS:
        raise invalid(Fault(pointer, "identity.invalid.password_kinds", {"least": KINDS}))


def count_kinds(text: str) -> int:
    """Small letters, capitals, digits, and whatever else (of which Chinese characters are one)."""
    tests = (str.islower, str.isupper, str.isdecimal)
    found = {next((n for n, fits in enumerate(tests) if char.isascii() and fits(char)), len(tests)) for char in text}
    return len(found)


def normalised(text: str) -> str:
    """One form for the same characters, however the keyboard composed them (NIST SP 800-63B)."""
    return unicodedata.normalize("NFC", text)
