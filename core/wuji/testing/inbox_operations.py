"""Ids and bodies of the inbox's operations."""

from secrets import token_hex
from typing import Any
from uuid import UUID

from wuji.inbox.sealing import Vault, address_digest, make_secret, verification_code
from wuji.testing.factories import factories
from wuji.testing.operations import body, parameter
from wuji.testing.world import World


def owner_of(world: World, who: str) -> UUID:
    """Whoever asks, or somebody in their place who has an account."""
    return world.account.get(who, world.account["resident"])


def named(world: World, who: str, **columns: object) -> UUID:
    """A webhook of somebody's; a code was just sent there."""
    owner, address = owner_of(world, who), f"https://{token_hex(6)}.example.org/hook"
    vault, channel = Vault(world.server.seal), "webhook"
    sealed = {"address": vault.close(owner, channel, address), "secret": vault.close(owner, channel, make_secret())}
    digest = address_digest(world.server.seal, channel, address)
    made: UUID = factories["wuji.address"](world, "village", account_id=owner, digest=digest, **sealed, **columns)
    return made


@parameter("notification_id")
def notification_id(world: World, who: str, tenant: str) -> str:
    return str(factories["wuji.notification"](world, tenant, account_id=owner_of(world, who)))


@parameter("address_id")
def address_id(world: World, who: str, _tenant: str) -> str:
    return str(named(world, who, code_at="2001-01-01"))


@parameter("address_id", of=["verify_own_address"])
def unproven_address_id(world: World, who: str, _tenant: str) -> str:
    return str(named(world, who, code_at="now"))


@body("ReadUntilIn")
def read_until(_world: World, _who: str) -> dict[str, Any]:
    return {"until": "2099-01-01T00:00:00Z"}


@body("ChoicesIn")
def choices(_world: World, _who: str) -> dict[str, Any]:
    chosen = {"inbox.grant_given": {"inbox": "off", "webhook": "now"}}
    return {"chosen": chosen, "quiet": {"from": "21:00", "until": "07:30"}, "digest_at": "18:00", "zone": "Asia/Urumqi"}


@body("AddressIn")
def address(_world: World, _who: str) -> dict[str, Any]:
    return {"channel": "webhook", "address": f"https://{token_hex(6)}.example.org/hook"}


@body("VerificationIn")
def code(world: World, who: str) -> dict[str, Any]:
    """Of the address that whoever asks named last."""
    row = world.run(
        "select id, code_at from wuji.address where account_id = %s and code_at is not null order by id desc limit 1",
        owner_of(world, who),
    ).fetchone()
    return {"code": verification_code(world.server.seal, *row) if row else "000000"}
