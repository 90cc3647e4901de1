"""Secrets that the program must be able to read again (an address, a signing key, the secret of a second factor) are kept
encrypted: whoever holds only the database, or a dump of it, reads none.
"""

import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wuji.kit.db.doors import Seal

FORM = b"\x01"  # of what is encrypted: a key that is changed one day gets another
NONCE = 12


class LostKeyError(RuntimeError):
    """Nobody can read it any more, and nobody ever will: the deployment has another seal key now."""


@dataclass(frozen=True)
class Vault:
    """AES-256-GCM with a key derived from the seal's for one purpose (HKDF, RFC 5869). What it closes is bound to words that name
    its row: moved to another row it does not open there.
    """

    seal: Seal = field(repr=False)
    purpose: str

    def close(self, row: str, text: str) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return FORM + nonce + self._cipher.encrypt(nonce, text.encode(), row.encode())

    def open(self, row: str, kept: bytes) -> str:
        """Raises LostKeyError where it was closed with another key, for another purpose or another row."""
        nonce, sealed = kept[1 : NONCE + 1], kept[NONCE + 1 :]
        try:
            return self._cipher.decrypt(nonce, sealed, row.encode()).decode()
        except InvalidTag as error:
            raise LostKeyError("it was kept with another key of the deployment") from error

    @property
    def _cipher(self) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, salt=None, info=f"wuji {self.purpose} 1".encode()).derive(self.seal.key))
