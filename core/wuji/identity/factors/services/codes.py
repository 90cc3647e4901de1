"""Codes that people type: of an app (TOTP, RFC 6238), each good once, and on paper."""

import hashlib
import secrets
from datetime import datetime
from hmac import compare_digest

from pyotp import TOTP, random_base32

ISSUER = "Wuji"
PERIOD, AROUND = 30, 1  # seconds of a code, and how many of them a phone's clock may be off, before and after
DIGITS = 6
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is read for another: 31^16 codes are 79 bits
HALF, PARTS, COUNT = 4, 4, 10


def make_secret() -> str:
    """160 bits, as RFC 4226, 4, recommends, in base32."""
    return random_base32(32)


def address_of(secret: str, login: str) -> str:
    """`otpauth://…`, which an app reads from a picture."""
    return TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def is_of_app(code: str) -> bool:
    """Whether it has the form of a code that an app shows; others are on paper."""
    typed = "".join(code.split())
    return len(typed) == DIGITS and typed.isascii() and typed.isdecimal()


def find_step(secret: str, code: str, moment: datetime, last: int) -> int | None:
    """The period that a code is of, later than the last one that was taken; None where it is of none."""
    now, typed = int(moment.timestamp()) // PERIOD, "".join(code.split())
    if not is_of_app(typed):
        return None
    totp = TOTP(secret)
    fits = [step for step in range(now - AROUND, now + AROUND + 1) if compare_digest(totp.generate_otp(step), typed)]
    return next((step for step in fits if step > last), None)


def make_recovery_codes() -> list[str]:
    """To be printed, `XXXX-XXXX-XXXX-XXXX`."""
    return ["-".join("".join(secrets.choice(LETTERS) for _ in range(HALF)) for _ in range(PARTS)) for _ in range(COUNT)]


def recovery_hash(code: str) -> bytes:
    """As people type it: any case, with or without what stands between."""
    return hashlib.sha256("".join(letter for letter in code.upper() if letter in LETTERS).encode()).digest()
