"""What only the holder of the deployment's key can read or make."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest

from wuji.inbox.sealing import LostKeyError, Vault, address_digest, is_ours, link_proof, verification_code
from wuji.kit.db.doors import Seal

SEAL, OTHER = Seal(bytes(32)), Seal(bytes([1] * 32))
WHO, ADDRESS = uuid4(), "吴@example.org"


def test_what_was_closed_opens_for_the_same_row_alone():
    kept = Vault(SEAL).close(WHO, "email", ADDRESS)
    assert Vault(SEAL).open(WHO, "email", kept) == ADDRESS
    assert kept != Vault(SEAL).close(WHO, "email", ADDRESS)
    for vault, who, channel, given in (
        (Vault(OTHER), WHO, "email", kept),
        (Vault(SEAL), uuid4(), "email", kept),
        (Vault(SEAL), WHO, "webhook", kept),
        (Vault(SEAL), WHO, "email", kept[:-1] + bytes([kept[-1] ^ 1])),
    ):
        with pytest.raises(LostKeyError):
            vault.open(who, channel, given)


def test_equal_addresses_are_told_without_being_shown():
    assert address_digest(SEAL, "email", ADDRESS) == address_digest(SEAL, "email", ADDRESS)
    assert address_digest(SEAL, "email", ADDRESS) != address_digest(OTHER, "email", ADDRESS)
    assert address_digest(SEAL, "email", ADDRESS) != address_digest(SEAL, "webhook", ADDRESS)


def test_a_code_is_of_its_moment_in_whatever_zone_that_is_read():
    at, one = datetime(2026, 11, 1, tzinfo=UTC), uuid4()
    code = verification_code(SEAL, one, at)
    assert len(code) == 6
    assert code.isdecimal()
    assert code == verification_code(SEAL, one, at.astimezone(timezone(timedelta(hours=8))))
    others = {verification_code(SEAL, one, at + timedelta(microseconds=n)) for n in range(1, 50)}
    assert len(others) > 45


def test_a_link_is_of_its_address_and_topic():
    one = uuid4()
    proof = link_proof(SEAL, one, "a.b")
    assert is_ours(SEAL, one, "a.b", proof)
    assert not is_ours(SEAL, one, "a.c", proof)
    assert not is_ours(SEAL, uuid4(), "a.b", proof)
    assert not is_ours(OTHER, one, "a.b", proof)
    assert not is_ours(SEAL, one, "a.b", "")
