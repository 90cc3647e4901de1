"""What is to be redrawn, as somebody wishes it, and the steps that come of it: which tenant gets which parent and level.

The database holds the rules (functions/surgery.sql); here it is said what does not fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, exists, or_, select
from sqlalchemy.orm import aliased

from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, invalid, not_found
from wuji.tenancy.codes import Level
from wuji.tenancy.models import Tenant, TenantCode
from wuji.tenancy.services.tree import check_code, read_managed

CHILD = aliased(Tenant)
MADE = -1  # stands for a tenant that is yet to be added
TERRITORY = "territory"
MERGING = {"merge", "dissolve"}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One change, as the caller put it. Of the others each operation takes what it needs: a parent, a level, a code; of a
    split the children that go, and name and code of the tenant that they go to.
    """

    op: str
    tenant_id: int
    parent_id: int | None = None
    level: int | None = None
    code: str = ""
    name: str = ""
    children: Sequence[int] = ()


@dataclass(frozen=True)
class Place:
    """A tenant as it is named in a plan."""

    id: int
    code: str
    name: str
    level: int


@dataclass(frozen=True)
class Relocation:
    """One subtree and the way down to where it will stand: ids from the root to its new parent."""

    tenant_id: int
    lo: int
    hi: int
    level: int
    after: tuple[int, ...]


@dataclass(frozen=True)
class Absorbed:
    """A tenant that closes, and the one that its rows become part of."""

    giver: Row[Any]
    taker: Row[Any]


@dataclass(frozen=True)
class Step:
    """One tenant with all below it. `above` are the ids down to the new parent, MADE where that is yet to be added."""

    tenant: Row[Any]
    old: Place
    new: Place
    above: tuple[int, ...]
    level: int
    code: str

    @property
    def relocation(self) -> Relocation:
        return Relocation(self.tenant.id, self.tenant.pos, self.tenant.pos_hi, self.level, self.above)

    def kept(self, made: int | None = None) -> dict[str, Any]:
        """As the database takes it."""
        parent = made if self.new.id == MADE else self.new.id
        return {"tenant_id": self.tenant.id, "parent_id": parent, "level": self.level, "code": self.code}


def read_steps(session: ScopedSession, wish: Wish) -> list[Step]:
    """Raises 404 for a tenant outside the range, 422 for what cannot be."""
    tenant = read_managed(session, wish.tenant_id)
    if tenant.parent_id is None:
        raise invalid(Fault("#/tenant_id", "tenancy.invalid.root_stays"))
    old = read_managed(session, tenant.parent_id)
    match wish.op:
        case "move":
            return [_move(session, wish, tenant, old)]
        case "relevel":
            return [_relevel(session, wish, tenant, old)]
        case "merge" | "dissolve":
            return _merge(session, wish, tenant, old)
        case _:
            return _split(session, wish, tenant, old)


def _move(session: ScopedSession, wish: Wish, tenant: Row[Any], old: Row[Any]) -> Step:
    if wish.parent_id is None:
        raise invalid(Fault("#/parent_id", "kit.invalid.required"))
    new = read_managed(session, wish.parent_id)
    if new.id == old.id:
        raise invalid(Fault("#/parent_id", "tenancy.invalid.stands_there", {"parent": new.name}))
    usual = tenant.level if tenant.category == TERRITORY else new.level + 1
    return _stepped(session, wish, tenant, (old, new), wish.level or usual)


def _relevel(session: ScopedSession, wish: Wish, tenant: Row[Any], old: Row[Any]) -> Step:
    if wish.level is None:
        raise invalid(Fault("#/level", "kit.invalid.required"))
    if wish.level == tenant.level:
        raise invalid(Fault("#/level", "tenancy.invalid.has_level", {"level": tenant.level}))
    if tenant.category == TERRITORY and not wish.code:
        raise invalid(Fault("#/code", "kit.invalid.required"))
    return _stepped(session, wish, tenant, (old, old), wish.level)


def _stepped(
    session: ScopedSession, wish: Wish, tenant: Row[Any], parents: tuple[Row[Any], Row[Any]], level: int
) -> Step:
    old, new = parents
    check_place(session, tenant, new, level, "#/level" if new is old else "#/parent_id")
    if wish.code and wish.code != tenant.code:
        check_code(session, wish.code, tenant.category, level, new.ancestors)
        check_free(session, wish.code)
    return Step(tenant, _place(old), _place(new), tuple(new.ancestors), level, wish.code or tenant.code)


