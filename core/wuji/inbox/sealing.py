"""What the inbox proves or hides with the deployment's key: addresses are encrypted, codes and links are worked out and stored
nowhere.
"""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hmac import compare_digest
from uuid import UUID

from wuji.kit import sealing
from wuji.kit.db.doors import Seal
from wuji.plugin.running import RefusedError

DIGITS = 6


class LostKeyError(RefusedError):
    """Nobody can write to the address any more: the deployment has another seal key now."""


@dataclass(frozen=True)
class Vault:
    """Encrypts addresses for one account and channel: what is moved to another row does not open there."""

    seal: Seal = field(repr=False)

    def close(self, account_id: UUID, channel: str, text: str) -> bytes:
        return self._vault.close(f"{account_id}|{channel}", text)

    def open(self, account_id: UUID, channel: str, kept: bytes) -> str:
        """Raises LostKeyError where it was closed with another key, or for another row."""
        try:
            return self._vault.open(f"{account_id}|{channel}", kept)
        except sealing.LostKeyError as error:
            raise LostKeyError(str(error)) from error

    @property
    def _vault(self) -> sealing.Vault:
        return sealing.Vault(self.seal, "inbox address")


def address_digest(seal: Seal, channel: str, address: str) -> bytes:
    """Equal for equal addresses; without the key nobody can try which address it is."""
    return seal.over("inbox_address", channel, address)


def verification_code(seal: Seal, address_id: UUID, code_at: datetime) -> str:
    """The code that was sent at that moment: worked out twice, kept never."""
    proof = seal.over("inbox_code", address_id, code_at.astimezone(UTC).isoformat())
    return str(int.from_bytes(proof[:8]) % 10**DIGITS).zfill(DIGITS)


def link_proof(seal: Seal, address_id: UUID, topic: str) -> str:
    """What a letter's link to unsubscribe carries; without a topic it ends digests."""
    return base64.urlsafe_b64encode(seal.over("inbox_link", address_id, topic)[:16]).decode().rstrip("=")


def is_ours(seal: Seal, address_id: UUID, topic: str, proof: str) -> bool:
    """Whether a link to unsubscribe is one that we wrote."""
    return compare_digest(link_proof(seal, address_id, topic).encode(), proof.encode())


def make_secret() -> str:
    """What a webhook's messages are signed with, in the form that Standard Webhooks asks for."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
