"""One world for everything that only reads or is refused, with a row of every walled table at every tenant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from wuji.kit.db.model import walls
from wuji.testing import Place, Server, World, factories
from wuji.testing.plugins import installed_plugins

installed_plugins()  # their tables are among those that are looked at, from the collection on

SHARES = (  # owner of the row, what it shows itself to
    ("sibling", ("", 0)),
    ("sibling", ("street", 0)),
    ("sibling", ("street", 1)),
    ("sibling", ("street", 2)),
    ("sibling", ("street", 3)),
    ("village", ("village", 1)),
    ("village", ("other", 3)),
    ("village", ("foreign", 0)),
)


@dataclass(frozen=True)
class Stage:
    """A world and what stands in it: table to (key, place)."""

    world: World
    rows: dict[str, dict[Any, Place]]


@pytest.fixture(scope="session")
def stage(server: Server) -> Iterator[Stage]:
    world = World(server)
    yield Stage(world, {table: dict(_rows(world, table)) for table in factories})
    world.close()


def _rows(world: World, table: str) -> Iterator[tuple[Any, Place]]:
    wall, make = walls()[table], factories[table]
    if wall.own == "id":  # the accounts of the world are the rows
        yield from ((number, Place(None, who)) for who, number in world.account.items())
        return
    dead = {"revoked_at": datetime.now(UTC)} if table == "wuji.role_grant" else {}  # rows, not rights
    own: dict[str, object] = {wall.own: world.account["resident"]} if wall.own else {}
    own |= {"audience": None} if wall.audience else {}
    owner = "resident" if wall.own else None
    for name in world.tenant:
        yield make(world, name, **own, **dead), Place(name, owner)
    if wall.own:
        for who in ("member", "official@city", "official@village", "official@other", "stranger"):
            key = make(world, "sibling", **{**own, wall.own: world.account[who]}, **dead)
            yield key, Place("sibling", who)
    if wall.nullable:
        key = make(world, "city", tenant_id=None, **own, **dead)
        yield key, Place(None, owner)
    if wall.audience:
        for name, (of, number) in SHARES:
            token = world.token(of, number) if of else 0
            yield make(world, name, audience=[token], **make.shown), Place(name, owner, frozenset({(of, number)}))
