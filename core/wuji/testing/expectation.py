"""What the wall must answer, worked out from the table kind and the tree alone: the other half of every isolation test."""

from dataclasses import dataclass

from wuji.kit.rowsec.v1 import Wall
from wuji.testing.world import ANONYMOUS, PEOPLE, World

CLASSES = {"head": 3, "clerk": 3, "member": 2, "resident": 1}
SUBTREE = {"head", "clerk"}
EVERYBODY = ("", 0)


@dataclass(frozen=True)
class Place:
    """Where a row stands: its tenant (None: the deployment's own), the person it belongs to, (tenant, class) it is shown to."""

    tenant: str | None
    owner: str | None = None
    audience: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True)
class Standing:
    """What somebody holds while acting at a tenant: `range` are tenant names, `tokens` (tenant, class)."""

    who: str | None
    operator: bool
    range: frozenset[str]
    path: frozenset[str]
    tokens: frozenset[tuple[str, int]]

    def reads(self, wall: Wall, row: Place) -> bool:
        """Kind by kind, as design and tables.md have it; a table of kind global or system is no row of a tenant."""
        if self.who is None:
            return False
        own = bool(wall.own) and row.owner == self.who
        ranged = wall.key and row.tenant in self.range
        deployment = wall.nullable and row.tenant is None
        match wall.kind:
            case "tenant":
                return own or ranged or (deployment and self.operator) or bool(row.audience & self.tokens)
            case "downward":
                return ranged or deployment or row.tenant in self.path
            case "account":
                return own or ranged
            case "inbox":
                return ranged or (deployment and self.operator)
            case _:
                raise ValueError(f"kind {wall.kind} has no rows of tenants")

    def writes(self, wall: Wall, row: Place) -> bool:
        """Where the table lets wuji_app write at all."""
        if self.who is None or wall.kind == "inbox":
            return False
        return row.owner == self.who if wall.kind == "account" else row.tenant in self.range


def standing(world: World, who: str | None, at: str | None) -> Standing:
    """Of a person of the world; raises nothing for those who cannot enter, they are not asked."""
    held = [(tenant, role) for person, tenant, role in PEOPLE if person == who]
    path = world.path(at) if at else []
    tokens = {EVERYBODY, *((name, 0) for name in path)}
    covered = False
    for tenant, role in held:
        if tenant is None:
            continue
        covered |= role in SUBTREE and tenant in path
        up, down = set(world.path(tenant)), set(world.below(tenant)) if role in SUBTREE else set()
        tokens |= {(name, CLASSES[role]) for name in path if name in up | down}
    return Standing(
        who=who,
        operator=at is None and who != ANONYMOUS and (None, "operator") in held,
        range=frozenset(world.below(at)) if at and covered else frozenset(),
        path=frozenset(path),
        tokens=frozenset(tokens),
    )
