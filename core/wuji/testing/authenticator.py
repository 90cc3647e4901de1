"""What stands for somebody's phone: makes passkeys and shows them, as Web Authentication, Level 3, 6.5, has it."""

import base64
import hashlib
import json
import struct
from collections.abc import Mapping
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, MADE = 0x01, 0x04, 0x08, 0x10, 0x40  # flags (6.1)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Authenticator:
    """One key of one account at one host. What it says of itself can be made wrong."""

    def __init__(self, origin: str, host: str = "localhost", *, synced: bool = False) -> None:
        self.origin, self.host = origin, host
        self.flags = PRESENT | VERIFIED | (ELIGIBLE | BACKED_UP if synced else 0)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.count = token_bytes(32), 0

    @property
    def public_key(self) -> bytes:
        """COSE (RFC 9053, 7.1.1)."""
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})

    def make(self, challenge: str) -> dict[str, Any]:
        """RegistrationResponseJSON."""
        made = bytes(16) + struct.pack(">H", len(self.id)) + self.id + self.public_key
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(MADE) + made}
        told = {"attestationObject": b64(cbor2.dumps(attested)), "transports": ["internal", "hybrid"]}
        return self._credential({"clientDataJSON": b64(self._client("webauthn.create", challenge)), **told})

    def show(self, challenge: str) -> dict[str, Any]:
        """AuthenticationResponseJSON."""
        self.count += 1
        data, client = self._data(), self._client("webauthn.get", challenge)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        shown = {"authenticatorData": b64(data), "signature": b64(signature)}
        return self._credential({"clientDataJSON": b64(client), **shown})

    def _data(self, more: int = 0) -> bytes:
        counted = struct.pack(">I", self.count)
        return hashlib.sha256(self.host.encode()).digest() + bytes([self.flags | more]) + counted

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _credential(self, response: Mapping[str, Any]) -> dict[str, Any]:
        return {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": dict(response)}
