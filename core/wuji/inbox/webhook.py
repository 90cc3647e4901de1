"""Webhooks: a message as JSON, signed as Standard Webhooks has it, to an https address that somebody named."""

import base64
import hmac
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec

from wuji.kit.calling import Caller, CallFailedError
from wuji.kit.clock import Clock, now
from wuji.kit.outbound import Allows, InwardError, is_public
from wuji.kit.problem import Fault, invalid
from wuji.plugin.running import Outgoing, RefusedError

PATIENCE = 10.0  # seconds, for each step
MOST = 2000  # characters of an address


class WebhookFailedError(RuntimeError):
    """The other side did not take the message this time."""


@dataclass(frozen=True)
class Webhook:
    """Sends to https on the open internet. Tests hand in other rules; no option of a deployment reaches them."""

    allows: Allows = is_public
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    clock: Clock = now

    def check(self, address: str) -> None:
        """Raises 422 for what is no https address with a host name."""
        try:
            parts = urlsplit(address)
            fits = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0 and address.isascii()
        except ValueError:
            fits = False
        if not fits or parts.username or parts.password or parts.fragment or len(address) > MOST:
            raise invalid(Fault("#/address", "inbox.invalid.webhook"))

    def send(self, outgoing: Outgoing) -> None:
        """Raises RefusedError where the address is gone or is none of the open internet; otherwise it may be tried again."""
        host, body = urlsplit(outgoing.address).hostname, msgspec.json.encode(outgoing.values)
        caller = Caller(self.allows, self.trust, PATIENCE)
        try:
            status = caller.call("POST", outgoing.address, body, self._headers(outgoing, body)).status
        except InwardError as error:
            raise RefusedError(str(error)) from error
        except CallFailedError as error:
            raise WebhookFailedError(str(error)) from error
        if status == HTTPStatus.GONE:
            raise RefusedError(f"{host} answers 410: it wants no more")
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise WebhookFailedError(f"{host} answers {status}")

    def _headers(self, outgoing: Outgoing, body: bytes) -> dict[str, str]:
        at = self.clock()
        return {
            "Content-Type": "application/json",
            "webhook-id": outgoing.id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": sign(outgoing.secret, outgoing.id, at, body),
        }


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """HMAC-SHA-256 over id, time and body, as Standard Webhooks v1 has it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, f"{message_id}.{int(at.timestamp())}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(signed).decode()}"
