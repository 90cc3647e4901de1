"""Calls to addresses that somebody named: https on the open internet, small, soon over, and led on nowhere."""

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from time import monotonic
from urllib.parse import urlsplit

from wuji.kit.outbound import Allows, Ip, connect, is_public, resolve

CHUNK = 16_384


class CallFailedError(RuntimeError):
    """Somebody answers, but not as HTTP has it, too slowly or too much."""


@dataclass(frozen=True)
class Answered:
    """`kind`: the media type, without parameters."""

    status: int
    kind: str
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Caller:
    """`patience`: seconds for each step and for the whole body; `most`: bytes of a body. `plain`: http counts too, which is for a
    developer's own machine alone.
    """

    allows: Allows = is_public
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    patience: float = 5.0
    most: int = 100_000
    plain: bool = False

    def call(
        self, method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answered:
        """Raises InwardError for an address that is not allowed, CallFailedError for no proper answer, OSError for none."""
        parts = urlsplit(address)
        connection = self._connect(parts.scheme, parts.hostname or "", parts.port)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request(method, target, body, {"User-Agent": "Wuji", **(headers or {})})
            answer = connection.getresponse()
            kind = answer.headers.get_content_type()
            return Answered(answer.status, kind, self._read(answer))
        except http.client.HTTPException as error:
            raise CallFailedError(f"{parts.hostname} gives no proper answer") from error
        finally:
            connection.close()

    def _connect(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "http" and self.plain:
            return http.client.HTTPConnection(resolve(host, port or 80, self.allows), port or 80, timeout=self.patience)
        if scheme != "https":
            raise CallFailedError(f"{scheme}: only https is called")
        return connect(host, port or 443, self.allows, self.trust, self.patience)

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        """A server that lets its bytes drip holds nobody for longer than two patiences."""
        until, read = monotonic() + self.patience, bytearray()
        while chunk := answer.read1(CHUNK):
            read += chunk
            if len(read) > self.most:
                raise CallFailedError(f"more than {self.most} bytes")
            if monotonic() > until:
                raise CallFailedError(f"not all within {self.patience} seconds")
        return bytes(read)


def is_loopback(ip: Ip) -> bool:
    return ip.is_loopback


def caller_of(base_url: str) -> Caller:
    """For programs of others. Where the deployment itself is at a loopback address, so are they: it is a developer's machine."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        near = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        near = False
    return Caller(allows=is_loopback, plain=True) if near else Caller()