def check_place(session: ScopedSession, tenant: Row[Any], new: Row[Any], level: int, pointer: str) -> None:
    """What tenant_fit asks, with words."""
    if tenant.id in new.ancestors:
        raise invalid(Fault(pointer, "tenancy.invalid.below_itself", {"tenant": tenant.name}))
    if session.execute(select(exists().where(Tenant.id.in_(new.ancestors), Tenant.state != "active"))).scalar():
        raise invalid(Fault(pointer, "tenancy.invalid.parent_closed", {"parent": new.name}))
    if not new.level < level <= Level.GRID:
        raise invalid(Fault(pointer, "tenancy.invalid.level_below", {"level": new.level}))
    if tenant.category != TERRITORY and level != new.level + 1:
        raise invalid(Fault(pointer, "tenancy.invalid.level_organisation", {"level": new.level + 1}))
    organisation = (CHILD.category != TERRITORY) & (CHILD.level != level + 1)
    child = session.execute(
        select(CHILD.name)
        .where(CHILD.parent_id == tenant.id, or_(CHILD.level <= level, organisation))
        .order_by(CHILD.id)
        .limit(1)
    ).scalar()
    if child:
        raise invalid(Fault(pointer, "tenancy.invalid.child_level", {"child": child, "level": level}))


def check_free(session: ScopedSession, code: str) -> None:
    if session.execute(select(exists().where(TenantCode.code == code, TenantCode.valid_to.is_(None)))).scalar():
        raise invalid(Fault("#/code", "tenancy.invalid.code_taken"))


def _split(session: ScopedSession, wish: Wish, tenant: Row[Any], parent: Row[Any]) -> list[Step]:
    missing = [Fault(f"#/{n}", "kit.invalid.required") for n in ("name", "code", "children") if not getattr(wish, n)]
    if missing:
        raise invalid(*missing)
    check_code(session, wish.code, tenant.category, tenant.level, parent.ancestors)
    check_free(session, wish.code)
    made = Place(MADE, wish.code, wish.name, tenant.level)
    above = (*parent.ancestors, MADE)
    children = [read_managed(session, child) for child in sorted(set(wish.children))]
    if strange := [child for child in children if child.parent_id != tenant.id]:
        raise invalid(
            Fault("#/children", "tenancy.invalid.not_child", {"tenant": strange[0].name, "parent": tenant.name})
        )
    return [Step(child, _place(tenant), made, above, child.level, child.code) for child in children]


def _merge(session: ScopedSession, wish: Wish, tenant: Row[Any], old: Row[Any]) -> list[Step]:
    """Those right below go to the taker; there may be none."""
    taker = read_managed(session, _taker(wish, old.id))
    pointer = "#/parent_id" if wish.op == "merge" else "#/tenant_id"
    if tenant.id in taker.ancestors:
        raise invalid(Fault(pointer, "tenancy.invalid.below_itself", {"tenant": tenant.name}))
    # what a split or a merge has closed has no code any more, and stays below
    asked = (
        select(Tenant.id)
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .where(Tenant.parent_id == tenant.id)
        .order_by(Tenant.id)
    )
    children = [read_managed(session, child) for child in session.execute(asked).scalars()]
    for child in children:
        check_place(session, child, taker, child.level, pointer)
    above = tuple(taker.ancestors)
    return [Step(child, _place(tenant), _place(taker), above, child.level, child.code) for child in children]


def read_absorbed(session: ScopedSession, wish: Wish) -> Absorbed | None:
    """Of a merge; its wish has been read before."""
    if wish.op not in MERGING:
        return None
    giver = read_managed(session, wish.tenant_id)
    return Absorbed(giver, read_managed(session, _taker(wish, giver.parent_id)))


def _taker(wish: Wish, parent_id: int) -> int:
    """Whose a tenant's rows become: of a dissolved one its parent's. Raises 422 where nobody is named."""
    if wish.op == "dissolve":
        return parent_id
    if wish.parent_id is None:
        raise invalid(Fault("#/parent_id", "kit.invalid.required"))
    return wish.parent_id


def _place(row: Row[Any]) -> Place:
    return Place(row.id, row.code, row.name, row.level)


def read_back(session: ScopedSession, undo: Sequence[dict[str, Any]]) -> list[Relocation]:
    """The subtrees that steps back would move, as far as they can be seen."""
    found = []
    for step in undo:
        tenant = session.get(Tenant, step["tenant_id"])
        parent = session.get(Tenant, step["parent_id"])
        if tenant is None or parent is None:
            raise not_found()
        found.append(Relocation(tenant.id, tenant.pos, tenant.pos_hi, step["level"], tuple(parent.ancestors)))
    return found
