"""What only the holder of the deployment's key can read."""

import pytest

from wuji.kit.db.doors import Seal
from wuji.kit.sealing import LostKeyError, Vault

SEAL, OTHER = Seal(bytes(32)), Seal(bytes([1] * 32))


def test_what_was_closed_opens_for_the_same_purpose_and_row_alone():
    vault = Vault(SEAL, "a purpose")
    kept = vault.close("row 1", "秘密")
    assert vault.open("row 1", kept) == "秘密"
    assert kept != vault.close("row 1", "秘密")
    for other, row, given in (
        (Vault(OTHER, "a purpose"), "row 1", kept),
        (Vault(SEAL, "another"), "row 1", kept),
        (vault, "row 2", kept),
        (vault, "row 1", kept[:-1] + bytes([kept[-1] ^ 1])),
    ):
        with pytest.raises(LostKeyError):
            other.open(row, given)
