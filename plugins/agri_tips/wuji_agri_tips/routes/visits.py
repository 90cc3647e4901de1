"""A visit, as the reader's browser keeps it: which tips it has read, signed so that it cannot be made up.

Nothing of it is stored here. It ends after some hours, or with the browser's session.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from flask import Request, Response

from wuji.api import now
from wuji.api.http import Call, cookie_name

LIVES = 4 * 3600  # seconds
MOST = 200  # tips; the first ones make room
SHORT = 6  # bytes that stand for one tip
STAMP = 6  # bytes of the second in which it began
PURPOSE = "agri_tips.visit"


@dataclass
class Visit:
    """Tips that were read since it began."""

    call: Call
    began: int
    read: list[bytes]

    def add(self, tip_id: UUID) -> bool:
        """Whether it is read for the first time."""
        mark = _short(self.call, tip_id)
        if mark in self.read:
            return False
        self.read = [*self.read, mark][-MOST:]
        return True

    def answer(self, response: Response) -> Response:
        """The same answer, with the visit in the browser's keeping."""
        content = self.began.to_bytes(STAMP) + b"".join(self.read)
        options = self.call.deployment.options
        response.set_cookie(
            _name(self.call),
            f"{_encode(content)}.{_encode(_sign(self.call, content))}",
            max_age=LIVES,
            httponly=True,
            samesite="Lax",
            secure=options.base_url.startswith("https:"),
        )
        return response


def read_visit(call: Call, request: Request) -> Visit:
    """The one that goes on, or a new one."""
    present = int(now().timestamp())
    content, _, signed = request.cookies.get(_name(call), "").partition(".")
    try:
        found, signature = _decode(content), _decode(signed)
    except (binascii.Error, ValueError):
        return Visit(call, present, [])
    began = int.from_bytes(found[:STAMP])
    if not hmac.compare_digest(signature, _sign(call, found)) or not present - LIVES < began <= present:
        return Visit(call, present, [])
    read = found[STAMP:]
    return Visit(call, began, [read[at : at + SHORT] for at in range(0, len(read), SHORT)])


def _name(call: Call) -> str:
    options = call.deployment.options
    return f"{cookie_name(options.base_url, options.port)}-agri-tips"


def _short(call: Call, tip_id: UUID) -> bytes:
    """Of the tip and the place: reading counts where one stands."""
    return hashlib.sha256(f"{call.actor.tenant_id}|{tip_id}".encode()).digest()[:SHORT]


def _sign(call: Call, content: bytes) -> bytes:
    return call.deployment.seal.over(PURPOSE, content)[:16]


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decode(content: str) -> bytes:
    return base64.urlsafe_b64decode(content + "=" * (-len(content) % 4))
