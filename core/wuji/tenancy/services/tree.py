"""The tree as its officials change it. Every change is asked at the parent, of a root at the deployment: nobody renames,
recodes or suspends the tenant they stand in. The database decides (functions.sql); here it is said what does not fit.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from wuji.journal.services import record
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem, check_version, invalid, not_found
from wuji.tenancy.codes import DIGITS, Level, is_division_code, is_uscc
from wuji.tenancy.models import Tenant, TenantCode

ADD = text("select wuji.tenant_add(:parent, :name, :name_key, :code, :level, :category)")
RENAME = text("select wuji.tenant_rename(:tenant_id, :name, :name_key, :version)")
RECODE = text("select wuji.tenant_recode(:tenant_id, :code, :version)")
SET_STATE = text("select wuji.tenant_state_set(:tenant_id, :state, :version)")
NEW_ID = text("select wuji.new_id()")
PARENT, BELOW, ABOVE = aliased(Tenant), aliased(Tenant), aliased(TenantCode)
VERBS = {"suspended": "suspend", "archived": "archive", "active": "restore"}
CHANGES = {("active", "suspended"), ("suspended", "archived"), ("suspended", "active"), ("archived", "active")}


def managed(session: ScopedSession) -> ColumnElement[bool]:
    """Tenants that the actor answers for: the range, or every root for the operator."""
    in_range = Tenant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())
    return or_(in_range, Tenant.parent_id.is_(None) if session.actor.operator else false())


def get_managed(session: ScopedSession, tenant_id: int) -> Mapping[str, Any]:
    """One tenant with its state and version, whatever its state. Raises 404 outside the range."""
    row = read_managed(session, tenant_id)
    below = session.execute(
        select(BELOW.level, func.count().label("tenants"))
        .where(BELOW.pos > row.pos, BELOW.pos <= row.pos_hi, BELOW.state == "active")
        .group_by(BELOW.level)
        .order_by(BELOW.level)
    )
    shown = ("id", "code", "name", "level", "category", "state", "version", "created_at")
    return {
        **{name: row._mapping[name] for name in shown},  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
        "parent": {"code": row.parent_code, "name": row.parent_name, "level": row.parent_level}
        if row.parent_id
        else None,
        "below": [dict(count) for count in below.mappings()],
    }


def read_managed(session: ScopedSession, tenant_id: int) -> Row[Any]:
    row = session.execute(
        select(
            Tenant.__table__,
            TenantCode.code,
            PARENT.name.label("parent_name"),
            PARENT.level.label("parent_level"),
            ABOVE.code.label("parent_code"),
        )
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .outerjoin(PARENT, PARENT.id == Tenant.parent_id)
        .outerjoin(ABOVE, and_(ABOVE.tenant_id == Tenant.parent_id, ABOVE.valid_to.is_(None)))
        .where(Tenant.id == tenant_id, managed(session))
    ).first()
    if row is None:
        raise not_found()
    return row


def add_tenant(
    session: ScopedSession, *, name: str, code: str, category: str, level: int | None = None, reason: str = ""
) -> int:
    """A tenant right below the acting one; without one, a root by the operator. Returns its id."""
    parent = read_managed(session, session.actor.tenant_id) if session.actor.tenant_id else None
    stands = place_level(parent, category, level)
    check_code(session, code, category, stands, parent.ancestors if parent else ())
    values = {"parent": parent.id if parent else None, "name": name, "name_key": name.casefold(), "code": code}
    with _refusals():
        made: int = session.execute(ADD, {**values, "level": stands, "category": category}).scalar_one()
    _note(session, "tenancy.tenant.add", made, ("name", "code", "category", "level"), reason)
    return made


def rename_tenant(session: ScopedSession, tenant_id: int, name: str, *, version: int, reason: str = "") -> None:
    """Raises 412 where somebody else was faster; at the same moment too (the function asks again, under its lock)."""
    row = read_managed(session, tenant_id)
    check_version(row.version, version)
    if row.name == name:
        return
    values = {"tenant_id": tenant_id, "name": name, "name_key": name.casefold(), "version": version}
    _changed(session.execute(RENAME, values).scalar_one())
    _note(session, "tenancy.tenant.rename", tenant_id, ("name",), reason)


def recode_tenant(session: ScopedSession, tenant_id: int, code: str, *, version: int, reason: str = "") -> None:
    """The old code redirects from now on. Tenants below keep theirs, until they are given new ones."""
    row = read_managed(session, tenant_id)
    check_version(row.version, version)
    if row.code == code:
        return
    check_code(session, code, row.category, row.level, row.ancestors[:-1])
    with _refusals():
        _changed(session.execute(RECODE, {"tenant_id": tenant_id, "code": code, "version": version}).scalar_one())
    _note(session, "tenancy.tenant.recode", tenant_id, ("code",), reason)


def set_tenant_state(session: ScopedSession, tenant_id: int, state: str, *, version: int, reason: str) -> None:
    """active → suspended → archived, and back to active from both. Nobody enters a suspended tenant or one below it."""
    row = read_managed(session, tenant_id)
    with _refusals():
        _changed(session.execute(SET_STATE, {"tenant_id": tenant_id, "state": state, "version": version}).scalar_one())
    _note(session, f"tenancy.tenant.{VERBS[state]}", row.id, ("state",), reason)


def _changed(version: int | None) -> None:
    if version is None:
        raise Problem("kit.changed_meanwhile", 412)


def place_level(parent: Row[Any] | None, category: str, level: int | None) -> int:
    """The level a new tenant stands at. Raises 422 where none fits."""
    if parent is None:
        return level or Level.CITY
    if parent.level == Level.GRID:
        raise Problem("tenancy.nothing_below_grid", 422)
    stands: int = level or parent.level + 1
    if stands <= parent.level:
        raise invalid(Fault("#/level", "tenancy.invalid.level_below", {"level": parent.level}))
    if category != "territory" and stands != parent.level + 1:
        raise invalid(Fault("#/level", "tenancy.invalid.level_organisation", {"level": parent.level + 1}))
    return stands


def check_code(session: ScopedSession, code: str, category: str, level: int, above: tuple[int, ...]) -> None:
    """Raises 422 for a code that does not fit category, level, or the nearest territory above."""
    if category != "territory":
        if not is_uscc(code):
            raise invalid(Fault("#/code", "tenancy.invalid.uscc"))
        return
    if not is_division_code(code, level):
        raise invalid(Fault("#/code", "tenancy.invalid.division_code", {"digits": DIGITS[level]}))
    prefix = session.execute(
        select(TenantCode.code)
        .join(Tenant, Tenant.id == TenantCode.tenant_id)
        .where(Tenant.id.in_(above), TenantCode.valid_to.is_(None), TenantCode.kind == "division")
        .order_by(Tenant.level.desc())
        .limit(1)
    ).scalar()
    if prefix and not code.startswith(prefix):
        raise invalid(Fault("#/code", "tenancy.invalid.code_prefix", {"prefix": prefix}))


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns the constraint that a statement named into a problem; a missing permission is said at the edge."""
    try:
        yield
    except DBAPIError as error:
        match getattr(getattr(error.orig, "diag", None), "constraint_name", None):
            case "uq_tenant_code_now":
                raise invalid(Fault("#/code", "tenancy.invalid.code_taken")) from error
            case "tenant_slot":
                raise Problem("tenancy.no_place", 409) from error
            case "tenant_state":
                raise Problem("tenancy.state_order", 409) from error
        raise


def _note(session: ScopedSession, verb: str, tenant_id: int, fields: tuple[str, ...], reason: str) -> None:
    """One record at the tenant; what the operator does to a root stands in the deployment's journal too."""
    event_id = session.execute(NEW_ID).scalar_one()
    for at in (tenant_id, None) if session.actor.operator else (tenant_id,):
        record(session, verb, "tenant", tenant_id, tenant_id=at, fields=fields, event_id=event_id, reason=reason)
